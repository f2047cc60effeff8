import { defineConfig } from "vitest/config";

/** What runs in Node, not in workerd: the stand-ins, the scripts, the configuration itself. */
export default defineConfig({
  test: { environment: "node", include: ["sandbox/**/*.test.ts", "scripts/**/*.test.ts", "dashboard/*.test.ts", "test/node/**/*.test.ts", "bench/**/*.test.ts"], testTimeout: 30_000 },
});
