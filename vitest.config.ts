import { defineConfig } from "vitest/config"
import { BaseSequencer, type TestSpecification } from "vitest/node"

const STORIES = "stories"

const shared = {
  // A busy machine answers late; what never comes still fails.
  expect: { poll: { timeout: 20_000 } },
  pool: "forks",
  maxWorkers: 2,
  testTimeout: 60_000,
  hookTimeout: 120_000,
  env: { TZ: process.env.TZ ?? "UTC" },
} as const

/** Stories take longest and come first: then no worker is left alone with one, and the parts follow each other in one process. */
class StoriesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isStory = (file: TestSpecification) => file.project.name === STORIES
    return [...sorted.filter(isStory), ...sorted.filter((file) => !isStory(file))]
  }
}

export default defineConfig({
  test: {
    ...shared,
    globalSetup: ["src/platform/testkit/global-setup.ts"],
    sequence: { sequencer: StoriesFirst },
    projects: [
      {
        test: {
          ...shared,
          name: "parts",
          include: ["src/**/*.test.ts", "src/**/*.test.tsx", "tools/**/*.test.ts"],
          // A third of their time went into reading the same modules anew for each file.
          isolate: false,
        },
      },
      // A company that could not be started leaves its processes behind: they end with the file's own process.
      { test: { ...shared, name: STORIES, include: ["test/**/*.test.ts"] } },
    ],
  },
})
