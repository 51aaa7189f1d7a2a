import { dayNumber, dayString, parseDay } from "../../../kernel/day.ts"
import { newId } from "../../../kernel/ids.ts"
import { type Refusal, refuse } from "../../../kernel/result.ts"
import type { Tx } from "../../../platform/db.ts"
import { append } from "../../../spine/facts/index.ts"
import { staffNames } from "../../staff/index.ts"
import { stocktakeClosed, stocktakeOpened } from "../events.ts"
import { findingOwners, openFindings } from "../findings/commands.ts"
import type { Note } from "../life/commands.ts"
import { isOwnCheck } from "../life/rules.ts"
import { ACCOUNTS_MAX } from "../limits.ts"
import { readSettings } from "../settings/settings.ts"
import { type Counted, coverage, type Difference, differencesOf } from "./rules.ts"
import {
  closeStocktake,
  freezeLines,
  insertStocktake,
  type Line,
  lineForUpdate,
  linesOf,
  lockStocktakes,
  openStocktake,
  saveCount,
  stocktakeFor,
} from "./store.ts"

/** Opens a stocktake over these accounts: what is expected of each is frozen now. */
export async function open(
  t: Tx,
  given: { name: string; due_on: string },
  expected: readonly { id: string; friends: number; tagged: number }[],
  by: string,
  now: Date,
  note: Note,
): Promise<{ id: string } | Refusal<"stocktake_open" | "day_over" | "nothing_to_count">> {
  if (parseDay(given.due_on)! < dayNumber(now)) return refuse("day_over", { field: "due_on" })
  if (expected.length === 0) return refuse("nothing_to_count")
  await lockStocktakes(t)
  const other = await openStocktake(t)
  if (other) return refuse("stocktake_open", { detail: { stocktake: other.name } })
  const id = newId(now.getTime())
  await insertStocktake(t, { id, ...given, opened_by: by, opened_at: now })
  await freezeLines(t, id, expected)
  await append(t, [
    stocktakeOpened.of({
      subject: id,
      occurred_at: now,
      payload: { expected: expected.length, by_staff_id: by },
    }),
  ])
  note({ target: `stocktake:${id}`, after: { ...given, expected: expected.length } })
  return { id }
}

export type CountRefusal = Refusal<
  "not_found" | "stocktake_closed" | "self_check" | "counted_meanwhile" | "staff_unknown" | "day_later"
>

/**
 * Somebody who does not use the account says how they found it. It may be counted again by whoever knows of the count before;
 * then the last one counts.
 */
export async function count(
  t: Tx,
  id: string,
  account_id: string,
  given: Counted & { note: string; counted_at: string | null },
  by: string,
  now: Date,
  note: Note,
): Promise<{ differences: Difference[] } | CountRefusal> {
  const stocktake = await stocktakeFor(t, id, "share")
  if (!stocktake) return refuse("not_found")
  if (stocktake.state === "closed") return refuse("stocktake_closed")
  const line = await lineForUpdate(t, id, account_id)
  if (!line) return refuse("not_found", { field: "account_id" })
  const settings = await readSettings(t)
  const self_checked = isOwnCheck(line.expected_custodian, by) || isOwnCheck(line.holder, by)
  if (self_checked && !settings.small_team) return refuse("self_check", { field: "account_id" })
  const known = given.counted_at === null ? null : new Date(given.counted_at).getTime()
  if ((line.counted_at?.getTime() ?? null) !== known)
    return refuse("counted_meanwhile", {
      field: "account_id",
      detail: { by: line.counted_by, at: line.counted_at, friends: line.friends },
    })
  const found = given.custodian_staff_id
  if (found && !(await staffNames(t, [found])).has(found))
    return refuse("staff_unknown", { field: "custodian_staff_id" })
  if (given.backup_on !== null && parseDay(given.backup_on)! > dayNumber(now))
    return refuse("day_later", { field: "backup_on" })
  const expected = { custodian_staff_id: line.expected_custodian, friends: line.expected_friends }
  const differences = differencesOf(expected, given, settings, now)
  await saveCount(t, id, account_id, { ...given, by, at: now, self_checked, differences })
  note({ target: `stocktake:${id}`, after: { account: account_id, differences, self_checked } })
  return { differences }
}

export type Closed = { id: string; coverage: number; missing: number; findings: number }

/** Ends a stocktake: every difference, and every account that nobody counted, becomes somebody's, with a day. Nothing is dropped. */
export async function close(
  t: Tx,
  id: string,
  by: string,
  now: Date,
  note: Note,
): Promise<Closed | Refusal<"not_found" | "stocktake_closed">> {
  const stocktake = await stocktakeFor(t, id, "update")
  if (!stocktake) return refuse("not_found")
  if (stocktake.state === "closed") return refuse("stocktake_closed")
  const lines = await linesOf(t, id, ACCOUNTS_MAX)
  const { finding_days } = await readSettings(t)
  const ownerOf = await findingOwners(t)
  const due_on = dayString(dayNumber(now) + finding_days)
  const common = (l: Line) => ({
    stocktake_id: id,
    account_id: l.account_id,
    owner_staff_id: ownerOf(l.holder),
    due_on,
  })
  const missing = lines.filter((l) => l.counted_at === null)
  const different = lines.flatMap((l) =>
    l.counted_at === null ? [] : l.differences.map((kind) => ({ kind, line: l })),
  )
  await openFindings(
    t,
    [
      ...missing.map((l) => ({
        ...common(l),
        kind: "missing" as const,
        detail: { expected_custodian: l.expected_custodian },
      })),
      ...different.map(({ kind, line }) => ({
        ...common(line),
        kind,
        detail: {
          expected_custodian: line.expected_custodian,
          custodian: line.custodian_staff_id,
          expected_friends: line.expected_friends,
          friends: line.friends,
          backup_on: line.backup_on,
        },
      })),
    ],
    now,
  )
  await closeStocktake(t, id, by, now)
  const told = {
    coverage: coverage(lines.length - missing.length, lines.length),
    missing: missing.length,
    findings: different.length,
  }
  await append(t, [
    stocktakeClosed.of({ subject: id, occurred_at: now, payload: { ...told, by_staff_id: by } }),
  ])
  note({ target: `stocktake:${id}`, after: { state: "closed", ...told } })
  return { id, ...told }
}
