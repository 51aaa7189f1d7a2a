import { newId } from "../../../kernel/ids.ts"
import { isRefused, type Refusal, refuse } from "../../../kernel/result.ts"
import type { Queryable, Tx } from "../../../platform/db.ts"
import { append } from "../../../spine/facts/index.ts"
import { staffNames } from "../../staff/index.ts"
import { custodyChanged, custodySigned } from "../events.ts"
import { NO_EVIDENCE, type Note, takeStep } from "../life/commands.ts"
import { type MoveRefusal, NEXT, planMove, type State } from "../life/rules.ts"
import { livingForUpdate } from "../life/store.ts"
import { fulfilRequest, promiseOf } from "../requests/store.ts"
import { readSettings } from "../settings/settings.ts"
import {
  type Checklist,
  type HANDOVER_ITEMS,
  type HandOverRefusal,
  missingOf,
  planHandOver,
  RETURN_ITEMS,
} from "./rules.ts"
import {
  BY_DIRECTORY,
  closeReturn,
  custodyNow,
  type Given,
  insertReturn,
  setCustodian,
  sign,
} from "./store.ts"

/** Passes custody and tells it; every change of hands goes through here. */
export async function passCustody(
  t: Tx,
  id: string,
  from: string | null,
  to: string | null,
  now: Date,
  given: Given = BY_DIRECTORY,
): Promise<void> {
  await setCustodian(t, id, to, given, now)
  await append(t, [
    custodyChanged.of({ subject: id, occurred_at: now, payload: { from_staff_id: from, to_staff_id: to } }),
  ])
}

/** The name of whoever stands in a refusal's way, so that a person reads more than an id. */
async function named<R extends Refusal>(q: Queryable, refusal: R): Promise<R> {
  const id = refusal.detail?.custodian_staff_id ?? refusal.detail?.staff_id
  if (typeof id !== "string") return refusal
  const name = (await staffNames(q, [id])).get(id) ?? null
  return { ...refusal, detail: { ...refusal.detail, name } }
}

type HandOver = {
  staff_id: string | null
  from_staff_id: string | null
  checklist: (Checklist<(typeof HANDOVER_ITEMS)[number]> & { top_up_by?: string | undefined }) | null
  note: string
}

/** Gives an account into somebody's hands. Two who do it at once: the second is told that it is held already. */
export async function handOver(
  t: Tx,
  id: string,
  asked: HandOver,
  by: string,
  now: Date,
  note: Note,
): Promise<{ id: string; state: State } | HandOverRefusal | Refusal<"not_found" | "staff_unknown">> {
  const account = await livingForUpdate(t, id)
  if (!account) return refuse("not_found")
  if (asked.staff_id && !(await staffNames(t, [asked.staff_id])).has(asked.staff_id))
    return refuse("staff_unknown", { field: "staff_id" })
  const promise = await promiseOf(t, id)
  const { small_team } = await readSettings(t)
  const plan = planHandOver(
    { ...account, promised_to: promise?.for_staff_id ?? null },
    { to: asked.staff_id, from: asked.from_staff_id, doer: by, small_team, checklist: asked.checklist },
  )
  if (isRefused(plan)) return named(t, plan)
  await passCustody(t, id, account.custodian_staff_id, asked.staff_id, now, {
    handed_by: by,
    checklist: asked.checklist,
    note: asked.note,
    request_id: promise?.id ?? null,
    self_checked: plan.self_checked,
  })
  if (promise && asked.staff_id) await fulfilRequest(t, promise.id)
  note({
    target: `account:${id}`,
    before: { custodian: account.custodian_staff_id },
    after: { custodian: asked.staff_id, checklist: asked.checklist, self_checked: plan.self_checked },
  })
  return { id, state: account.state }
}

/** The custodian says with their own sign-in that they have it; one that lay ready is in use from then on. */
export async function signFor(
  t: Tx,
  id: string,
  by: string,
  now: Date,
  note: Note,
): Promise<
  { id: string; state: State } | MoveRefusal | Refusal<"not_found" | "not_custodian" | "signed_already">
