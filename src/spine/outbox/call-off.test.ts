import { beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { Delivery } from "../../channels/protocol/index.ts"
import { newId } from "../../kernel/ids.ts"
import { type Db, rows, tx } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import {
  assignmentsOf,
  callOffPlay,
  deliverOnce,
  planTouches,
  saveMessages,
  tendCalledOff,
  type World,
} from "./index.ts"
import {
  befriend,
  company,
  days,
  emptyOutbox,
  memoryChannel,
  message,
  minutes,
  NOON,
  statesOf,
} from "./outbox.fixture.ts"

let db: Db
beforeAll(async () => {
  db = await testDb()
})
beforeEach(() => emptyOutbox(db))

/** Seven messages of one enrolment that are due at once. */
async function intended(world: World, customer: string): Promise<string> {
  const m = message({ nature: "service", when_capped: "next_day" })
  const id = newId(NOON.getTime())
  await tx(db, async (t) => {
    await saveMessages(t, [m])
    const asks = Array.from({ length: 7 }, (_, visit) => ({
      customer_id: customer,
      cause: { kind: "play", id, at: NOON },
      visit,
      message_id: m.id,
      due_at: NOON,
      expires_at: days(5),
    }))
    await planTouches(t, world, asks, NOON)
  })
  return id
}
const stop = (id: string) => tx(db, (t) => callOffPlay(t, [id], "fact:order.paid", minutes(2), 2))
async function tendAll(): Promise<number[]> {
  const rounds: number[] = []
  do rounds.push(await tendCalledOff(db, minutes(3), 2))
  while (rounds.at(-1)! > 0)
  return rounds
}
const remembered = () => rows(db, "select cause_id, reason from outbox_called_off")

describe("a stopped play that intended more than one transaction calls off", () => {
  it("sends nothing of what is left, and later rounds call all of it off", async () => {
    const { channel, seen } = memoryChannel("m")
    const { world, accounts } = await company(db, channel)
    const [customer] = await befriend(db, accounts[0]!.id, 1)
    const id = await intended(world, customer!)
    await stop(id)
    expect(await statesOf(db, id)).toEqual({ "cancelled:fact:order.paid": 2, planned: 5 })
    await deliverOnce(db, world, minutes(2))
    expect(seen).toEqual([])
    expect(await tendAll()).toEqual([2, 2, 1, 0])
    expect(await statesOf(db, id)).toEqual({ "cancelled:fact:order.paid": 7 })
    await tendCalledOff(db, minutes(3))
    expect(await remembered()).toEqual([])
  })

  it("leaves no task to send by hand for a person who is out of the play", async () => {
    const { channel } = memoryChannel("hand", { can: false })
    const { world, accounts } = await company(db, channel)
    const [customer] = await befriend(db, accounts[0]!.id, 1)
    const id = await intended(world, customer!)
    await deliverOnce(db, world, minutes(1))
    const tasks = () => assignmentsOf(db, { staff_ids: null, from: NOON, until: days(6) })
    expect(await tasks()).toHaveLength(7)
    await stop(id)
    expect(await tasks()).toHaveLength(5)
    await tendAll()
    expect(await tasks()).toEqual([])
    expect(await statesOf(db, id)).toEqual({ "cancelled:fact:order.paid": 7 })
  })

  it("calls off what was with the channel at the stop and came back to be tried again; what went out stays", async () => {
    const { channel, told } = memoryChannel("later", { size: 1 })
    const { world, accounts } = await company(db, channel)
    const [customer] = await befriend(db, accounts[0]!.id, 1)
    const id = await intended(world, customer!)
    const busy = { outcome: "refused" as const, failure: { class: "retry_later" as const, code: "busy" } }
    let stopping: Promise<void> | undefined
    told.answer = async (parcel): Promise<Delivery> => {
      const went = stopping === undefined
      stopping ??= stop(id)
      await stopping
      return {
        outcomes: parcel.recipients.map(({ key }) =>
          went ? { key, outcome: "accepted" as const } : { key, ...busy },
        ),
      }
    }
    await deliverOnce(db, world, minutes(1))
    expect(await remembered()).toEqual([{ cause_id: id, reason: "fact:order.paid" }])
    await tendAll()
    expect(await statesOf(db, id)).toEqual({ "cancelled:fact:order.paid": 6, delivered: 1 })
    await tendCalledOff(db, minutes(3))
    expect(await remembered()).toEqual([])
  })
})
