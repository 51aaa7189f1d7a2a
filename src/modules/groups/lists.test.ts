import { beforeAll, describe, expect, it } from "vitest"
import { newId } from "../../kernel/ids.ts"
import type { SortPlace } from "../../kernel/sort.ts"
import { type Db, rows, run } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import type { GroupSort, MemberSort } from "./contract.ts"
import { groupRows, memberRows } from "./store-lists.ts"

const now = new Date("2026-11-23T04:00:00Z")
const [large, small, silent] = [newId(), newId(), newId()]
const MEMBERS = 40
let db: Db
beforeAll(async () => {
  db = await testDb()
  for (const [id, name] of [
    [large, "大群"],
    [small, "小群"],
    [silent, "没人说话的群"],
  ])
    await run(
      db,
      `insert into groups_groups (id, channel, channel_ref, name, member_version, seen_at, created_at)
       values ($1, 'wecom', $2, $2, '1', $3, $3)`,
      [id, name, now],
    )
  // Many joined in one minute, and every third never said a word.
  const join = (group: string, count: number, spoke: boolean) =>
    run(
      db,
      `insert into groups_members (group_id, member_ref, kind, joined_at, last_spoke_at, messages)
       select $1, 'wm.' || n, 'external', $3::timestamptz - (n % 4) * interval '1 minute',
         case when $4 and n % 3 > 0 then $3::timestamptz - (n % 5) * interval '1 hour' end, case when $4 then n % 6 else 0 end
       from generate_series(1, $2::int) n`,
      [group, count, now, spoke],
    )
  await join(large, MEMBERS, true)
  await join(small, 3, true)
  await join(silent, 5, false)
})

async function walked(sort: MemberSort) {
  const refs: string[] = []
  for (let after: SortPlace<string> | null = null; ; ) {
    const page: Awaited<ReturnType<typeof memberRows>> = await memberRows(db, large, sort, after, 7)
    refs.push(...page.map((m) => m.member_ref))
    const last = page.at(-1)
    if (!last || page.length < 7) return refs
    after = { sort, value: last.sorted_by, id: last.member_ref }
  }
}

describe("a group's members", () => {
  it.each(["joined_at", "last_spoke_at", "messages"] as const)(
    "by %s stand in one order page by page, each once, who never spoke last",
    async (column) => {
      for (const sort of [column, `-${column}`] as MemberSort[]) {
        const way = sort.startsWith("-") ? "desc" : "asc"
        const all = await rows<{ ref: string }>(
          db,
          `select member_ref as ref from groups_members where group_id = $1 order by ${column} ${way} nulls last, member_ref ${way}`,
          [large],
        )
        expect(all).toHaveLength(MEMBERS)
        expect(await walked(sort)).toEqual(all.map((m) => m.ref))
      }
    },
  )
})

describe("the list of groups", () => {
  const names = async (sort: GroupSort) =>
    (await groupRows(db, { owner_refs: null, sort, now, limit: 10 })).map((g) => g.name)

  it("stands by what is asked for, a group in which nobody spoke last either way", async () => {
    expect(await names("-members")).toEqual(["大群", "没人说话的群", "小群"])
    expect(await names("members")).toEqual(["小群", "没人说话的群", "大群"])
    expect((await names("-last_message_at")).at(-1)).toBe("没人说话的群")
    expect((await names("last_message_at")).at(-1)).toBe("没人说话的群")
    expect(await names("-spoke_7d")).toEqual(["大群", "小群", "没人说话的群"])
  })
})
