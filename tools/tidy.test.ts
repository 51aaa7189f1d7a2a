import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { describe, expect, it } from "vitest"

/** The house's own rules, as far as a reader of files can tell. What one rule allows for a reason is listed with it. */
const ROOT = join(import.meta.dirname, "..")
const SOURCE_LINES_MAX = 400
const README_LINES_MAX = 41
/** What we want; and below what we never fall again on the way there. */
const TEST_LINES_GOAL = 0.6
const TEST_LINES_FLOOR = 0.25

/** Where the database's own clock may be asked: machine time only (leases, sessions, tokens, logs). */
const MACHINE_TIME = [
  // Pacing, retries, leases and token life of the wire run on the wire's clock.
  /^src\/channels\//,
  /^src\/spine\/outbox\/(circuits|claim|deed-ends|deeds|deliver|receipts|tasks|touches)\.ts$/,
  // The channel's seconds for a welcome, and when a failed step of a play is tried again.
  /^src\/spine\/outbox\/welcome\.ts$/,
  /^src\/spine\/plays\/step\.ts$/,
  /^src\/spine\/[^/]+\/(lease|cursor|reader|pump|parked|lanes?)[^/]*\.ts$/,
  // Who brings the taxonomy to the channel, and when a call is worth trying again.
  /^src\/modules\/tags\/sync\/store-lease\.ts$/,
  // When a setting was last written, and which import runs are long over.
  /^src\/modules\/points\/store\.ts$/,
  /^src\/modules\/(orders\/store-import|imports\/store)\.ts$/,
]

type File = { path: string; text: string; lines: number }

const files: File[] = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .split("\n")
  .filter(
    (path) => /\.(ts|tsx|mts|mjs|cjs|sql|json|md|css|html|yml)$/.test(path) && path !== "package-lock.json",
  )
  .map((path) => ({ path, text: readOrEmpty(join(ROOT, path)) }))
  .map((file) => ({ ...file, lines: file.text.split("\n").length }))

const isTest = (path: string) =>
  /\.(test|fixture)\.(ts|tsx)$|test-child|test-kit|testkit|test-commands|^test\//.test(path) ||
  path.startsWith("bench/")
