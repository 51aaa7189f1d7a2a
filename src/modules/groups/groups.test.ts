import fc from "fast-check"
import { beforeAll, describe, expect, it } from "vitest"
import { type Db, oneRow, rows, tx } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { type GroupSeen, takeGroups, takeMessages, takeMoves } from "./commands.ts"
import { compareMembers } from "./rules.ts"

let db: Db
beforeAll(async () => {
  db = await testDb()
})
const now = new Date("2026-11-23T04:00:00Z")
const at = (minutes: number) => new Date(now.getTime() + minutes * 60_000)
const picture = (chat_ref: string, minutes: number, members: string[]): GroupSeen => ({
  channel: "wecom",
  chat_ref,
  name: "福利群A",
  owner_ref: "hm_ip_01",
  notice: "",
  version: `v${minutes}`,
  created_at: at(-100),
  at: at(minutes),
  origin: "live",
  members: members.map((member_ref) => ({ member_ref, kind: "external", scene: "code", joined_at: at(-50) })),
})
const factsOf = async (chat: string) =>
  (
    await rows<{ type: string }>(
      db,
      `select type from facts where payload->>'group_id' = (select id::text from groups_groups where channel_ref = $1) order by tx, id`,
      [chat],
    )
  ).map((f) => f.type)
const inside = async (chat: string) =>
  (
    await rows<{ member_ref: string }>(
      db,
      `select member_ref from groups_members where left_at is null and group_id = (select id from groups_groups where channel_ref = $1) order by 1`,
      [chat],
    )
  ).map((m) => m.member_ref)
const move = (chat_ref: string, minutes: number, moved: "joined" | "left", ...member_refs: string[]) =>
  tx(db, (t) =>
    takeMoves(
      t,
      [
        {
          channel: "wecom",
          chat_ref,
          member_refs,
          scene: "code",
          at: at(minutes),
          origin: "live",
          moved,
          staff_refs: new Set(),
        },
      ],
      now,
    ),
  )

describe("who is in a group", () => {
  it("a join told three times is one join", async () => {
    for (let n = 0; n < 3; n++) await move("wr1", 1, "joined", "wmA")
    expect(await inside("wr1")).toEqual(["wmA"])
    expect(await factsOf("wr1")).toEqual(["group.member_joined"])
  })
  it("a picture of the whole group repairs what callbacks lost, and an older one undoes nothing", async () => {
    await move("wr2", 1, "joined", "wmA", "wmB")
    await tx(db, (t) => takeGroups(t, [picture("wr2", 10, ["wmB", "wmC"])], now))
    expect(await inside("wr2")).toEqual(["wmB", "wmC"])
    await tx(db, (t) => takeGroups(t, [picture("wr2", 5, ["wmA"])], now))
    expect(await inside("wr2")).toEqual(["wmB", "wmC"])
  })
  it("somebody who joined after the picture was taken is not thrown out by it", async () => {
    await move("wr3", 10, "joined", "wmZ")
    await tx(db, (t) => takeGroups(t, [picture("wr3", 5, ["wmY"])], now))
    expect(await inside("wr3")).toEqual(["wmY", "wmZ"])
  })
  it("news that is later than the picture stands: who left after it does not come back by it", () => {
    const listed = [{ member_ref: "a", joined_at: null }]
    const held = (left_at: Date | null, joined_at = at(-9)) => [{ member_ref: "a", left_at, joined_at }]
    const nothing = { joined: [], left: [] }
    expect(compareMembers(held(at(6)), listed, at(5))).toEqual(nothing)
    expect(compareMembers(held(at(5)), listed, at(5))).toEqual(nothing)
    expect(compareMembers(held(at(4)), listed, at(5))).toEqual({ joined: ["a"], left: [] })
    expect(compareMembers(held(null, at(6)), [], at(5))).toEqual(nothing)
    expect(compareMembers(held(null, at(5)), [], at(5))).toEqual({ joined: [], left: ["a"] })
    expect(compareMembers(held(at(1)), [], at(5))).toEqual(nothing)
  })

  it("whatever the pictures, members held after taking one are exactly those listed, save for newer news", () => {
    const ref = fc.constantFrom("a", "b", "c", "d")
    fc.assert(
      fc.property(fc.uniqueArray(ref), fc.uniqueArray(ref), (heldRefs, listedRefs) => {
        const held = heldRefs.map((member_ref) => ({ member_ref, left_at: null, joined_at: at(-1) }))
        const { joined, left } = compareMembers(
          held,
          listedRefs.map((member_ref) => ({ member_ref, joined_at: null })),
          now,
        )
        const after = new Set([...heldRefs, ...joined].filter((r) => !left.includes(r)))
        expect([...after].sort()).toEqual([...listedRefs].sort())
      }),
    )
  })
})

describe("what is said", () => {
  it("a message told twice is kept and counted once, and its words stay out of the facts", async () => {
    await move("wr4", 1, "joined", "wmA")
    const message = {
      channel: "wecom",
      chat_ref: "wr4",
      message_ref: "m1",
      sender_ref: "wmA",
      kind: "text",
      text: "大家好",
      at: at(2),
      origin: "live" as const,
    }
    expect(await tx(db, (t) => takeMessages(t, [message, message], now))).toBe(1)
    expect(await tx(db, (t) => takeMessages(t, [message], now))).toBe(0)
    const member = await oneRow(
      db,
      "select messages, last_spoke_at from groups_members where member_ref = 'wmA' and messages > 0",
    )
    expect(member).toEqual({ messages: 1, last_spoke_at: at(2) })
    const [fact] = await rows<{ payload: object }>(
      db,
      "select payload from facts where type = 'group.message_sent'",
    )
    expect(JSON.stringify(fact)).not.toContain("大家好")
  })
})
