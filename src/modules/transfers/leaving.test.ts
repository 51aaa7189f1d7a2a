import { describe, expect, it } from "vitest"
import { newId } from "../../kernel/ids.ts"
import { oneRow, run, tx } from "../../platform/db.ts"
import { takeGone, takeListed } from "../staff/index.ts"
import { callOff, close, note, passOn, start } from "./leaving/commands.ts"
import { holdingsOf } from "./leaving/holdings.ts"
import { countUnowned, tendLeavings } from "./leaving/unowned.ts"
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
  owner,
  settle,
  told,
  wire,
} from "./transfers.test-kit.ts"

openCompany()

describe("somebody who leaves", () => {
  it("holds accounts, customers and tasks that must find other hands: closing is refused with what is left, until nothing is", async () => {
    const [goes, stays] = [await colleague("走"), await colleague("留")]
    const ids = await friends(goes, 3)
    await openAssignmentFor(ids[0]!, goes.staff_id)
    expect(await tx(db, (t) => close(t, goes.staff_id, owner(), now))).toMatchObject({
      refused: "not_leaving",
    })
    expect(
      await tx(db, (t) =>
        start(t, goes.staff_id, { note: "", by: { ...owner(), staff_id: goes.staff_id } }, now),
      ),
    ).toEqual({
      refused: "oneself",
    })
    await tx(db, (t) => start(t, goes.staff_id, { note: "", by: owner() }, now))
    const refused = await tx(db, (t) => close(t, goes.staff_id, owner(), now))
    expect(refused).toMatchObject({
      refused: "still_holds",
      detail: { accounts: [goes.ref], customers: 3, assignments: 1 },
    })
    const to = {
      customers_to_account_id: stays.account_id,
      assignments_to_staff_id: stays.staff_id,
      message: "",
    }
    const own = { ...to, customers_to_account_id: goes.account_id }
    expect(await tx(db, (t) => passOn(t, deps, goes.staff_id, own, owner(), now))).toMatchObject({
      refused: "same_person",
    })
    expect(await tx(db, (t) => passOn(t, deps, goes.staff_id, to, owner(), now))).toEqual({
      customers: 3,
      groups: 0,
      assignments: 1,
    })
    await settle(now)
    await arrive(ids, stays)
    await settle(hours(24))
    await run(db, "update accounts_accounts set custodian_staff_id = $2 where id = $1", [
      goes.account_id,
      stays.staff_id,
    ])
    expect(await holdingsOf(db, goes.staff_id)).toMatchObject({
      accounts: [],
      customers: 0,
      groups: [],
      assignments: 0,
    })
    expect(await tx(db, (t) => close(t, goes.staff_id, owner(), hours(25)))).toEqual({})
    expect((await told(ids[0]!)).at(-1)).toBe("customer.transferred")
  })

  it("of whom the channel says so leaves at once, whoever wanted it, and is handed over in the way of those who are gone", async () => {
    const [goes, stays] = [await colleague("走"), await colleague("留")]
    const ids = await friends(goes, 2)
    await tx(db, (t) => takeListed(t, [{ ref: goes.ref, name: "走", position: "", status: "left" }], now))
    await tendLeavings(db, now)
    const { status } = await oneRow<{ status: string }>(
      db,
      "select status from staff_members where id = $1",
      [goes.staff_id],
    )
    expect(status).toBe("leaving")
    await tx(db, (t) =>
      passOn(
        t,
        deps,
        goes.staff_id,
        { customers_to_account_id: stays.account_id, message: "" },
        owner(),
        now,
      ),
    )
    await settle(now)
    expect(wire.seen[0]).toMatchObject({ payload: { resigned: true } })
    await arrive(ids, stays)
    await settle(hours(24))
    await run(db, "update accounts_accounts set custodian_staff_id = null where id = $1", [goes.account_id])
    await tendLeavings(db, hours(30))
    expect(
      await oneRow(
        db,
        "select m.status, l.closed_at is not null as closed, l.began_by from staff_members m join transfers_leavings l on l.staff_id = m.id where m.id = $1",
        [goes.staff_id],
      ),
    ).toEqual({ status: "left", closed: true, began_by: null })
  })

  it("is not for everybody to send away: not for a lead of another team, and an owner only for another owner", async () => {
    const somebody = await colleague("同事")
    const stranger = { staff_id: newId(), role: "lead", scope: [newId()] }
    const begin = (id: string, by: typeof stranger | ReturnType<typeof owner>) =>
      tx(db, (t) => start(t, id, { note: "", by }, now))
    expect(await begin(somebody.staff_id, stranger)).toEqual({ refused: "not_found" })
    expect(await begin(boss, { staff_id: newId(), role: "lead", scope: null })).toEqual({
      refused: "owner_only",
    })
    expect(await begin(somebody.staff_id, { ...stranger, scope: [somebody.staff_id] })).toHaveProperty(
      "due_day",
    )
    expect(await tx(db, (t) => close(t, somebody.staff_id, stranger, now))).toEqual({ refused: "not_found" })
  })

  it("and is gone in the channel by then does not stay by a word here", async () => {
    const goes = await colleague("走")
    await tx(db, (t) => start(t, goes.staff_id, { note: "", by: owner() }, now))
    await tx(db, (t) => takeGone(t, [goes.ref], now))
    expect(await tx(db, (t) => callOff(t, goes.staff_id, owner(), now))).toEqual({ refused: "gone" })
  })

  it("with groups: they pass to the other owner through the channel, and the groups say so", async () => {
    const [goes, stays] = [await colleague("走"), await colleague("留")]
    const group = newId()
    await run(
      db,
      `insert into groups_groups (id, channel, channel_ref, name, owner_ref, seen_at, created_at)
       values ($1::uuid, 'wecom', $1::uuid::text, '福利群', $2, $3, $3)`,
      [group, goes.ref, now],
    )
    await tx(db, (t) => start(t, goes.staff_id, { note: "", by: owner() }, now))
    const to = { groups_to_account_id: stays.account_id, message: "" }
    expect(await tx(db, (t) => passOn(t, deps, goes.staff_id, to, owner(), now))).toMatchObject({ groups: 1 })
    expect(await tx(db, (t) => passOn(t, deps, goes.staff_id, to, owner(), now))).toMatchObject({ groups: 0 })
    await settle(now)
    expect(wire.seen.map((p) => [p.kind, p.account_ref])).toEqual([["transfer_group", goes.ref]])
    const { owner_ref } = await oneRow<{ owner_ref: string }>(
      db,
      "select owner_ref from groups_groups where id = $1",
      [group],
    )
    expect(owner_ref).toBe(stays.ref)
  })
})

describe("what has no owner who is here", () => {
  it("is found: accounts, friends, groups and tasks of nobody or of whoever is gone, and leavings past their day", async () => {
    const before = await countUnowned(db, now)
    const goes = await colleague("走")
    await friends(goes, 2)
    await openAssignmentFor(newId(), goes.staff_id)
    await run(
      db,
      `insert into groups_groups (id, channel, channel_ref, name, owner_ref, seen_at, created_at)
       values ($1::uuid, 'wecom', $1::uuid::text, '群', $2, $3, $3)`,
      [newId(), goes.ref, now],
    )
    expect(await countUnowned(db, now)).toEqual(before)
    const later = (await countUnowned(db, hours(24 * 8))).leavings_overdue
    await run(db, "update staff_members set status = 'leaving' where id = $1", [goes.staff_id])
    await tx(db, (t) => note(t, goes.staff_id, { note: "", by: boss }, now))
    expect(await countUnowned(db, now)).toEqual({
      accounts: before.accounts + 1,
      customers: before.customers + 2,
      groups: before.groups + 1,
      assignments: before.assignments + 1,
      leavings_overdue: before.leavings_overdue,
    })
    expect((await countUnowned(db, hours(24 * 8))).leavings_overdue).toBe(later + 1)
  })
})
