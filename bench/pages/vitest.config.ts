import { defineConfig } from "vitest/config";
import inWorkerd from "../../vitest.config.ts";

/** The measurements that need the Worker, D1, R2 and the index: in workerd, as the tests are. */
export default defineConfig({
  ...inWorkerd,
  test: { ...inWorkerd.test, include: ["bench/pages/*.workerd.ts"], setupFiles: [], testTimeout: 1_800_000, hookTimeout: 600_000, maxWorkers: 1 },
});
