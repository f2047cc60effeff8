import { defineConfig } from "vitest/config";
import { workerdProject } from "../../vitest.config.ts";

const { test, ...inWorkerd } = workerdProject("pages", ["bench/pages/*.workerd.ts"], true);

/** The measurements that need the Worker, D1, R2 and the index: in workerd, as the tests are. */
export default defineConfig({
  ...inWorkerd,
  test: { ...test, isolate: true, setupFiles: [], testTimeout: 1_800_000, hookTimeout: 600_000, maxWorkers: 1 },
});
