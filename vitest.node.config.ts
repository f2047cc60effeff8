import { defineConfig } from "vitest/config";

/** What runs in Node, not in workerd: the stand-ins, the scripts, the configuration itself, and what the dashboard does with texts. */
export default defineConfig({
  test: { environment: "node", maxWorkers: 2, include: ["sandbox/**/*.test.ts", "scripts/**/*.test.ts", "dashboard/*.test.ts", "dashboard/src/**/*.test.ts", "test/node/**/*.test.ts", "bench/**/*.test.ts"], testTimeout: 30_000 },
});
