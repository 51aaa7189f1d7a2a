import { beforeAll, describe, expect, it } from "vitest"
import { dayNumber } from "../../kernel/day.ts"
import { newId } from "../../kernel/ids.ts"
import { type Db, run, tx } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { createRegistry } from "../../spine/offers/index.ts"
import { enrolCustomers, prepareTraits, readTraits } from "../../spine/traits/index.ts"
import { offers } from "./offers.ts"
import { publishGroups } from "./traits.ts"

const NOW = new Date("2026-11-23T04:00:00Z")
const [alive, ended] = [newId(), newId()]
const people = { outside: newId(), inside: newId(), left: newId(), orphaned: newId() }
let db: Db

beforeAll(async () => {
  db = await testDb()
  await prepareTraits(db, createRegistry([offers]))
  await tx(db, (t) =>
    enrolCustomers(
      t,
      Object.values(people).map((customer_id, number) => ({ customer_id, number, scope_id: null })),
    ),
  )
  await run(
    db,
    `insert into groups_groups (id, channel, channel_ref, name, created_at, seen_at, dismissed_at)
     values ($1, 'wecom', 'wr_alive', '福利群A', $3, $3, null), ($2, 'wecom', 'wr_ended', '福利群B', $3, $3, $3)`,
    [alive, ended, NOW],
  )
  for (const [customer, group, left_at, spoke] of [
    [people.inside, alive, null, NOW],
    [people.left, alive, NOW, null],
    [people.orphaned, ended, null, null],
  ])
    await run(
      db,
      `insert into groups_members (group_id, member_ref, kind, customer_id, joined_at, left_at, last_spoke_at)
       values ($1, $2::text, 'external', $2::text::uuid, '2026-11-01', $3, $4)`,
      [group, customer, left_at, spoke],
    )
})

describe("in which groups a customer is", () => {
  it("is none for whoever never joined one, and that stops nobody else's", async () => {
    await tx(db, (t) => publishGroups(t, Object.values(people), NOW))
    const known = await readTraits(db, Object.values(people))
    const of = (id: string, trait: string) => known.get(id)?.[trait]?.value ?? null
    expect(Object.values(people).map((id) => of(id, "groups.count"))).toEqual([0, 1, 0, 0])
    expect(of(people.inside, "groups.all")).toEqual([alive])
    expect(of(people.outside, "groups.all")).toEqual([])
    expect(of(people.inside, "groups.last_spoke_day")).toBe(dayNumber(NOW))
  })
})
