import { newId } from "../../../kernel/ids.ts"
import { type Refusal, refuse } from "../../../kernel/result.ts"
import type { Tx } from "../../../platform/db.ts"
import { append } from "../../../spine/facts/index.ts"
import { hazardChanged, incidentHappened } from "../events.ts"
import { hasFile } from "../files/store.ts"
import type { Note } from "../life/commands.ts"
import { NEXT } from "../life/rules.ts"
import { livingForUpdate } from "../life/store.ts"
import { type Hazard, hazardAfter, type IncidentKind } from "./rules.ts"
import { closeIncidents, insertIncident, setHazard } from "./store.ts"

async function change(t: Tx, id: string, from: Hazard, to: Hazard, now: Date): Promise<void> {
  if (from === to) return
  await setHazard(t, id, to)
  await append(t, [hazardChanged.of({ subject: id, occurred_at: now, payload: { from, to } })])
}

/** Something befell an account: whoever holds it tells, or a keeper. With a hazard it stops at once. */
export async function reportIncident(
  t: Tx,
  id: string,
  given: { kind: IncidentKind; note: string; file_id: string | null },
  doer: { staff_id: string; keeper: boolean },
  now: Date,
  note: Note,
): Promise<
  { id: string; hazard: Hazard } | Refusal<"not_found" | "not_custodian" | "account_over" | "file_unknown">
> {
  const account = await livingForUpdate(t, id)
  if (!account) return refuse("not_found")
  if (account.custodian_staff_id !== doer.staff_id && !doer.keeper) return refuse("not_custodian")
  if (NEXT[account.state].length === 0) return refuse("account_over", { detail: { state: account.state } })
  if (given.file_id && !(await hasFile(t, id, given.file_id)))
    return refuse("file_unknown", { field: "file_id" })
  const hazard = hazardAfter(account.hazard, given.kind)
  const incident_id = newId(now.getTime())
  await insertIncident(t, id, { id: incident_id, ...given, hazard, at: now, by_staff_id: doer.staff_id })
  await append(t, [
    incidentHappened.of({
      subject: id,
      occurred_at: now,
      payload: { incident_id, kind: given.kind, by_staff_id: doer.staff_id },
    }),
  ])
  await change(t, id, account.hazard, hazard, now)
  note({
    target: `account:${id}`,
    before: { hazard: account.hazard },
    after: { hazard, incident: incident_id, kind: given.kind, note: given.note },
  })
  return { id, hazard }
}

/** A keeper says that the account is well again. */
export async function clearHazard(
  t: Tx,
  id: string,
  given: { note: string },
  by: string,
  now: Date,
  note: Note,
): Promise<{ id: string; hazard: Hazard } | Refusal<"not_found" | "no_hazard">> {
  const account = await livingForUpdate(t, id)
  if (!account) return refuse("not_found")
  if (account.hazard === "none") return refuse("no_hazard")
  await closeIncidents(t, id, { at: now, by, note: given.note })
  await change(t, id, account.hazard, "none", now)
  note({ target: `account:${id}`, before: { hazard: account.hazard }, after: { hazard: "none", ...given } })
  return { id, hazard: "none" }
}
