import { defineConfig } from "vitest/config";

/** The stand-ins are plain Node programs, so their tests run in Node and not in workerd. */
export default defineConfig({
  test: {
    include: ["sandbox/**/*.test.ts"],
    environment: "node",
    testTimeout: 15_000,
  },
});
