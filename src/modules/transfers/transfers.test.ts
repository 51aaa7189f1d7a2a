import { describe, expect, it } from "vitest"
import { newId } from "../../kernel/ids.ts"
import { isRefused } from "../../kernel/result.ts"
import { oneRow, rows, run, tx } from "../../platform/db.ts"
import { endContacts } from "../customers/index.ts"
import { cancel } from "./commands.ts"
import { takeTransferFailures } from "./handlers.ts"
import { planTransfer } from "./plan.ts"
import { pollTransfers } from "./run.ts"
import {
  arrive,
  boss,
  colleague,
  db,
  deps,
  friends,
  hours,
  now,
  openAssignmentFor,
  openCompany,
  ownerOf,
  pass,
  passed,
  people,
  refsOf,
  settle,
  states,
  told,
  wire,
} from "./transfers.test-kit.ts"

openCompany()

describe("customers who pass to a colleague", () => {
  it("are handed over in parcels of 100 with the words for them, and are the colleague's when they have arrived, not before", async () => {
    const [from, to] = [await colleague("旧"), await colleague("新")]
    const ids = await friends(from, 130)
    const id = await passed(people(ids), to)
    await settle(now)
    expect(wire.seen.map((p) => p.recipients.length).sort()).toEqual([100, 30])
    expect(wire.seen[0]).toMatchObject({
      account_ref: from.ref,
      payload: { to_account_ref: to.ref, resigned: false, message: "以后由我来服务您" },
    })
    expect(await states(id)).toEqual({ waiting: 130 })
    expect(await ownerOf(ids[0]!)).toBe(from.staff_id)
    await openAssignmentFor(ids[0]!, from.staff_id)
    await arrive(ids.slice(0, 1), to)
    await settle(hours(24))
    expect(await ownerOf(ids[0]!)).toBe(to.staff_id)
    expect(await told(ids[0]!)).toEqual(["customer.transfer_asked", "customer.transferred"])
    const task = await oneRow<{ who: string }>(
      db,
      "select assignee_staff_id as who from outbox_assignments where customer_id = $1",
      [ids[0]],
    )
    expect(task.who).toBe(to.staff_id)
  })

  it("are no newcomers there: the journey of new friends does not begin again", async () => {
    const [from, to] = [await colleague("旧"), await colleague("新")]
    const [customer] = await friends(from, 1)
    const { ref } = await oneRow<{ ref: string }>(
      db,
      "select external_userid as ref from customers_contacts where customer_id = $1",
      [customer],
    )
    await tx(db, (t) =>
      endContacts(t, [
        { account_id: from.account_id, external_userid: ref, at: hours(24), origin: "live", by: "transfer" },
      ]),
    )
    await arrive([customer!], to)
    const added = await rows<{ first: boolean }>(
      db,
      "select (payload->>'first')::boolean as first from facts where subject = $1 and type = 'customer.contact_added' order by tx, id",
      [customer],
    )
    expect(added.map((f) => f.first)).toEqual([true, false])
  })

  it("who refuse, or whom the colleague has no room for, stay with whom they were, and it is told", async () => {
    const [from, to] = [await colleague("旧"), await colleague("新")]
    const [one, two] = await friends(from, 2)
    const id = await passed(people([one!, two!]), to)
    await settle(now)
    const refs = await refsOf([one!, two!])
    await tx(db, (t) =>
      takeTransferFailures(
        t,
        "wecom",
        [
          { to_ref: to.ref, external_ref: refs[0]!, reason: "refused" },
          { to_ref: to.ref, external_ref: refs[1]!, reason: "limit_exceeded" },
          { to_ref: "nobody", external_ref: "wm-unknown", reason: "refused" },
        ],
        hours(1),
      ),
    )
    expect(await states(id)).toEqual({ refused: 1, full: 1 })
    expect(await ownerOf(one!)).toBe(from.staff_id)
    expect(await told(one!)).toEqual(["customer.transfer_asked", "customer.transfer_failed"])
    await arrive([one!], to)
    await settle(hours(24))
    expect(await states(id)).toEqual({ refused: 1, full: 1 })
  })

  it("whose news were lost are asked about, and what the platform never answers ends as failed", async () => {
    const [from, to] = [await colleague("旧"), await colleague("新")]
    const ids = await friends(from, 3)
    const id = await passed(people(ids), to)
    await settle(now)
    const refs = await refsOf(ids)
    wire.results = [
      { ref: refs[0]!, status: "done" },
      { ref: refs[1]!, status: "refused" },
      { ref: refs[2]!, status: "waiting" },
    ]
    await pollTransfers(db, deps, hours(25))
    expect(await states(id)).toEqual({ done: 1, refused: 1, waiting: 1 })
    await pollTransfers(db, deps, hours(25.5))
    expect(await ownerOf(ids[0]!)).toBe(to.staff_id)
    await pollTransfers(db, deps, hours(24 * 5))
    expect(await states(id)).toEqual({ done: 1, refused: 1, failed: 1 })
  })

  it("whom the platform refuses at once have not been handed over", async () => {
    const [from, to] = [await colleague("旧"), await colleague("新")]
    const [one] = await friends(from, 1)
    const id = await passed(people([one!]), to)
    wire.answer = (parcel) => ({
      outcomes: parcel.recipients.map(({ key }) => ({
        key,
        outcome: "refused",
        failure: { class: "never", code: "40131" },
      })),
    })
    await settle(now)
    expect(await states(id)).toEqual({ failed: 1 })
    expect(await ownerOf(one!)).toBe(from.staff_id)
  })

  it("in service pass over twice in ninety days; the third time is held, and is said in the trial", async () => {
    const [from, to] = [await colleague("旧"), await colleague("新")]
    const ids = await friends(from, 1)
    for (const _ of [1, 2]) {
      await run(
        db,
        `insert into transfers_customers (customer_id, transfer_id, from_account_id, to_account_id, state, effective_at, asked_at)
         values ($1, $2, $3, $4, 'done', $5, $5)`,
        [ids[0], newId(), from.account_id, to.account_id, hours(-24 * 30)],
      )
    }
    const plan = await planTransfer(db, deps, { who: people(ids), to_account_id: to.account_id }, null, now)
    expect(isRefused(plan) ? plan : plan.decided[0]!.decision).toEqual({
      kind: "held",
      code: "transferred_often",
    })
    expect(await pass(people(ids), to)).toMatchObject({ refused: "nobody_to_pass" })
  })

  it("two people who pass one customer on at the same moment: one does, the other is told that the number changed", async () => {
    const [from, to] = [await colleague("旧"), await colleague("新")]
    const ids = await friends(from, 5)
    const both = await Promise.all([pass(people(ids), to), pass(people(ids), to)])
    const refused = both.filter(isRefused)
    expect(refused).toHaveLength(1)
    expect(["count_changed", "nobody_to_pass"]).toContain(refused[0]!.refused)
    const open = await oneRow<{ n: number }>(
      db,
      "select count(*)::int as n from transfers_customers where customer_id = any($1)",
      [ids],
    )
    expect(open.n).toBe(5)
  })

  it("wait for the day that was named, and are called off before it; what has begun runs its course", async () => {
    const [from, to] = [await colleague("旧"), await colleague("新")]
    const ids = await friends(from, 2)
    const later = await pass(people(ids), to, { effective_at: hours(48) })
    if (isRefused(later)) throw new Error(later.refused)
    await settle(now)
    expect(await states(later.id)).toEqual({ planned: 2 })
    expect(await tx(db, (t) => cancel(t, later.id, boss, now))).toEqual({ cancelled: 2 })
    expect(await tx(db, (t) => cancel(t, later.id, boss, now))).toEqual({ refused: "nothing_waits" })
    await settle(hours(48))
    expect(wire.seen.filter((p) => p.account_ref === from.ref)).toEqual([])
    expect(await pass(people(ids), to, { effective_at: hours(-1) })).toMatchObject({
      refused: "time_invalid",
    })
    expect(await pass(people(ids), to, { confirmed: 7 })).toMatchObject({ refused: "count_changed" })
  })

  it("pass to nobody's account, one with a hazard, or one that is not there: refused before anything is written", async () => {
    const [from, to] = [await colleague("旧"), await colleague("新")]
    const ids = await friends(from, 1)
    expect(await pass(people(ids), { ...to, account_id: newId() })).toMatchObject({
      refused: "account_unknown",
    })
    await run(db, "update accounts_accounts set hazard = 'restricted' where id = $1", [to.account_id])
    expect(await pass(people(ids), to)).toMatchObject({ refused: "account_stopped" })
    await run(db, "update accounts_accounts set hazard = 'none', custodian_staff_id = null where id = $1", [
      to.account_id,
    ])
    expect(await pass(people(ids), to)).toMatchObject({ refused: "account_unheld", field: "to_account_id" })
  })
})
