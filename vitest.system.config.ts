import { defineConfig } from "vitest/config";

/**
 * The whole system from outside: a real Worker (wrangler dev with a state of its own) in processes of its own, the sandbox
 * in ours, and HTTP between them. In plain Node; one Worker a file.
 */
export default defineConfig({
  test: {
    include: ["test/system/**/*.test.ts"],
    environment: "node",
    globalSetup: ["test/system/support/no-child-left.ts"],
    pool: "forks",
    // A Worker and its sandbox keep one core busy; CI has two.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
