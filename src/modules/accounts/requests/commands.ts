import { newId } from "../../../kernel/ids.ts"
import { type Refusal, refuse } from "../../../kernel/result.ts"
import type { Tx } from "../../../platform/db.ts"
import { staffNames } from "../../staff/index.ts"
import type { Note } from "../life/commands.ts"
import { livingForUpdate } from "../life/store.ts"
import type { AccountFunction } from "../rules.ts"
import { readSettings } from "../settings/settings.ts"
import { decideRequest, insertRequest, promiseOf, type RequestState, requestForUpdate } from "./store.ts"

type Done = { id: string; state: RequestState }

/** Somebody asks for an account to use: for themself or for a colleague. */
export async function askForUse(
  t: Tx,
  asked: { for_staff_id: string; function: AccountFunction; reason: string },
  by: string,
  now: Date,
  note: Note,
): Promise<Done | Refusal<"staff_unknown">> {
  if (!(await staffNames(t, [asked.for_staff_id])).has(asked.for_staff_id))
    return refuse("staff_unknown", { field: "for_staff_id" })
  const id = newId(now.getTime())
  await insertRequest(t, { id, requested_by: by, ...asked, made_at: now })
  note({ target: `account_request:${id}`, after: asked })
  return { id, state: "open" }
}

type DecideRefusal = Refusal<
  "not_found" | "request_closed" | "self_check" | "account_unknown" | "account_not_ready" | "account_promised"
>

/** A keeper says which account it shall be; until it is handed over it is promised to nobody else. */
export async function approve(
  t: Tx,
  id: string,
  given: { account_id: string; note: string },
  by: string,
  now: Date,
  note: Note,
): Promise<Done | DecideRefusal> {
  const request = await requestForUpdate(t, id)
  if (!request) return refuse("not_found")
  if (request.state !== "open") return refuse("request_closed", { detail: { state: request.state } })
  const { small_team } = await readSettings(t)
  if (!small_team && request.for_staff_id === by) return refuse("self_check")
  const account = await livingForUpdate(t, given.account_id)
  if (!account) return refuse("account_unknown", { field: "account_id" })
  if (account.state !== "ready" || account.custodian_staff_id !== null)
    return refuse("account_not_ready", { field: "account_id", detail: { state: account.state } })
  if (await promiseOf(t, account.id)) return refuse("account_promised", { field: "account_id" })
  await decideRequest(t, id, { state: "approved", account_id: account.id, by, note: given.note, now })
  note({
    target: `account_request:${id}`,
    before: { state: "open" },
    after: { state: "approved", account_id: account.id },
  })
  return { id, state: "approved" }
}

/** A keeper says no, with a reason; also to what was approved and not yet handed over. */
export async function reject(
  t: Tx,
  id: string,
  given: { note: string },
  by: string,
  now: Date,
  note: Note,
): Promise<Done | DecideRefusal> {
  return close(t, id, "rejected", given.note, by, now, note)
}

/** Whoever asked takes it back. */
export async function cancel(
  t: Tx,
  id: string,
  by: string,
  now: Date,
  note: Note,
): Promise<Done | DecideRefusal> {
  const request = await requestForUpdate(t, id)
  if (!request || request.requested_by !== by) return refuse("not_found")
  return close(t, id, "cancelled", "", by, now, note)
}

async function close(
  t: Tx,
  id: string,
  state: "rejected" | "cancelled",
  why: string,
  by: string,
  now: Date,
  note: Note,
): Promise<Done | DecideRefusal> {
  const request = await requestForUpdate(t, id)
  if (!request) return refuse("not_found")
  if (request.state !== "open" && request.state !== "approved")
    return refuse("request_closed", { detail: { state: request.state } })
  await decideRequest(t, id, { state, account_id: request.account_id, by, note: why, now })
  note({
    target: `account_request:${id}`,
    before: { state: request.state },
    after: { state, ...(why ? { note: why } : {}) },
  })
  return { id, state }
}
