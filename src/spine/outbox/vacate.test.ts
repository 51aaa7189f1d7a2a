import { beforeAll, beforeEach, describe, expect, it } from "vitest"
import { dayNumber } from "../../kernel/day.ts"
import { type Db, rows, run, tx } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { deliverOnce, placeUnplaced, usedOn, vacateAccounts, type World } from "./index.ts"
import {
  approvedSend,
  befriend,
  company,
  days,
  emptyOutbox,
  memoryChannel,
  NOON,
  statesOf,
} from "./outbox.fixture.ts"

let db: Db
beforeAll(async () => {
  db = await testDb()
})
beforeEach(() => emptyOutbox(db))

const place = async (world: World, now: Date) => {
  while ((await tx(db, (t) => placeUnplaced(t, world, now, 5_000))) > 0);
}
const vacate = async (ids: string[], limit: number) => {
  const rounds: number[] = []
  for (let n = 1; n > 0; rounds.push(n)) n = await tx(db, (t) => vacateAccounts(t, ids, NOON, limit))
  return rounds
}

/** Ten people of one account, of whom four also know a second one; a send to all of them in three days. */
async function plannedAhead(quota?: number) {
  const { channel, seen } = memoryChannel("vacate")
  const { world, accounts } = await company(db, channel, { accounts: 2, ...(quota ? { quota } : {}) })
  const [stopped, other] = [accounts[0]!, accounts[1]!]
  const ids = await befriend(db, stopped.id, 10)
  await run(
    db,
    `insert into test_contacts (customer_id, account_id, ref, name, added_at)
     select unnest($1::uuid[]), $2, 'other', '客', '2025-01-01'`,
    [ids.slice(0, 4), other.id],
  )
  const send = await approvedSend(db, world, { at: days(3) })
  expect(await usedOn(db, [stopped.id], dayNumber(days(3)))).toEqual(new Map([[stopped.id, 10]]))
  stopped.usable = false
  return { world, stopped, other, send, seen }
}

describe("what is planned through an account that may not send any more", () => {
  it("is taken from it before its day comes: a substitute who knows the person gets it, the rest is held with the reason", async () => {
    const { world, stopped, other, send } = await plannedAhead()
    expect(await vacate([stopped.id], 4)).toEqual([4, 4, 2, 0])
    await place(world, NOON)
    expect(await statesOf(db, send)).toEqual({ planned: 4, "unplaced:no_account": 6 })
    const through = await rows<{ account_id: string; day: number }>(
      db,
      "select distinct account_id, day from outbox_touches where state = 'planned'",
    )
    expect(through).toEqual([{ account_id: other.id, day: dayNumber(days(3)) }])
    const used = await usedOn(db, [stopped.id, other.id], dayNumber(days(3)))
    expect([used.get(stopped.id), used.get(other.id)]).toEqual([0, 4])
  })

  it("is not late for it: an account that is back before the day sends on that day", async () => {
    const { world, stopped, send, seen } = await plannedAhead()
    await vacate([stopped.id], 100)
    await place(world, NOON)
    stopped.usable = true
    await deliverOnce(db, world, days(3.01))
    await deliverOnce(db, world, days(3.02))
    expect(await statesOf(db, send)).toEqual({ delivered: 10 })
    expect(seen.flatMap((p) => p.recipients)).toHaveLength(10)
  })

  it("takes no more of a substitute than it may send; what is over goes to the next day", async () => {
    const { world, stopped, other, send } = await plannedAhead(10)
    await run(
      db,
      "insert into outbox_use (account_id, class, day, used) values ($1, 'private_messages', $2, 7)",
      [other.id, dayNumber(days(3))],
    )
    await vacate([stopped.id], 100)
    await place(world, NOON)
    const per = await rows<{ day: number; n: number }>(
      db,
      "select day, count(*) as n from outbox_touches where cause_id = $1 and state = 'planned' group by 1 order by 1",
      [send],
    )
    expect(per).toEqual([
      { day: dayNumber(days(3)), n: 3 },
      { day: dayNumber(days(4)), n: 1 },
    ])
  })
})
