import { beforeAll, beforeEach, describe, expect, it } from "vitest"
import { newId } from "../../kernel/ids.ts"
import { isRefused } from "../../kernel/result.ts"
import { type Db, run, tx } from "../../platform/db.ts"
import type { Context } from "../../platform/http/index.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { newCustomers, setValues, shop } from "../../spine/audiences/shop.fixture.ts"
import {
  approveSend,
  askReceipts,
  cancelSend,
  deliverOnce,
  pauseSend,
  rejectSend,
  tendSends,
} from "../../spine/outbox/index.ts"
import { company, memoryChannel, minutes, NOON } from "../../spine/outbox/outbox.fixture.ts"
import { prepareTraits } from "../../spine/traits/index.ts"
import { compose, planSends, type SendsDeps, submit } from "./commands.ts"
import { sendBody } from "./contract.ts"
import { jobsOf } from "./jobs.ts"
import { JOBS_LATELY_MS } from "./limits.ts"
import { saveDraftRow } from "./store.ts"

let db: Db
let people: string[]
const author = { staff_id: newId(), scope: null }

beforeAll(async () => {
  db = await testDb()
  await prepareTraits(db, shop)
  people = await newCustomers(db, 20)
  await setValues(
    db,
    people.map((id) => [id, { spent: null, last: null, step: "customer", tags: [], grouped: null }] as const),
    NOON,
  )
})
beforeEach(async () => {
  await run(db, "drop table if exists test_contacts")
  await run(
    db,
    "truncate outbox_touches, outbox_slots, outbox_use, outbox_sends, outbox_parcels, sends_sends",
  )
})

async function place() {
  const made = memoryChannel("m", { size: 100, confirmed: true })
  const { world, accounts } = await company(db, made.channel, { quota: 1_000 })
  await run(
    db,
    `insert into test_contacts (customer_id, account_id, ref, name, added_at)
     select id, $1, 'wm_' || id, '客', '2026-01-01' from unnest($2::uuid[]) id`,
    [accounts[0]!.id, people],
  )
  const deps: SendsDeps = { world, registry: () => shop, segmentRule: async () => ({ refused: "not_found" }) }
  return { deps, told: made.told }
}

async function submitted(deps: SendsDeps, name: string): Promise<string> {
  const rule = { offer: "shop.paid", version: 1, args: {} }
  const body = sendBody.parse({ name, text: "今晚八点", rule, send_at: minutes(60).toISOString() })
  const made = await compose(db, deps, body, author, NOON)
  if (isRefused(made)) throw new Error(made.refused)
  await saveDraftRow(db, made, author.staff_id, NOON)
  await tx(db, (t) => submit(t, deps, made.id, author, NOON))
  return made.id
}

const jobs = async (now = NOON, scope: string[] | null = null, staff_id = newId()) =>
  jobsOf({ db, now, actor: { scope, staff_id } } as unknown as Context)

describe("sends under way and lately ended", () => {
  it("a send is told of from the request for approval to its end, with how many of how many", async () => {
    const { deps, told } = await place()
    const id = await submitted(deps, "返场")
    expect(await jobs()).toMatchObject([{ id, name: "返场", state: "awaiting_approval", ended_at: null }])
    await tx(db, (t) => approveSend(t, id, newId(), NOON))
    await planSends(db, deps, NOON)
    expect(await jobs()).toMatchObject([{ state: "running", planned: 20, settled: 0 }])
    await deliverOnce(db, deps.world, minutes(61))
    told.receipts = (refs) => refs.map((ref, i) => ({ ref, state: i < 3 ? "not_friend" : "delivered" }))
    await run(db, "update outbox_parcels set next_try_at = '2000-01-01'")
    await askReceipts(db, deps.world, minutes(90))
    await tendSends(db, minutes(91))
    const ended = { state: "partly_failed", planned: 20, settled: 20, delivered: 17, missed: 3 }
    expect(await jobs(minutes(92))).toMatchObject([{ ...ended, ended_at: minutes(91) }])
    // Counted once, at its end: what happens to the rows later changes nothing that was told.
    await run(db, "truncate outbox_touches")
    expect(await jobs(minutes(92))).toMatchObject([ended])
  })

  it("one that reached everybody is done, and no part of it failed", async () => {
    const { deps, told } = await place()
    const id = await submitted(deps, "返场")
    await tx(db, (t) => approveSend(t, id, newId(), NOON))
    await planSends(db, deps, NOON)
    await deliverOnce(db, deps.world, minutes(61))
    told.receipts = (refs) => refs.map((ref) => ({ ref, state: "delivered" }))
    await run(db, "update outbox_parcels set next_try_at = '2000-01-01'")
    await askReceipts(db, deps.world, minutes(90))
    await tendSends(db, minutes(91))
    expect(await jobs(minutes(92))).toMatchObject([{ state: "done", delivered: 20, missed: 0 }])
  })

  it("paused stays, cancelled and rejected are told of for three days and then no more", async () => {
    const { deps } = await place()
    const [paused, cancelled, rejected] = [
      await submitted(deps, "停"),
      await submitted(deps, "消"),
      await submitted(deps, "驳"),
    ]
    await tx(db, (t) => approveSend(t, paused, newId(), NOON))
    await tx(db, (t) => pauseSend(t, paused))
    await tx(db, (t) => cancelSend(t, cancelled, newId(), NOON))
    await tx(db, (t) => rejectSend(t, rejected, newId(), "不合适", NOON))
    const states = async (at: Date) => (await jobs(at)).map((job) => job.state).sort()
    expect(await states(minutes(1))).toEqual(["cancelled", "paused", "rejected"])
    expect(await states(new Date(NOON.getTime() + JOBS_LATELY_MS))).toEqual(["paused"])
  })

  it("who sees only their own is told of no colleague's send", async () => {
    const { deps } = await place()
    await submitted(deps, "返场")
    expect(await jobs(NOON, [newId()])).toEqual([])
    expect(await jobs(NOON, [], author.staff_id)).toHaveLength(1)
  })
})
