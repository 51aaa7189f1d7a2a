import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { newId } from "../../kernel/ids.ts"
import { systemClock } from "../../platform/clock.ts"
import { type Db, oneRow, run } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { runCli } from "./run-cli.ts"

let db: Db
let folder: string
const file = (name: string) => join(folder, name)

async function siyu(...argv: string[]) {
  let out = ""
  let err = ""
  const code = await runCli(
    argv,
    { out: (text) => (out += text), err: (text) => (err += text) },
    { withDatabase: (work) => work(db, systemClock), signal: new AbortController().signal },
  )
  return { code, out, err }
}
async function answered(...argv: string[]) {
  const { code, out } = await siyu(...argv, "--json")
  expect(out.trim().split("\n")).toHaveLength(1)
  return { code, json: JSON.parse(out) as Record<string, unknown> }
}

const bought = (min: number) => ({ offer: "orders.count", version: 1, args: { min } })
async function save(name: string, rule: object): Promise<string> {
  const id = newId()
  await run(
    db,
    `insert into segments_segments (id, name, frozen, version, created_by, created_at, updated_at)
     values ($1, $2, false, 1, $1, now(), now())`,
    [id, name],
  )
  await run(
    db,
    "insert into segments_versions (segment_id, version, rule, saved_by, saved_at) values ($1, 1, $2, $1, now())",
    [id, JSON.stringify(rule)],
  )
  return id
}

beforeAll(async () => {
  db = await testDb()
  folder = await mkdtemp(join(tmpdir(), "siyu-segment-"))
  await writeFile(
    file("orders.csv"),
    "客户,日期,金额\n=甲,2024-01-05,10\n=甲,2024-03-05,20\n乙,2024-01-07,5\n",
  )
  await siyu("import", "orders", file("orders.csv"), "--map", "customer=客户,at=日期,amount=金额")
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe("siyu segment", () => {
  it("says so where there is no segment yet", async () => {
    expect((await answered("segment")).json).toMatchObject({ segments: [] })
  })

  it("counts a rule over what an import has just committed, though no server has ever run here", async () => {
    await writeFile(file("rule.json"), JSON.stringify(bought(2)))
    const { code, json } = await answered("segment", "--rule", file("rule.json"))
    expect([code, json]).toMatchObject([0, { id: null, name: null, count: 1 }])
    expect(json.sentence).toMatchObject({ zh: expect.stringContaining("2"), en: expect.any(String) })
  })

  it("knows a saved one by its name and its id, and asks it as of another day", async () => {
    const id = await save("买过", {
      offer: "orders.last_days_ago",
      version: 1,
      args: { min: 0, max: 60 },
    })
    const march = ["--as-of", "2024-03-31"]
    expect((await answered("segment", "买过", ...march)).json).toMatchObject({
      id,
      count: 1,
      as_of: "2024-03-31",
    })
    expect((await answered("segment", id, "--as-of", "2025-03-31")).json).toMatchObject({
      name: "买过",
      count: 0,
    })
    expect((await answered("segment", ...march)).json).toMatchObject({
      segments: [{ id, name: "买过", count: 1, broken: null }],
    })
    expect((await siyu("segment", "买过", ...march)).out).toMatch(/^买过\t1\n/)
  })

  it("writes the members with nothing that a spreadsheet would calculate", async () => {
    const out = file("members.csv")
    const { json } = await answered("segment", "--rule", file("rule.json"), "--out", out)
    expect(json).toMatchObject({ rows: 1, out })
    const [heading, row] = (await readFile(out, "utf8")).trim().split("\n")
    expect(heading).toContain("客户编号,姓名,客户,订单数")
    expect(row).toContain(",'=甲,2,30.00,0.00,2024-01-05,2024-03-05")
  })

  it("tells of one customer why", async () => {
    const { id } = await oneRow<{ id: string }>(
      db,
      "select customer_id as id from orders_by_customer where name_in_source = '乙'",
    )
    const { json } = await answered("segment", "--rule", file("rule.json"), "--why", id)
    expect(json).toMatchObject({
      customer: id,
      reasons: [{ holds: false, values: [{ trait: "orders.count", value: 1 }] }],
    })
    expect((await answered("segment", "--rule", file("rule.json"), "--why", newId())).code).toBe(1)
  })

  it("refuses with code, place and a sentence what the pages refuse, and shows a broken one as broken", async () => {
    expect(await answered("segment", "没有这个")).toMatchObject({ code: 1, json: { refused: "not_found" } })
    await writeFile(
      file("odd.json"),
      JSON.stringify({ all: [bought(1), { offer: "no.such", version: 1, args: {} }] }),
    )
    expect(await answered("segment", "--rule", file("odd.json"))).toMatchObject({
      code: 1,
      json: { refused: "condition_unknown", field: "all.1", message: expect.stringContaining("不认识") },
    })
    await save("标签没了", { offer: "tags.has", version: 1, args: { tag_id: newId() } })
    const { json } = await answered("segment")
    expect(json.segments).toContainEqual(
      expect.objectContaining({
        name: "标签没了",
        count: null,
        broken: expect.objectContaining({ refused: "condition_broken" }),
      }),
    )
  })

  it("says 2 to a call that makes no sense", async () => {
    await writeFile(file("torn.json"), "{")
    for (const wrong of [
      ["买过", "--rule", file("rule.json")],
      ["买过", "--as-of", "2024-02-31"],
      ["--out", file("x.csv")],
      ["--rule", file("nowhere.json")],
      ["--rule", file("torn.json")],
      ["买过", "--why", "somebody"],
    ])
      expect([wrong.join(" "), (await answered("segment", ...wrong)).code]).toEqual([wrong.join(" "), 2])
  })
})