const code = files.filter((file) => /\.(ts|tsx|mts|mjs|cjs)$/.test(file.path))
const sources = code.filter((file) => !isTest(file.path))
const sql = (text: string) => text.replace(/--.*$/gm, "").replace(/\/\*[\s\S]*?\*\//g, "")
const where = (found: File[]) => found.map((file) => file.path)

describe("the house", () => {
  it("has no source file so long that it hides a second subject", () => {
    expect(
      sources.filter((file) => file.lines > SOURCE_LINES_MAX).map((f) => `${f.path}: ${f.lines}`),
    ).toEqual([])
  })

  it("asks no database what time it is in the shop: shop time comes in as a parameter", () => {
    const asks = /\b(now\(\)|current_(date|timestamp|time)\b|clock_timestamp\(\)|localtimestamp\b)/i
    const found = sources
      .filter((file) => /^src\/(spine|modules|channels)\//.test(file.path))
      .filter((file) => !MACHINE_TIME.some((allowed) => allowed.test(file.path)))
      .filter((file) => sqlStrings(file.text).some((text) => asks.test(sql(text))))
    expect(where(found)).toEqual([])
  })

  it("leaves nothing for later: no reminders, no skipped tests", () => {
    const later = new RegExp(
      `\\b(${["TO", "FIX", "XX"].map((word, i) => word + ["DO", "ME", "X"][i]).join("|")})\\b`,
    )
    const skipped = /\b(it|describe|test)\.(skip|only|todo)\b/
    expect(
      where(code.filter((file) => later.test(file.text) || (isTest(file.path) && skipped.test(file.text)))),
    ).toEqual([])
  })

  it("lets a module's tables be said by its own store alone", () => {
    const tables = files
      .filter((file) => /^src\/modules\/[^/]+\/migrations\/.*\.sql$/.test(file.path))
      .flatMap((file) =>
        [
          ...file.text.matchAll(
            /create (?:unlogged )?(?:table|view|materialized view) (?:if not exists )?"?(\w+)/gi,
          ),
        ].map((match) => ({ module: file.path.split("/")[2] ?? "", table: match[1] ?? "" })),
      )
    const strangers = tables.filter(
      ({ module, table }) => !table.startsWith(`${module}_`) && table !== module,
    )
    expect(strangers.map(({ module, table }) => `${module}: ${table}`)).toEqual([])
    const said = sources
      .filter((file) => /^src\/(modules|spine|channels|apps)\//.test(file.path))
      .flatMap((file) => {
        const texts = sqlStrings(file.text).join("\n")
        return tables
          .filter(({ module, table }) => !isStoreOf(file.path, module) && says(texts, table))
          .map(({ table }) => `${file.path} says ${table}`)
      })
    expect(said).toEqual([])
  })

  it("writes Chinese sentences with Chinese punctuation", () => {
    const half = /[\p{Script=Han}」][,;?!](?=[\p{Script=Han}「{$])/u
    // How people type a mapping of columns, and their files.
    const typed = /^src\/(modules\/(imports\/mapping|\w+\/import\/(kind|rows))|apps\/cli\/)/
    const wrong = sources
      .filter((file) => /^src\//.test(file.path) && !isTest(file.path) && !typed.test(file.path))
      .filter((file) =>
        file.text.split("\n").some((line) => !/^\s*(\/?\*|\/\/)/.test(line) && half.test(line)),
      )
    expect(where(wrong)).toEqual([])
  })

  it("takes numbers in the one field that changes nothing of what was typed", () => {
    expect(where(sources.filter((file) => /\bInputNumber\b/.test(file.text)))).toEqual([])
  })

  it("names no package registry and no folder of one machine", () => {
    const hosts = /registry\.(npmjs|npmmirror|yarnpkg)\.|npmmirror\.com|\/home\/[a-z]+\/|\/Users\/[A-Za-z]+\//
    expect(
      where(files.filter((file) => file.path !== "tools/tidy.test.ts" && hosts.test(file.text))),
    ).toEqual([])
  })

  it("says in every module and every part of the loop what it is, on a page", () => {
    const folders = new Set(
      sources.map((f) => /^src\/(modules|spine)\/[^/]+/.exec(f.path)?.[0]).filter((f) => f !== undefined),
    )
    const readmes = new Set(files.filter((f) => basename(f.path) === "README.md").map((f) => dirname(f.path)))
    expect([...folders].filter((folder) => !readmes.has(folder))).toEqual([])
    const long = files.filter(
      (f) => basename(f.path) === "README.md" && /^src\/(modules|spine)\//.test(f.path),
    )
    expect(long.filter((f) => f.lines > README_LINES_MAX).map((f) => `${f.path}: ${f.lines}`)).toEqual([])
  })

  it("names only tests that exist where it says what is kept secure", () => {
    const page = files.find((file) => file.path === "docs/security.md")?.text ?? ""
    const named = [...page.matchAll(/`([^`]+\.test\.tsx?)`([^|]*)\|$/gm)].map((row) => [
      row[1] ?? "",
      row[2]?.trim() ?? "",
    ])
    expect(named.length).toBeGreaterThan(0)
    const missing = named.filter(
      ([path, name]) => !files.find((file) => file.path === path)?.text.includes(name ?? ""),
    )
    expect(missing).toEqual([])
  })

  it("is tested: the lines of test a line of source do not fall", () => {
    const total = (list: File[]) => list.reduce((sum, file) => sum + file.lines, 0)
    const ours = code.filter((file) => /^(src|test|tools)\//.test(file.path))
    const ratio = total(ours.filter((f) => isTest(f.path))) / total(ours.filter((f) => !isTest(f.path)))
    console.info(`${ratio.toFixed(2)} lines of test a line of source; the goal is ${TEST_LINES_GOAL}`)
    expect(ratio).toBeGreaterThan(TEST_LINES_FLOOR)
  })
})

function isStoreOf(path: string, module: string): boolean {
  return new RegExp(`^src/modules/${module}/(.*/)?store(-[^/]+)?\\.ts$`).test(path)
}

/** Strings that look like SQL; words in comments and prose are not meant. */
function sqlStrings(text: string): string[] {
  return [...text.matchAll(/`[^`]*`|"(?:[^"\\\n]|\\.)*"/g)]
    .map((match) => match[0])
    .filter((s) =>
      /\b(select|insert into|update|delete from|copy|from|join|alter|create|truncate)\b/i.test(s),
    )
}

function says(texts: string, table: string): boolean {
  return new RegExp(`\\b(from|join|into|update|only|copy|table)\\s+"?${table}\\b`, "i").test(texts)
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch {
    // Listed by git, deleted in the working copy.
    return ""
  }
}
