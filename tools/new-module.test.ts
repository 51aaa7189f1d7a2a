import { execFile } from "node:child_process"
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { newModule } from "./new-module.ts"

const run = promisify(execFile)
const here = fileURLToPath(new URL("..", import.meta.url))
let root: string

/** The tree without what is above modules, in a folder of its own. */
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "siyu-module-"))
  await mkdir(join(root, "src"))
  for (const part of [
    "src/kernel",
    "src/platform",
    "src/channels/protocol",
    "src/spine",
    "src/modules",
    "package.json",
    "biome.json",
    "vitest.config.ts",
  ])
    await cp(join(here, part), join(root, part), { recursive: true })
  const config = JSON.parse(await readFile(join(here, "tsconfig.json"), "utf8")) as object
  await writeFile(
    join(root, "tsconfig.json"),
    JSON.stringify({ ...config, include: ["src/modules/gift-cards"] }),
  )
  await symlink(join(here, "node_modules"), join(root, "node_modules"))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const bin = (name: string) => join(here, "node_modules/.bin", name)

describe("npm run new:module", () => {
  it("makes a module that types, lints and passes its own tests on a real database", {
    timeout: 240_000,
  }, async () => {
    const files = await newModule("gift-cards", root)
    const names = files.map((f) => f.slice(f.indexOf("gift-cards/") + 11))
    for (const name of ["README.md", "contract.ts", "rules.ts", "store.ts", "commands.test.ts"])
      expect(names).toContain(name)
    expect(names.some((name) => /^migrations\/\d{4}_gift_cards\.sql$/.test(name))).toBe(true)
    for (const file of files) expect(await readFile(file, "utf8")).not.toMatch(/samples/i)
    await run(bin("tsgo"), ["-p", join(root, "tsconfig.json"), "--noEmit"], { cwd: root })
    await run(bin("biome"), ["lint", "--vcs-enabled=false", "src/modules/gift-cards"], { cwd: root })
    const env = {
      ...process.env,
      TEST_CLUSTER_URL: inject("clusterUrl"),
      VITEST: "",
      VITEST_POOL_ID: "",
      NODE_ENV: "test",
    }
    const { stdout } = await run(bin("vitest"), ["run", "src/modules/gift-cards", "--reporter=json"], {
      cwd: root,
      env,
    })
    const report = JSON.parse(stdout.slice(stdout.indexOf("{"))) as {
      success: boolean
      numPassedTests: number
    }
    expect(report).toMatchObject({ success: true, numPassedTests: 7 })
  })

  it("refuses a name that is taken or is no folder's name, and writes nothing", async () => {
    await expect(newModule("points", root)).rejects.toThrow("there already")
    await expect(newModule("../etc", root)).rejects.toThrow("no name")
    await expect(newModule("Gift", root)).rejects.toThrow("no name")
  })
})
