import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { newId } from "../../../kernel/ids.ts"
import { isRefused } from "../../../kernel/result.ts"
import { type Db, oneRow, rows, tx } from "../../../platform/db.ts"
import { testDb } from "../../../platform/testkit/index.ts"
import { createRegistry } from "../../../spine/offers/index.ts"
import { prepareTraits } from "../../../spine/traits/index.ts"
import { ensureCustomers } from "../../customers/index.ts"
import { type FailedRow, type ImportOptions, importFile } from "../../imports/index.ts"
import { offers } from "../index.ts"
import { tagsKind } from "./kind.ts"
import { tagReader } from "./names.ts"

const now = new Date("2026-11-23T04:00:00Z")
const operator = newId()
let db: Db
let folder: string
beforeAll(async () => {
  db = await testDb()
  await prepareTraits(db, createRegistry([offers]))
  folder = await mkdtemp(join(tmpdir(), "siyu-import-"))
  await db.query(
    "insert into staff_members (id, name, role, status, created_at) values ($1, '周莹', 'operator', 'active', $2)",
    [operator, now],
  )
  await tx(db, (t) =>
    ensureCustomers(
      t,
      ["13711110001", "13711110002"].map((value) => ({
        identities: [{ kind: "phone", value }],
        seen_at: now,
      })),
      now,
    ),
  )
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function bring(content: string, over: Partial<ImportOptions> = {}) {
  const path = join(folder, "file")
  await writeFile(path, content)
  const failures: FailedRow[] = []
  const result = await importFile(db, tagsKind, path, {
    mapping: { phone: "手机号", tags: "标签" },
    header: true,
    source: "x",
    now,
    onFailure: (f) => void failures.push(f),
    ...over,
  })
  if (isRefused(result)) throw new Error(result.refused)
  const { read, imported, changed, skipped, failed } = result
  return { counts: [read, imported, changed, skipped, failed], codes: failures.map((f) => f.code) }
}

describe("a file of tags", () => {
  const FILE = '手机号,标签\n0086 13711110001,"宝妈、IP"\n13711110002,没有\n13711110009,IP\n13711110002,\n'

  it("tags those who are known, makes nobody and no tag, and twice is once", async () => {
    const first = await bring(FILE)
    expect(first).toEqual({
      counts: [4, 1, 0, 0, 3],
      codes: ["unknown_tag", "unknown_customer", "missing_tags"],
    })
    expect((await bring(FILE)).counts).toEqual([4, 0, 0, 1, 3])
    const worn = await rows<{ name: string; source: string }>(
      db,
      'select t.name, a.source from tags_assignments a join tags_tags t on t.id = a.tag_id order by t.name collate "C"',
    )
    expect(worn).toEqual([
      { name: "IP", source: "import" },
      { name: "宝妈", source: "import" },
    ])
    expect((await oneRow<{ n: number }>(db, "select count(*) as n from customers_customers")).n).toBe(2)
    const told = await rows<{ origin: string }>(db, "select origin from facts where type = 'tag.assigned'")
    expect(told).toEqual([{ origin: "h" }, { origin: "h" }])
  })

  it("gives a row with a retired tag back, and what a file gives no rule takes away", async () => {
    await db.query("update tags_tags set retired_at = $1 where name = '企业主'", [now])
    expect((await bring("手机号,标签\n13711110002,企业主\n")).codes).toEqual(["retired_tag"])
    await db.query("update tags_tags set retired_at = null where name = '企业主'")
    const [held] = await rows<{ customer_id: string; tag_id: string }>(
      db,
      "select customer_id, tag_id from tags_assignments limit 1",
    )
    await db.query("update tags_assignments set source = 'rule' where customer_id = $1 and tag_id = $2", [
      held!.customer_id,
      held!.tag_id,
    ])
    await bring(FILE)
    expect(await rows(db, "select distinct source from tags_assignments")).toEqual([{ source: "import" }])
    // What rules and segments follow knows of it too.
    const told = await rows<{ tags: string[] }>(
      db,
      `select array(select w.word from traits_words w where w.id = any(c."tags.all") order by 1) as tags
       from traits_customers c where c.customer_id = $1`,
      [held!.customer_id],
    )
    expect(told[0]!.tags).toHaveLength(2)
  })

  it("gives no tags of a group that is kept from the role of whoever imports", async () => {
    await db.query("update tags_groups set roles = '{lead}' where name = '人群画像'")
    expect((await bring("手机号,标签\n13711110001,企业主\n", { by: operator })).codes).toEqual([
      "role_may_not",
    ])
    await db.query("update tags_groups set roles = null")
  })
})

describe("the names in a cell", () => {
  const tag = (id: string, name: string, group: string, exclusive = false) => ({
    ...{ id, name, group, group_id: group, exclusive, retired: false, replaced_by: null, roles: null },
    from_channel: false,
  })
  const read = tagReader(
    [tag("1", "新", "甲"), tag("2", "新", "乙"), tag("3", "A", "丙", true), tag("4", "B", "丙", true)],
    null,
  )

  it("are told apart by their group where two groups have one name, in whatever width they are typed", () => {
    expect(read("新")).toMatchObject({ failed: "ambiguous_tag" })
    expect(read("乙/新，ａ")).toEqual({ value: ["2", "3"] })
  })

  it("mean the team's tag where the channel has one of that name too", () => {
    const both = [tag("1", "老客", "甲"), { ...tag("2", "老客", "企微"), from_channel: true }]
    expect(tagReader(both, null)("老客")).toEqual({ value: ["1"] })
    expect(tagReader(both, null)("企微/老客")).toEqual({ value: ["2"] })
  })

  it("of a retired tag are refused with the one that took its place, however often that was replaced", () => {
    const old = (id: string, name: string, replaced_by: string | null) => ({
      ...tag(id, name, "甲"),
      retired: true,
      replaced_by,
    })
    const reader = tagReader(
      [old("1", "旧", "2"), old("2", "较旧", "3"), tag("3", "新", "甲"), old("4", "没了", null)],
      null,
    )
    expect(reader("旧")).toEqual({ failed: "retired_tag", detail: "「旧」，请改用「新」" })
    expect(reader("甲/没了")).toEqual({ failed: "retired_tag", detail: "「甲/没了」" })
    // A living tag of that name is meant before one that is gone.
    expect(tagReader([old("1", "新", null), tag("2", "新", "乙")], null)("新")).toEqual({ value: ["2"] })
  })

  it("of one exclusive group are refused together", () => {
    expect(read("A；B")).toMatchObject({ failed: "rival_tags" })
    expect(read("A，A")).toEqual({ value: ["3"] })
    expect(read("、，")).toMatchObject({ failed: "missing_tags" })
  })
})
