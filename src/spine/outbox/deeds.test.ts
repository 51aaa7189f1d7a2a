import { beforeAll, describe, expect, it } from "vitest"
import { type Delivery, defineChannel, type Parcel, type Resolution } from "../../channels/protocol/index.ts"
import { newId } from "../../kernel/ids.ts"
import { type Db, rows, run, tx } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { doDeeds, type NewDeed, orderDeeds } from "./deeds.ts"
import { assignmentsOf } from "./index.ts"
import { company, days, minutes, NOON } from "./outbox.fixture.ts"

let db: Db
const seen: Parcel[] = []
const told = {
  answer: (parcel: Parcel): Delivery => accept(parcel),
  resolve: (parcel: Parcel): Resolution => ({ known: true, delivery: accept(parcel) }),
}
const accept = (parcel: Parcel): Delivery => ({
  outcomes: parcel.recipients.map(({ key }) => ({ key, outcome: "accepted" })),
})
const refuse = (parcel: Parcel, kind: "never" | "wait_window", code: string): Delivery => ({
  outcomes: parcel.recipients.map(({ key }) => ({
    key,
    outcome: "refused",
    failure: { class: kind, code },
  })),
})
const mover = defineChannel({
  name: "mover",
  touches: {
    transfer_customer: {
      parcel_size: 2,
      repeatable: false,
      confirmed_by_staff: false,
      async deliver(parcel) {
        seen.push(parcel)
        return told.answer(parcel)
      },
      resolve: async (parcel) => told.resolve(parcel),
    },
  },
  services: {},
  senses: [],
  limits: [],
})
beforeAll(async () => {
  db = await testDb()
})

let made = 0
async function ordered(count: number, more: { kind?: "transfer_customer" | "remark"; days?: number } = {}) {
  const { world, accounts } = await company(db, mover)
  const n = ++made
  const deeds = Array.from({ length: count }, (_, i): NewDeed => {
    const common = {
      key: `d${n}.${i}`,
      account_id: accounts[0]!.id,
      ref: `wm${n}.${i}`,
      subject_id: newId(),
      by_hand: { title: `把客户${i}交给成交号`, script: "", customer_id: null },
      due_at: NOON,
      expires_at: days(more.days ?? 3),
    }
    return more.kind === "remark"
      ? { ...common, kind: "remark", payload: { remark: "新备注" } }
      : { ...common, kind: "transfer_customer", payload: { to_account_ref: "sales", resigned: false } }
  })
  await tx(db, (t) => orderDeeds(t, deeds))
  seen.length = 0
  return { world, deeds, keys: deeds.map((d) => d.key), custodian: accounts[0]!.custodian_staff_id! }
}
const states = async (keys: string[]) =>
  rows<{ state: string; reason: string | null }>(
    db,
    "select state, reason from outbox_deeds where key = any($1) order by key",
    [keys],
  )
const facts = async (keys: string[]) =>
  (
    await rows<{ type: string; reason: string | null }>(
      db,
      "select type, payload->>'reason' as reason from facts where type like 'deed.%' and payload->>'key' = any($1) order by id",
      [keys],
    )
  ).map((f) => [f.type, f.reason])

describe("what a channel is asked for beside messages", () => {
  it("goes out once in parcels of the channel's size, whoever works and however often it is ordered, and is told once", async () => {
    const { world, deeds, keys } = await ordered(5)
    await tx(db, (t) => orderDeeds(t, deeds))
    await Promise.all([1, 2, 3].map(() => doDeeds(db, world, NOON)))
    await doDeeds(db, world, minutes(5))
    expect(seen.flatMap((p) => p.recipients.map((r) => r.key)).sort()).toEqual(keys)
    expect(Math.max(...seen.map((p) => p.recipients.length))).toBe(2)
    expect(await facts(keys)).toEqual(keys.map(() => ["deed.done", null]))
  })

  it("is not done before its time, and not after its end: what is too late is told, not done", async () => {
    const { world, keys } = await ordered(1, { days: 1 })
    await doDeeds(db, world, minutes(-1))
    expect((await states(keys))[0]!.state).toBe("waiting")
    await doDeeds(db, world, days(1))
    expect(seen).toEqual([])
    expect(await facts(keys)).toEqual([["deed.failed", "window_passed"]])
  })

  it("of which nobody knows whether it was done is asked about, never repeated", async () => {
    const { world, keys } = await ordered(1)
    told.answer = () => {
      throw new Error("the line broke")
    }
    await doDeeds(db, world, NOON)
    expect((await states(keys))[0]).toEqual({ state: "unknown", reason: "the line broke" })
    await run(
      db,
      "update outbox_deeds set lease_until = clock_timestamp() - interval '1 ms' where key = any($1)",
      [keys],
    )
    await doDeeds(db, world, minutes(1))
    told.answer = accept
    expect(seen).toHaveLength(1)
    expect(await facts(keys)).toEqual([["deed.done", null]])
  })

  it("whose worker died with it in hand is asked about by the next worker", async () => {
    const { world, keys } = await ordered(1)
    await run(
      db,
      `update outbox_deeds set state = 'handing', attempts = 1, parcel_id = $2, asked_at = $3, lease_until = clock_timestamp() - interval '1 s'
       where key = any($1)`,
      [keys, newId(), NOON],
    )
    await doDeeds(db, world, minutes(1))
    expect(seen).toEqual([])
    expect(await facts(keys)).toEqual([["deed.done", null]])
  })

  it("that the platform's day has no more room for waits for the next day; what it refuses for good ends with the reason", async () => {
    const { world, keys } = await ordered(2)
    told.answer = (parcel) => refuse(parcel, "wait_window", "45009")
    await doDeeds(db, world, NOON)
    expect(await states(keys)).toEqual(keys.map(() => ({ state: "waiting", reason: "45009" })))
    told.answer = (parcel) => refuse(parcel, "never", "40128")
    await doDeeds(db, world, minutes(60))
    expect(seen).toHaveLength(1)
    await doDeeds(db, world, days(1))
    told.answer = accept
    expect(await facts(keys)).toEqual(keys.map(() => ["deed.failed", "40128"]))
  })

  it("that no interface does becomes the task of whoever holds the account", async () => {
    const { world, keys, custodian } = await ordered(1, { kind: "remark" })
    await doDeeds(db, world, NOON)
    expect((await states(keys))[0]).toEqual({ state: "by_hand", reason: "cannot:remark" })
    const tasks = await assignmentsOf(db, { staff_ids: [custodian], from: NOON, until: days(1) })
    expect(tasks.map((a) => [a.kind, a.title, a.cause_key])).toEqual([
      ["remark", "把客户0交给成交号", `deed:${keys[0]}`],
    ])
  })
})
