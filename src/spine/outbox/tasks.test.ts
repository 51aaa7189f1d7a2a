import { beforeAll, beforeEach, describe, expect, it } from "vitest"
import { newId } from "../../kernel/ids.ts"
import { type Db, oneRow, run, tx } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import {
  askReceipts,
  assignmentsOf,
  cancelSend,
  correctLimit,
  deliverOnce,
  doAssignment,
  markMissed,
  openTasks,
  pauseSend,
  publishLimits,
  recallTasks,
  remindSend,
  remindStaff,
  sendById,
  tendSends,
} from "./index.ts"
import {
  approvedSend,
  befriend,
  company,
  days,
  emptyOutbox,
  memoryChannel,
  minutes,
  NOON,
  statesOf,
} from "./outbox.fixture.ts"

let db: Db
beforeAll(async () => {
  db = await testDb()
})
beforeEach(() => emptyOutbox(db))

/** A send that was handed to staff at noon: three customers, one task. */
async function handed(until = days(20)) {
  const made = memoryChannel("staffed", { confirmed: true })
  made.told.receipts = (refs) => refs.map((ref) => ({ ref, state: "sent_to_staff" }))
  const { world, accounts } = await company(db, made.channel)
  await befriend(db, accounts[0]!.id, 3)
  const id = await approvedSend(db, world, { until })
  await deliverOnce(db, world, minutes(1))
  return { ...made, world, accounts, id }
}

/** Machine time goes by: what rests may be tried, and channels may be asked again. */
const later = () => run(db, "update outbox_parcels set next_try_at = '2000-01-01', tend_at = null")

describe("staff are reminded of what they have not pressed", () => {
  it("once by itself after two hours, whoever works, and never at night", async () => {
    const { world, asked } = await handed()
    await remindStaff(db, world, minutes(120))
    expect(asked.remind).toHaveLength(0)
    await Promise.all([remindStaff(db, world, minutes(122)), remindStaff(db, world, minutes(122))])
    await remindStaff(db, world, minutes(400))
    expect(asked.remind).toHaveLength(1)
    await run(db, "update outbox_parcels set reminders = '{}'")
    await remindStaff(db, world, minutes(10 * 60))
    expect(asked.remind).toHaveLength(1)
  })

  it("when somebody asks for it, up to the limit of 24 hours as the table has it that day", async () => {
    const { world, asked, id, accounts } = await handed()
    const ask = (at: Date) => tx(db, (t) => remindSend(t, world, id, at))
    for (const n of [1, 2, 3]) {
      expect(await ask(minutes(n))).toEqual({ tasks: 1 })
      await remindStaff(db, world, minutes(n))
      await remindStaff(db, world, minutes(n))
      expect(asked.remind).toHaveLength(n)
    }
    expect(await ask(minutes(4))).toMatchObject({ refused: "reminded_enough", detail: { per_day: 3 } })
    expect(await openTasks(db, id)).toEqual([
      { account_id: accounts[0]!.id, tasks: 1, reminded_at: minutes(3) },
    ])
    expect(await ask(minutes(24 * 60 + 2))).toEqual({ tasks: 1 })
    const limit = {
      name: "staffed.mass_send.reminders",
      per: "day",
      source: "team",
      effective_from: "2026-01-01",
    }
    await publishLimits(db, [{ ...limit, value: 3, unit: "count" }])
    await correctLimit(db, { ...limit, value: 1 }, newId())
    expect(await ask(minutes(24 * 60 + 2))).toMatchObject({ refused: "reminded_enough" })
  })

  it("is refused at night, while the send rests, and when nobody has anything open", async () => {
    const { world, id, told } = await handed()
    const ask = (at: Date) => tx(db, (t) => remindSend(t, world, id, at))
    expect(await ask(minutes(10 * 60))).toMatchObject({ refused: "quiet_hours" })
    told.receipts = (refs) => refs.map((ref) => ({ ref, state: "confirmed" }))
    await later()
    await askReceipts(db, world, minutes(5))
    expect(await ask(minutes(6))).toMatchObject({ refused: "nothing_to_remind" })
    await tx(db, (t) => pauseSend(t, id))
    expect(await ask(minutes(6))).toMatchObject({ refused: "not_now", detail: { state: "paused" } })
    expect(await tx(db, (t) => remindSend(t, world, newId(), NOON))).toMatchObject({ refused: "not_found" })
  })

  it("one that the platform could not take now is asked for again, and does not count", async () => {
    const { world, asked, id, told } = await handed()
    await tx(db, (t) => remindSend(t, world, id, minutes(2)))
    told.remind = () => ({ failure: { class: "retry_later", code: "-1" } })
    await remindStaff(db, world, minutes(2))
    expect((await openTasks(db, id))[0]?.reminded_at).toBeNull()
    told.remind = () => ({ reminded: true })
    await remindStaff(db, world, minutes(3))
    expect(asked.remind).toHaveLength(1)
    await later()
    await remindStaff(db, world, minutes(4))
    expect(asked.remind).toHaveLength(2)
    expect((await openTasks(db, id))[0]?.reminded_at).toEqual(minutes(4))
  })
})

