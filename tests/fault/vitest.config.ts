import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/fault/**/*.test.ts"],
    environment: "node",
    pool: "forks",
    maxWorkers: 1,
    testTimeout: 1_200_000,
    hookTimeout: 120_000,
  },
});
