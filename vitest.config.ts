import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    // A busy machine answers late; what never comes still fails.
    expect: { poll: { timeout: 20_000 } },
    globalSetup: ["src/platform/testkit/global-setup.ts"],
    include: ["src/**/*.test.ts", "src/**/*.test.tsx", "tools/**/*.test.ts", "test/**/*.test.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    env: { TZ: process.env.TZ ?? "UTC" },
  },
})