describe("a task in the phones of staff does not outlive its purpose", () => {
  it("a cancelled send is taken back: who had it keeps it, the rest is called off and gets the cap back", async () => {
    const { world, asked, id, told } = await handed()
    let first = ""
    told.receipts = (refs) => {
      first ||= refs[0]!
      return refs.map((ref) => ({ ref, state: ref === first ? "delivered" : "sent_to_staff" }))
    }
    await tx(db, (t) => cancelSend(t, id, newId(), minutes(5)))
    await recallTasks(db, world, minutes(6))
    await recallTasks(db, world, minutes(6))
    expect(asked.cancel).toHaveLength(1)
    await askReceipts(db, world, minutes(7))
    expect(await statesOf(db, id)).toEqual({ delivered: 1, "cancelled:send_cancelled": 2 })
    expect((await oneRow<{ n: number }>(db, "select count(*) as n from outbox_slots")).n).toBe(1)
    expect(await oneRow(db, "select state from outbox_parcels")).toEqual({ state: "done" })
  })

  it("what nobody pressed before its end is taken back and told as not confirmed, and the send ends", async () => {
    const { world, asked, id } = await handed(minutes(600))
    await recallTasks(db, world, minutes(599))
    expect(asked.cancel).toHaveLength(0)
    await recallTasks(db, world, minutes(600))
    await askReceipts(db, world, minutes(601))
    await tendSends(db, minutes(602))
    expect(await statesOf(db, id)).toEqual({ "expired:not_confirmed": 3 })
    expect((await sendById(db, id))?.state).toBe("done")
  })

  it("while the platform does not take it back, nothing is told as called off; it is tried again", async () => {
    const { world, asked, id, told } = await handed()
    told.cancel = () => ({ failure: { class: "retry_later", code: "-1" } })
    await tx(db, (t) => cancelSend(t, id, newId(), minutes(5)))
    await recallTasks(db, world, minutes(6))
    await later()
    await askReceipts(db, world, minutes(7))
    expect(await statesOf(db, id)).toEqual({ sent_to_staff: 3 })
    told.cancel = () => ({ cancelled: true })
    await recallTasks(db, world, minutes(8))
    await askReceipts(db, world, minutes(9))
    expect(asked.cancel).toHaveLength(2)
    expect(await statesOf(db, id)).toEqual({ "cancelled:send_cancelled": 3 })
  })

  it("what staff pressed just before it was taken back still brings its result", async () => {
    const { world, id, told } = await handed()
    await tx(db, (t) => cancelSend(t, id, newId(), minutes(5)))
    await recallTasks(db, world, minutes(6))
    told.receipts = (refs) => refs.map((ref) => ({ ref, state: "confirmed" }))
    await askReceipts(db, world, minutes(7))
    expect(await statesOf(db, id)).toEqual({ confirmed: 3 })
    told.receipts = (refs) => refs.map((ref) => ({ ref, state: "delivered" }))
    await later()
    await askReceipts(db, world, minutes(8))
    expect(await statesOf(db, id)).toEqual({ delivered: 3 })
  })
})

describe("what people send by hand", () => {
  async function byHand() {
    const { channel } = memoryChannel("plain", { can: false })
    const { world, accounts } = await company(db, channel)
    await befriend(db, accounts[0]!.id, 2)
    const id = await approvedSend(db, world)
    await deliverOnce(db, world, minutes(1))
    const open = await assignmentsOf(db, { staff_ids: null, from: NOON, until: days(2) })
    return { id, open }
  }

  it("is not sent when its day ends undone, so that the send ends; done later all the same, it is delivered", async () => {
    const { id, open } = await byHand()
    await tx(db, (t) => markMissed(t, minutes(10 * 60)))
    await tendSends(db, minutes(10 * 60))
    expect(await statesOf(db, id)).toEqual({ "expired:not_done_by_hand": 2 })
    expect((await sendById(db, id))?.state).toBe("done")
    await tx(db, (t) => doAssignment(t, open[0]!.id, { staff_id: newId() }, days(1)))
    expect(await statesOf(db, id)).toEqual({ delivered: 1, "expired:not_done_by_hand": 1 })
  })

  it("is off everybody's list once the send is cancelled", async () => {
    const { id, open } = await byHand()
    await tx(db, (t) => doAssignment(t, open[0]!.id, { staff_id: newId() }, minutes(2)))
    await tx(db, (t) => cancelSend(t, id, newId(), minutes(5)))
    expect(await statesOf(db, id)).toEqual({ delivered: 1, "cancelled:send_cancelled": 1 })
    const left = await assignmentsOf(db, { staff_ids: null, from: NOON, until: days(2) })
    expect(left.map((a) => a.state)).toEqual(["done"])
  })
})
