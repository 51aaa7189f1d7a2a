import { dayNumber, dayString } from "../../../kernel/day.ts"
import { newId } from "../../../kernel/ids.ts"
import { type Refusal, refuse } from "../../../kernel/result.ts"
import type { Queryable, Tx } from "../../../platform/db.ts"
import { append } from "../../../spine/facts/index.ts"
import { firstOfRoles, staffNames } from "../../staff/index.ts"
import { findingOpened, findingResolved } from "../events.ts"
import type { Note } from "../life/commands.ts"
import { isOwnCheck } from "../life/rules.ts"
import { ACCOUNTS_MAX } from "../limits.ts"
import { readSettings } from "../settings/settings.ts"
import type { FindingKind } from "./rules.ts"
import {
  assignFinding,
  findingForUpdate,
  insertFindings,
  type NewFinding,
  settle,
  withoutAgreement,
} from "./store.ts"

/**
 * Who sees to what is found where nobody else is named: who keeps the accounts, else an owner; of an account that they hold
 * themself somebody else, for nobody settles what they hold.
 */
export async function findingOwners(q: Queryable): Promise<(custodian: string | null) => string | null> {
  const first = await firstOfRoles(q, FINDING_ROLES)
  const other = first ? await firstOfRoles(q, FINDING_ROLES, first) : null
  return (custodian) => (custodian === first ? (other ?? first) : first)
}
const FINDING_ROLES = ["asset_keeper", "owner"] as const

export async function openFindings(
  t: Tx,
  found: readonly Omit<NewFinding, "id">[],
  now: Date,
): Promise<number> {
  if (found.length === 0) return 0
  const made = await insertFindings(
    t,
    found.map((f) => ({ id: newId(now.getTime()), ...f })),
    now,
  )
  await append(
    t,
    made.map((f) =>
      findingOpened.of({
        subject: f.account_id,
        occurred_at: now,
        payload: { finding_id: f.id, kind: f.kind, owner_staff_id: f.owner_staff_id },
      }),
    ),
  )
  return made.length
}

/**
 * An account that came into use without an agreement, by the directory or by a file, works on, and somebody has to bring the
 * agreement within the time that the team has set.
 */
export async function openMissingAgreements(t: Tx, now: Date): Promise<number> {
  const bare = await withoutAgreement(t, ACCOUNTS_MAX)
  if (bare.length === 0) return 0
  const { agreement_days } = await readSettings(t)
  const ownerOf = await findingOwners(t)
  const due_on = dayString(dayNumber(now) + agreement_days)
  return openFindings(
    t,
    bare.map(({ id, custodian_staff_id }) => ({
      account_id: id,
      kind: "agreement_missing",
      stocktake_id: null,
      detail: {},
      owner_staff_id: ownerOf(custodian_staff_id),
      due_on,
    })),
    now,
  )
}

export async function resolveFindings(
  t: Tx,
  of: Parameters<typeof settle>[1],
  by: string | null,
  note: string,
  now: Date,
): Promise<number> {
  const settled = await settle(t, of, by, note, now)
  await append(
    t,
    settled.map((f) =>
      findingResolved.of({
        subject: f.account_id,
        occurred_at: now,
        payload: { finding_id: f.id, kind: f.kind, by_staff_id: by },
      }),
    ),
  )
  return settled.length
}

/** Somebody settles a finding. A missing agreement is settled by the agreement alone, and nobody settles what they hold themself. */
export async function settleFinding(
  t: Tx,
  id: string,
  given: { note: string },
  by: string,
  now: Date,
  note: Note,
): Promise<{ id: string } | Refusal<"not_found" | "already_settled" | "agreement_missing" | "self_check">> {
  const found = await findingForUpdate(t, id)
  if (!found) return refuse("not_found")
  if (found.resolved_at) return refuse("already_settled")
  if ((found.kind as FindingKind) === "agreement_missing")
    return refuse("agreement_missing", { detail: { missing: "agreement" } })
  const { small_team } = await readSettings(t)
  if (!small_team && isOwnCheck(found.custodian_staff_id, by)) return refuse("self_check")
  await resolveFindings(t, { id }, by, given.note, now)
  note({ target: `account:${found.account_id}`, after: { finding: id, kind: found.kind, note: given.note } })
  return { id }
}

export async function reassignFinding(
  t: Tx,
  id: string,
  given: { owner_staff_id: string; due_on: string },
  note: Note,
): Promise<{ id: string } | Refusal<"not_found" | "already_settled" | "staff_unknown">> {
  const found = await findingForUpdate(t, id)
  if (!found) return refuse("not_found")
  if (found.resolved_at) return refuse("already_settled")
  if (!(await staffNames(t, [given.owner_staff_id])).has(given.owner_staff_id))
    return refuse("staff_unknown", { field: "owner_staff_id" })
  await assignFinding(t, id, given.owner_staff_id, given.due_on)
  note({
    target: `account:${found.account_id}`,
    before: { finding: id, owner: found.owner_staff_id, due_on: found.due_on },
    after: given,
  })
  return { id }
}
