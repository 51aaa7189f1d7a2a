import { DAY_MS } from "../../../kernel/day.ts"
import { newId } from "../../../kernel/ids.ts"
import { isRefused, type Refusal, refuse } from "../../../kernel/result.ts"
import type { Tx } from "../../../platform/db.ts"
import type { AuditNote } from "../../../platform/http/index.ts"
import { append } from "../../../spine/facts/index.ts"
import { stateChanged } from "../events.ts"
import { hasFile } from "../files/store.ts"
import { openChecklists } from "../nurture/open.ts"
import { INCIDENT_DAYS, nurtureLevel } from "../nurture/rules.ts"
import { grownAccount, saveLevels } from "../nurture/store.ts"
import type { AccountFunction } from "../rules.ts"
import { readSettings } from "../settings/settings.ts"
import { accountsByRef } from "../store.ts"
import { type Move, type MoveRefusal, NEXT, planMove, type State } from "./rules.ts"
import {
  insertMove,
  insertRequested,
  type LivingAccount,
  livingForUpdate,
  lockRefs,
  type Registration,
  saveRegistration,
  setDaysBefore,
  setRef,
  setState,
  setTender,
} from "./store.ts"

export type Note = (note: AuditNote) => void
/** With what somebody backs a step. */
export type Evidence = { note: string; file_id: string | null }
export const NO_EVIDENCE: Evidence = { note: "", file_id: null }

/** Writes a step that the rules allow: the state, its record, its fact. */
export async function takeStep(
  t: Tx,
  account_id: string,
  { from, to }: Pick<Move, "from" | "to">,
  by: string | null,
  evidence: Evidence,
  now: Date,
): Promise<void> {
  const move_id = newId(now.getTime())
  await setState(t, account_id, from, to, now)
  await insertMove(t, account_id, {
    id: move_id,
    at: now,
    from_state: from,
    to_state: to,
    by_staff_id: by,
    ...evidence,
  })
  await append(t, [
    stateChanged.of({
      subject: account_id,
      occurred_at: now,
      payload: { from, to, by_staff_id: by, move_id },
    }),
  ])
}

/** Somebody asks that an account be registered. */
export async function requestAccount(
  t: Tx,
  asked: { name: string; function: AccountFunction; channel: string; reason: string },
  by: string,
  now: Date,
  note: Note,
): Promise<{ id: string }> {
  const id = newId(now.getTime())
  await insertRequested(t, { id, ...asked }, now)
  const move_id = newId(now.getTime())
  await insertMove(t, id, {
    id: move_id,
    at: now,
    from_state: null,
    to_state: "requested",
    by_staff_id: by,
    note: asked.reason,
    file_id: null,
  })
  await append(t, [
    stateChanged.of({
      subject: id,
      occurred_at: now,
      payload: { from: null, to: "requested", by_staff_id: by, move_id },
    }),
  ])
  note({ target: `account:${id}`, after: { state: "requested", function: asked.function } })
  return { id }
}

/** Steps that the keeper takes by hand; in use, on its way back and written off come about otherwise. */
export const KEEPERS_STEPS = ["starting", "nurturing", "ready"] as const satisfies readonly State[]

export async function moveAccount(
  t: Tx,
  id: string,
  asked: { to: (typeof KEEPERS_STEPS)[number] } & Evidence,
  by: string,
  now: Date,
  note: Note,
): Promise<{ id: string; state: State } | MoveRefusal | Refusal<"not_found" | "file_unknown">> {
  const account = await livingForUpdate(t, id)
  if (!account) return refuse("not_found")
  const { ready_level, small_team } = await readSettings(t)
  const move = planMove(account, { to: asked.to, doer: by, ready_level, small_team })
  if (isRefused(move)) return move
  // What comes back is checked by the list of what must come with it.
  if (account.state === "returning")
    return refuse("illegal_transition", {
      field: "to",
      detail: { state: account.state, allowed: NEXT[account.state], by: "take_back" },
    })
  if (asked.file_id && !(await hasFile(t, id, asked.file_id)))
    return refuse("file_unknown", { field: "file_id" })
  if (!account.tended_by) await setTender(t, id, by)
  await takeStep(t, id, move, by, { note: asked.note, file_id: asked.file_id }, now)
  if (move.to === "nurturing") await openChecklists(t, now, id)
  note({
    target: `account:${id}`,
    before: { state: move.from },
    after: { state: move.to, file: asked.file_id },
  })
  return { id, state: move.to }
}

/** Writes on whose identity, number and device an account runs; the audit is told which fields changed, never what they hold. */
export async function registerAccount(
  t: Tx,
  id: string,
  given: Registration & { channel_ref: string | null; active_days_before: number | null },
  now: Date,
  note: Note,
): Promise<{ id: string } | Refusal<"not_found" | "ref_taken" | "account_over">> {
  const { channel_ref, active_days_before, ...registration } = given
  if (channel_ref) await lockRefs(t)
  const account = await livingForUpdate(t, id)
  if (!account) return refuse("not_found")
  if (NEXT[account.state].length === 0) return refuse("account_over", { detail: { state: account.state } })
  if (channel_ref && channel_ref !== account.channel_ref) {
    const [other] = await accountsByRef(t, account.channel, [channel_ref])
    if (other) return refuse("ref_taken", { field: "channel_ref", detail: { account: other.name } })
    await setRef(t, id, channel_ref)
  }
  if (active_days_before !== null) {
    await setDaysBefore(t, id, active_days_before)
    await reckonLevel(t, id, now)
  }
  await saveRegistration(t, id, registration, now)
  note({
    target: `account:${id}`,
    after: {
      filled: Object.entries(registration).flatMap(([name, value]) => (value ? [name] : [])),
      channel_ref: channel_ref ?? undefined,
      active_days_before: active_days_before ?? undefined,
    },
  })
  return { id }
}

/** The level as it is by now: what somebody has just vouched for counts at once, not from the night on. */
async function reckonLevel(t: Tx, id: string, now: Date): Promise<void> {
  const grown = await grownAccount(t, id, new Date(now.getTime() - INCIDENT_DAYS * DAY_MS))
  if (grown) await saveLevels(t, [{ id, level: nurtureLevel(grown.active_days, grown.incidents) }])
}

export type { LivingAccount }
