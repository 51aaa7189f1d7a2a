import { beforeAll, describe, expect, it } from "vitest"
import { newId } from "../../../kernel/ids.ts"
import { type Db, oneRow, rows, tx } from "../../../platform/db.ts"
import { testDb } from "../../../platform/testkit/index.ts"
import { createRegistry } from "../../../spine/offers/index.ts"
import { prepareTraits } from "../../../spine/traits/index.ts"
import type { Change, TagUser } from "../contract.ts"
import { offers } from "../index.ts"
import { mayApply } from "../rules.ts"
import { decide, propose } from "../taxonomy.ts"
import { saveSettings } from "./settings.ts"
import { versionsBefore } from "./store.ts"

let db: Db
const now = new Date("2026-11-23T04:00:00Z")
const [lead, other] = [newId(), newId()]

beforeAll(async () => {
  db = await testDb()
  await prepareTraits(db, createRegistry([offers]))
})

const tagNamed = async (name: string) =>
  (
    await oneRow<{ id: string }>(db, "select id from tags_tags where name = $1 and retired_at is null", [
      name,
    ])
  ).id
const proposed = async (change: Change, by = lead) =>
  ((await tx(db, (t) => propose(t, change, "", by, now))) as { id: string }).id
const decided = (id: string, by: string, users: TagUser[] = []) =>
  tx(db, (t) => decide(t, id, { accept: true, note: "" }, by, now, async () => users))

describe("a new company's taxonomy", () => {
  it("has the groups of every dimension, each tag with a definition and an example", async () => {
    const groups = await rows<{ dimension: string; n: number }>(
      db,
      "select dimension, count(*)::int as n from tags_groups group by 1 order by 1",
    )
    expect(groups).toEqual([
      { dimension: "payment", n: 1 },
      { dimension: "persona", n: 1 },
      { dimension: "region", n: 2 },
      { dimension: "time", n: 3 },
    ])
    expect(await rows(db, "select name from tags_tags where definition = '' or example = ''")).toEqual([])
  })
})

describe("versions", () => {
  it("each accepted proposal makes one, readable in the names of then, and a refused one makes none", async () => {
    const mum = await tagNamed("宝妈")
    const first = await decided(await proposed({ kind: "rename_tag", tag_id: mum, name: "妈妈" }), other)
    const no = await proposed({ kind: "rename_tag", tag_id: mum, name: "母亲" })
    await tx(db, (t) => decide(t, no, { accept: false, note: "太书面" }, other, now))
    const second = await decided(await proposed({ kind: "rename_tag", tag_id: mum, name: "宝妈" }), other)
    expect([first, second]).toMatchObject([{ version: 1 }, { version: 2 }])
    expect((await versionsBefore(db, null, 10)).map((v) => [v.number, v.by_id, v.what])).toEqual([
      [2, other, { kind: "rename_tag", group: "人群画像", tag: "妈妈", to: "宝妈" }],
      [1, other, { kind: "rename_tag", group: "人群画像", tag: "宝妈", to: "妈妈" }],
    ])
  })

  it("two people who decide at once leave no hole and no double", async () => {
    const group_id = "0196a000-0000-7000-8000-000000000002"
    const ids = []
    for (let i = 0; i < 5; i++)
      ids.push(await proposed({ kind: "add_tag", group_id, name: `画像${i}`, definition: "x", example: "" }))
    const [{ number: before } = { number: 0 }] = await versionsBefore(db, null, 1)
    const answers = await Promise.all(ids.map((id) => decided(id, other)))
    expect(answers.map((a) => (a as { version: number }).version).sort((a, b) => a - b)).toEqual(
      [1, 2, 3, 4, 5].map((n) => before + n),
    )
  })
})

describe("a decision", () => {
  it("is somebody else's where the team says so; taking one's own proposal back stays allowed", async () => {
    await tx(db, (t) =>
      saveSettings(t, { second_person: true, stale_days: 180, sample_per_week: 5 }, undefined),
    )
    const tag_id = await tagNamed("IP")
    const mine = await proposed({ kind: "describe_tag", tag_id, definition: "做个人品牌", example: "有账号" })
    expect(await decided(mine, lead)).toMatchObject({ refused: "own_proposal" })
    expect(await decided(mine, other)).toMatchObject({ applied: true })
    const back = await proposed({ kind: "rename_tag", tag_id, name: "网红" })
    expect(await tx(db, (t) => decide(t, back, { accept: false, note: "" }, lead, now))).toMatchObject({
      applied: false,
    })
  })
})

describe("a tag that something uses", () => {
  const play: TagUser = { kind: "play", id: newId(), name: "宝妈欢迎" }

  it("retired to nothing is refused with the names of its users, when proposed and when decided", async () => {
    const tag_id = await tagNamed("操盘手")
    const change: Change = { kind: "retire_tag", tag_id, replaced_by: null }
    const refusal = { refused: "tag_in_use", field: "replaced_by", detail: { users: [play] } }
    expect(await tx(db, (t) => propose(t, change, "", lead, now, async () => [play]))).toEqual(refusal)
    expect(await decided(await proposed(change), other, [play])).toEqual(refusal)
    expect(await tagNamed("操盘手")).toBe(tag_id)
  })

  it("mapped to another, the answer says what goes on with that one", async () => {
    const [tag_id, replaced_by] = [await tagNamed("求职者"), await tagNamed("操盘手")]
    const id = await proposed({ kind: "retire_tag", tag_id, replaced_by })
    expect(await decided(id, other, [play])).toMatchObject({ applied: true, goes_on: [play] })
  })
})

describe("who may give a group's tags by hand", () => {
  it("is everybody where nothing is said, else the named roles and always the owner", () => {
    const tag = { id: "a", group_id: "g", exclusive: false, retired: false, replaced_by: null }
    expect(mayApply(tag, "operator")).toBe(true)
    expect(mayApply({ ...tag, roles: ["lead"] }, "operator")).toBe(false)
    expect(mayApply({ ...tag, roles: ["lead"] }, "lead")).toBe(true)
    expect(mayApply({ ...tag, roles: ["lead"] }, "owner")).toBe(true)
  })

  it("is kept with the group by a proposal, with whether the group is required", async () => {
    const group_id = "0196a000-0000-7000-8000-000000000001"
    const change: Change = {
      kind: "change_group",
      group_id,
      name: "付费身份",
      required: true,
      roles: ["lead"],
    }
    expect(await decided(await proposed(change), other)).toMatchObject({ applied: true })
    expect(await oneRow(db, "select required, roles from tags_groups where id = $1", [group_id])).toEqual({
      required: true,
      roles: ["lead"],
    })
    expect(await tx(db, (t) => propose(t, { ...change, name: "人群画像" }, "", lead, now))).toMatchObject({
      refused: "name_taken",
    })
  })
})
