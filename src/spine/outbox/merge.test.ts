import { beforeEach, describe, expect, it } from "vitest"
import { type Db, rows, run, tx } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { deliverOnce, placeUnplaced } from "./index.ts"
import { carry } from "./merge.ts"
import {
  approvedSend,
  befriend,
  company,
  days,
  emptyOutbox,
  memoryChannel,
  minutes,
  NOON,
  only,
  statesOf,
} from "./outbox.fixture.ts"

let db: Db
beforeEach(async () => {
  db ??= await testDb()
  await emptyOutbox(db)
})

/** Two friends of one account who turn out to be one person, from the outbox's point of view. */
async function merge([from, into]: [string, string]): Promise<void> {
  await tx(db, (t) => carry.carry(t, { from, into }, NOON))
  await run(db, "delete from test_contacts where customer_id = $1", [from])
}

async function pair(channel = memoryChannel("merge")) {
  const { world, accounts } = await company(db, channel.channel)
  const [from, into] = await befriend(db, accounts[0]!.id, 2)
  return { world, told: channel.told, both: [from!, into!] as [string, string] }
}
const slots = (customer_id: string) =>
  rows<{ day: number; n: number }>(
    db,
    "select day, count(*)::int as n from outbox_slots where customer_id = $1 group by day order by day",
    [customer_id],
  )

describe("two who are one person", () => {
  it("are not written to twice by one send, nor more often than the cap allows by several", async () => {
    const { world, both } = await pair()
    const same = await approvedSend(db, world, { audience: only(both) })
    const other = await approvedSend(db, world, {
      audience: only([both[0]]),
      at: days(1),
      when_capped: "next_day",
    })
    const third = await approvedSend(db, world, {
      audience: only([both[1]]),
      at: days(1),
      when_capped: "next_day",
    })
    await merge(both)
    while ((await tx(db, (t) => placeUnplaced(t, world, NOON, 500))) > 0);
    expect(await statesOf(db, same)).toEqual({ "cancelled:merged": 1, planned: 1 })
    expect([await statesOf(db, other), await statesOf(db, third)]).toEqual([{ planned: 1 }, { planned: 1 }])
    expect(await slots(both[0])).toEqual([])
    expect((await slots(both[1])).map((s) => s.n)).toEqual([1, 1, 1])
  })

  it("what was sent to either counts against the cap of the one", async () => {
    const { world, both } = await pair()
    await approvedSend(db, world, { audience: only([both[0]]) })
    await deliverOnce(db, world, minutes(1))
    await merge(both)
    const again = await approvedSend(db, world, { audience: only([both[1]]) })
    expect(await statesOf(db, again)).toEqual({ "left_out:capped": 1 })
  })

  it("what the same send said to both stands in the history twice, as it happened", async () => {
    const { world, both } = await pair()
    const id = await approvedSend(db, world, { audience: only(both) })
    await deliverOnce(db, world, minutes(1))
    const before = await statesOf(db, id)
    await merge(both)
    expect(await statesOf(db, id)).toEqual(before)
    expect(
      await rows(db, "select visit from outbox_touches where customer_id = $1 order by visit", [both[1]]),
    ).toEqual([{ visit: 0 }, { visit: 1 }])
  })
})
