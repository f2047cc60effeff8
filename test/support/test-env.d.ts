import type { D1Migration } from "cloudflare:test";

declare global {
  namespace Cloudflare {
    interface Env {
      /** Bound in tests only, by vitest.config.ts. */
      TEST_MIGRATIONS: D1Migration[];
      /** Empty, without a schema: a test that uses one migrates it. */
      SECOND: D1Database;
      RESTORED: D1Database;
      /** Bound for files named two-databases.test.ts alone: the Worker takes it for the region's second. */
      DB_2?: D1Database;
      APEX_JWT_SECRET: string;
      TWILIO_ACCOUNT_SID: string;
      TWILIO_AUTH_TOKEN: string;
      TWILIO_PHONE_NUMBER: string;
    }
  }
}
