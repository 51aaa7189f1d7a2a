import { dayNumber, dayString, parseDay } from "../../../kernel/day.ts"
import { type Refusal, refuse } from "../../../kernel/result.ts"
import type { Tx } from "../../../platform/db.ts"
import { doneByCause } from "../../../spine/outbox/index.ts"
import { hasFile } from "../files/store.ts"
import type { Note } from "../life/commands.ts"
import { isOwnCheck, NEXT } from "../life/rules.ts"
import { livingForUpdate } from "../life/store.ts"
import { NURTURE_BACK_DAYS } from "../limits.ts"
import { readSettings } from "../settings/settings.ts"
import { nurtureKey } from "./open.ts"
import { NURTURE_ITEMS, type NurtureItem } from "./rules.ts"
import { itemsOn, markActive, tickItems } from "./store.ts"

export type Ticked = {
  day: string | null
  items: NurtureItem[]
  note: string
  file_id: string | null
}

/** Somebody who does not use the account ticks off what was done for it, with proof: words or a file. */
export async function nurture(
  t: Tx,
  id: string,
  given: Ticked,
  by: string,
  now: Date,
  note: Note,
): Promise<
  | { id: string; day: string; items: NurtureItem[] }
  | Refusal<
      | "not_found"
      | "illegal_transition"
      | "self_check"
      | "day_out_of_reach"
      | "evidence_missing"
      | "file_unknown"
    >
> {
  const account = await livingForUpdate(t, id)
  if (!account) return refuse("not_found")
  const { state } = account
  if (state !== "nurturing" && state !== "ready")
    return refuse("illegal_transition", { detail: { state, allowed: NEXT[state] } })
  const { small_team, active_items } = await readSettings(t)
  if (!small_team && isOwnCheck(account.custodian_staff_id, by)) return refuse("self_check")
  const today = dayNumber(now)
  const day = given.day === null ? today : parseDay(given.day)
  if (day === null || day > today || day < today - NURTURE_BACK_DAYS)
    return refuse("day_out_of_reach", { field: "day", detail: { days: NURTURE_BACK_DAYS } })
  if (given.note === "" && given.file_id === null) return refuse("evidence_missing", { field: "note" })
  if (given.file_id && !(await hasFile(t, id, given.file_id)))
    return refuse("file_unknown", { field: "file_id" })
  await tickItems(
    t,
    given.items.map((item) => ({
      account_id: id,
      day,
      item,
      done_by: by,
      note: given.note,
      file_id: given.file_id,
    })),
    now,
  )
  await markActive(t, [{ account_id: id, day }], active_items)
  const done = await itemsOn(t, id, day)
  if (done.length === NURTURE_ITEMS.length) await doneByCause(t, [nurtureKey(id, day)], "items_ticked", now)
  note({ target: `account:${id}`, after: { day: dayString(day), items: given.items, file: given.file_id } })
  return { id, day: dayString(day), items: done }
}
