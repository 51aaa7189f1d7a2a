import type { z } from "zod"
import { dayNumber } from "../../../kernel/day.ts"
import { isRefused, type Refusal, refuse } from "../../../kernel/result.ts"
import type { Queryable, Tx } from "../../../platform/db.ts"
import { append } from "../../../spine/facts/index.ts"
import { passAssignments } from "../../../spine/outbox/index.ts"
import { accountsByRef } from "../../accounts/index.ts"
import { countCustomers } from "../../customers/index.ts"
import {
  activeStaff,
  beginLeaving,
  endLeaving,
  type Member,
  memberById,
  stopLeaving,
} from "../../staff/index.ts"
import { make } from "../commands.ts"
import { leavingBegan, leavingClosed } from "../events.ts"
import { LEAVING_DAYS } from "../limits.ts"
import { type TransferDeps, targetOf } from "../plan.ts"
import { holdsNothing } from "../rules.ts"
import { closeLeavingRow, insertLeaving } from "../store-leavings.ts"
import type { planLeaving } from "./contract.ts"
import { passOwnedGroups } from "./groups.ts"
import { holdingsOf } from "./holdings.ts"

/** Who tends a leaving: by the rights of the door, within their scope, and an owner's only as an owner. */
export type Tender = { staff_id: string; role: string; scope: string[] | null }

/** Whom a tender may tend. Refused: `not_found` outside of their scope, `owner_only`. */
export async function tended(
  q: Queryable,
  id: string,
  by: Tender,
): Promise<Member | Refusal<"not_found" | "owner_only">> {
  const member = await memberById(q, id)
  if (!member || (by.scope !== null && !by.scope.includes(id))) return refuse("not_found")
  return member.role === "owner" && by.role !== "owner" ? refuse("owner_only") : member
}

/** Somebody begins to leave. Refused: `oneself`, `not_found`, `owner_only`, `not_active`, `last_owner`. */
export async function start(
  t: Tx,
  id: string,
  given: { note: string; by: Tender },
  now: Date,
): Promise<{ due_day: number } | Refusal> {
  if (id === given.by.staff_id) return refuse("oneself")
  const member = await tended(t, id, given.by)
  if (isRefused(member)) return member
  const begun = await beginLeaving(t, id)
  if (isRefused(begun)) return begun
  return note(t, id, { note: given.note, by: given.by.staff_id }, now)
}

/** Writes down that somebody leaves, with the day until which their hands should be empty. */
export async function note(
  t: Tx,
  staff_id: string,
  given: { note: string; by: string | null },
  now: Date,
): Promise<{ due_day: number }> {
  const due_day = dayNumber(now) + LEAVING_DAYS
  const begun = await insertLeaving(t, {
    staff_id,
    began_at: now,
    began_by: given.by,
    due_day,
    note: given.note,
  })
  if (begun)
    await append(t, [
      leavingBegan.of({ subject: staff_id, occurred_at: now, payload: { by_channel: given.by === null } }),
    ])
  return { due_day }
}

type Asked = z.output<typeof planLeaving.body>

/**
 * Passes on what somebody holds who leaves: customers through transfers, groups through their channel, assignments at once. Refused:
 * `not_found`, `owner_only`, `not_leaving`, `same_person`, `staff_unknown`, and whatever an account may be refused for as a target.
 */
export async function passOn(
  t: Tx,
  deps: TransferDeps,
  id: string,
  asked: Asked,
  tender: Tender,
  now: Date,
): Promise<{ customers: number; groups: number; assignments: number } | Refusal> {
  const by = tender.staff_id
  const member = await tended(t, id, tender)
  if (isRefused(member)) return member
  if (member.status !== "leaving") return refuse("not_leaving", { detail: { status: member.status } })
  const passed = { customers: 0, groups: 0, assignments: 0 }
  if (asked.customers_to_account_id) {
    const field = "customers_to_account_id"
    const target = await targetOf(t, asked.customers_to_account_id)
    if (isRefused(target)) return { ...target, field }
    if (target.custodian_staff_id === id) return refuse("same_person", { field })
    const n = await passCustomers(t, deps, member, { to: target.account_id, message: asked.message, by }, now)
    if (isRefused(n)) return n
    passed.customers = n
  }
  if (asked.groups_to_account_id) {
    const field = "groups_to_account_id"
    const target = await targetOf(t, asked.groups_to_account_id)
    if (isRefused(target)) return { ...target, field }
    if (target.custodian_staff_id === id) return refuse("same_person", { field })
    passed.groups = await passOwnedGroups(t, member.id, target.account_id, by, now)
  }
  if (asked.assignments_to_staff_id) {
    const field = "assignments_to_staff_id"
    if (asked.assignments_to_staff_id === id) return refuse("same_person", { field })
    if (!(await activeStaff(t)).has(asked.assignments_to_staff_id)) return refuse("staff_unknown", { field })
    passed.assignments = await passAssignments(t, id, asked.assignments_to_staff_id)
  }
  return passed
}

/** Whom they look after, and whoever is a friend of their own account: it goes with them. */
async function passCustomers(
  t: Tx,
  deps: TransferDeps,
  member: { id: string; channel_ref: string | null },
  to: { to: string; message: string; by: string },
  now: Date,
): Promise<number | Refusal> {
  const own = member.channel_ref ? await accountsByRef(t, "wecom", [member.channel_ref]) : []
  const filters = [{ owner_staff_id: member.id }, ...own.map((a) => ({ account_id: a.id }))]
  let passed = 0
  for (const filter of filters) {
    const people = await countCustomers(t, { ...filter, scope: null })
    if (people === 0) continue
    const asked = {
      who: { filter, people },
      to_account_id: to.to,
      reason: "leaving" as const,
      note: "",
      message: to.message,
    }
    const made = await make(t, deps, asked, { staff_id: to.by, scope: null }, now)
    if (isRefused(made) && made.refused !== "nobody_to_pass") return made
    if (!isRefused(made)) passed += made.customers
  }
  return passed
}

/** Closes a leaving; without a tender nothing is left and nobody has to. Refused: `not_leaving`, and `still_holds` with what is left. */
export async function close(
  t: Tx,
  id: string,
  tender: Tender | null,
  now: Date,
): Promise<Record<string, never> | Refusal> {
  const by = tender?.staff_id ?? null
  const member = tender ? await tended(t, id, tender) : await memberById(t, id)
  if (!member) return refuse("not_found")
  if (isRefused(member)) return member
  const held = await holdingsOf(t, id)
  if (member.status === "leaving" && !holdsNothing(held))
    return refuse("still_holds", {
      detail: {
        accounts: held.accounts.map((a) => a.name),
        customers: held.customers,
        groups: held.groups.map((g) => g.name),
        assignments: held.assignments,
      },
    })
  const ended = await endLeaving(t, id)
  if (isRefused(ended)) return ended
  await closeLeavingRow(t, id, by, now)
  await append(t, [leavingClosed.of({ subject: id, occurred_at: now, payload: { by_staff_id: by } })])
  return {}
}

/** They stay after all. Refused: `not_leaving`, and `gone` where the channel says that they left. */
export async function callOff(
  t: Tx,
  id: string,
  by: Tender,
  now: Date,
): Promise<Record<string, never> | Refusal> {
  const member = await tended(t, id, by)
  if (isRefused(member)) return member
  if (member.gone_at !== null) return refuse("gone")
  const stopped = await stopLeaving(t, id)
  if (isRefused(stopped)) return stopped
  await closeLeavingRow(t, id, by.staff_id, now)
  return {}
}
