import { defineConfig } from "vitest/config";

/** Against a real WordPress (scripts/lib/wordpress), which takes its time: one file after the other. In plain Node. */
export default defineConfig({
  test: {
    include: ["test/wordpress/**/*.test.ts"],
    environment: "node",
    globalSetup: ["test/system/support/no-child-left.ts"],
    pool: "forks",
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 900_000,
  },
});