> {
  const account = await livingForUpdate(t, id)
  if (!account) return refuse("not_found")
  if (account.custodian_staff_id !== by) return refuse("not_custodian")
  const custody = await custodyNow(t, id)
  if (custody?.signed_at) return refuse("signed_already")
  await sign(t, id, now)
  await append(t, [custodySigned.of({ subject: id, occurred_at: now, payload: { staff_id: by } })])
  note({ target: `account:${id}`, after: { signed_by: by } })
  if (account.state !== "ready") return { id, state: account.state }
  const { ready_level, small_team } = await readSettings(t)
  const move = planMove(account, { to: "in_use", doer: by, ready_level, small_team })
  if (isRefused(move)) return move
  await takeStep(t, id, move, by, NO_EVIDENCE, now)
  return { id, state: "in_use" }
}

/** An account begins its way back: its custodian gives it, or a keeper asks for it. It sends nothing from then on. */
export async function giveBack(
  t: Tx,
  id: string,
  given: { reason: string },
  doer: { staff_id: string; keeper: boolean },
  now: Date,
  note: Note,
): Promise<{ id: string; state: State } | MoveRefusal | Refusal<"not_found" | "not_custodian">> {
  const account = await livingForUpdate(t, id)
  if (!account) return refuse("not_found")
  if (account.custodian_staff_id !== doer.staff_id && !doer.keeper) return refuse("not_custodian")
  const { ready_level, small_team } = await readSettings(t)
  const move = planMove(account, { to: "returning", doer: doer.staff_id, ready_level, small_team })
  if (isRefused(move)) return move
  await insertReturn(t, id, {
    id: newId(now.getTime()),
    custodian_staff_id: account.custodian_staff_id,
    begun_by: doer.staff_id,
    begun_at: now,
    reason: given.reason,
  })
  await takeStep(t, id, move, doer.staff_id, { note: given.reason, file_id: null }, now)
  note({ target: `account:${id}`, before: { state: "in_use" }, after: { state: "returning", ...given } })
  return { id, state: "returning" }
}

export type TakeBack = {
  to: "ready" | "retired"
  checklist: Checklist<(typeof RETURN_ITEMS)[number]>
  note: string
}

/** Somebody who does not hold it checks that everything is back; nobody holds it then. */
export async function takeBack(
  t: Tx,
  id: string,
  given: TakeBack,
  by: string,
  now: Date,
  note: Note,
): Promise<{ id: string; state: State } | MoveRefusal | Refusal<"not_found" | "checklist_incomplete">> {
  const account = await livingForUpdate(t, id)
  if (!account) return refuse("not_found")
  const { small_team } = await readSettings(t)
  // What was ready once is not asked for its level again.
  const move = planMove(account, { to: given.to, doer: by, ready_level: 0, small_team })
  if (isRefused(move)) return named(t, move)
  if (account.state !== "returning")
    return refuse("illegal_transition", {
      field: "to",
      detail: { state: account.state, allowed: NEXT[account.state] },
    })
  const missing = missingOf(RETURN_ITEMS, given.checklist)
  if (missing.length > 0) return refuse("checklist_incomplete", { field: "checklist", detail: { missing } })
  await closeReturn(t, id, {
    checklist: given.checklist,
    note: given.note,
    to_state: given.to,
    checked_by: by,
    checked_at: now,
    self_checked: move.self_checked,
  })
  if (account.custodian_staff_id) await passCustody(t, id, account.custodian_staff_id, null, now)
  await takeStep(t, id, move, by, { note: given.note, file_id: null }, now)
  note({
    target: `account:${id}`,
    before: { state: "returning", custodian: account.custodian_staff_id },
    after: { state: given.to, checklist: given.checklist, self_checked: move.self_checked },
  })
  return { id, state: given.to }
}

/** An owner gives an account up, with a reason: nobody holds it then, and it never comes back. */
export async function writeOff(
  t: Tx,
  id: string,
  given: { reason: string },
  by: string,
  now: Date,
  note: Note,
): Promise<{ id: string; state: State } | MoveRefusal | Refusal<"not_found">> {
  const account = await livingForUpdate(t, id)
  if (!account) return refuse("not_found")
  const { ready_level, small_team } = await readSettings(t)
  const move = planMove(account, { to: "written_off", doer: by, ready_level, small_team })
  if (isRefused(move)) return move
  if (account.custodian_staff_id) await passCustody(t, id, account.custodian_staff_id, null, now)
  await takeStep(t, id, move, by, { note: given.reason, file_id: null }, now)
  note({
    target: `account:${id}`,
    before: { state: "in_use", custodian: account.custodian_staff_id },
    after: { state: "written_off", ...given },
  })
  return { id, state: "written_off" }
}
