import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";

/** Import it for a database with the schema of the migrations. Storage is a test file's own; tests in a file share it and use fresh ids. */
await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
