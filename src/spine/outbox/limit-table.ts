import { dayNumber, dayString } from "../../kernel/day.ts"
import { type Refusal, refuse } from "../../kernel/result.ts"
import { maybeRow, type Queryable, rows, run } from "../../platform/db.ts"
import type { Caps } from "./rules.ts"

export const LIMIT_UNITS = ["count", "bytes", "chars", "ms", "minute_of_day"] as const
export type LimitUnit = (typeof LIMIT_UNITS)[number]
export type LimitRow = {
  name: string
  per: string
  value: number
  unit: LimitUnit
  source: string
  effective_from: string
}
/** What somebody corrects; the unit belongs to the limit and stays. */
export type LimitCorrection = Omit<LimitRow, "unit">
const MINUTES_A_DAY = 1_440

/** Every limit as it holds on the day of `now`. */
export function limitsOn(q: Queryable, now: Date): Promise<LimitRow[]> {
  return rows(
    q,
    `select distinct on (name, per) name, per, value, unit, source, effective_from::text as effective_from
     from outbox_limits where effective_from <= $1::date order by name, per, effective_from desc`,
    [dayString(dayNumber(now))],
  )
}

/** All rows, the past and the coming ones too; `own` where somebody here corrected it, `in_force` where it holds on that day. */
export function limitHistory(
  q: Queryable,
  now: Date,
): Promise<(LimitRow & { own: boolean; in_force: boolean })[]> {
  return rows(
    q,
    `select name, per, value, unit, source, effective_from::text as effective_from, corrected_by is not null as own,
       effective_from = max(effective_from) filter (where effective_from <= $1::date) over (partition by name, per) is true as in_force
     from outbox_limits order by name, per, outbox_limits.effective_from`,
    [dayString(dayNumber(now))],
  )
}

/** Corrects a limit from a day on; refused where its value cannot be. */
export async function correctLimit(
  q: Queryable,
  row: LimitCorrection,
  staff_id: string,
): Promise<{ name: string } | Refusal<"limit_impossible" | "no_such_limit">> {
  const known = await maybeRow<{ unit: LimitUnit }>(
    q,
    "select unit from outbox_limits where name = $1 and per = $2 limit 1",
    [row.name, row.per],
  )
  if (!known) return refuse("no_such_limit", { field: "name" })
  if (!Number.isSafeInteger(row.value) || row.value < 0) return refuse("limit_impossible", { field: "value" })
  if (known.unit === "minute_of_day" && row.value >= MINUTES_A_DAY)
    return refuse("limit_impossible", { field: "value" })
  await run(
    q,
    `insert into outbox_limits (name, per, value, unit, source, effective_from, corrected_by)
     values ($1, $2, $3, $7, $4, $5, $6)
     on conflict (name, per, effective_from) do update
       set value = excluded.value, source = excluded.source, corrected_by = excluded.corrected_by`,
    [row.name, row.per, row.value, row.source, row.effective_from, staff_id, known.unit],
  )
  return { name: row.name }
}

/** Brings a channel's published limits into the table; what the team corrected for the same day stays. */
export async function publishLimits(q: Queryable, limits: readonly LimitRow[]): Promise<void> {
  await run(
    q,
    `insert into outbox_limits (name, per, value, source, effective_from, unit)
     select * from unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::date[], $6::text[])
     on conflict (name, per, effective_from) do update set unit = excluded.unit where outbox_limits.unit <> excluded.unit`,
    [
      limits.map((l) => l.name),
      limits.map((l) => l.per),
      limits.map((l) => l.value),
      limits.map((l) => l.source),
      limits.map((l) => l.effective_from),
      limits.map((l) => l.unit),
    ],
  )
}

/** Channels publish their limits as `<channel>.<name>`; the name says what is limited, whoever the channel is. */
export const platformLimits = (all: readonly LimitRow[], name: string) =>
  all.filter((l) => l.name.slice(l.name.indexOf(".") + 1) === name)

const ONE_A_DAY = 31

/** The narrowest of the platforms' limits; one that allows a message a day needs no counting beside the caps and quotas. */
function monthly(all: readonly LimitRow[]): number | null {
  const values = platformLimits(all, "mass_send.per_customer")
    .filter((l) => l.per.startsWith("month"))
    .map((l) => l.value)
  const least = Math.min(...values, ONE_A_DAY)
  return least < ONE_A_DAY ? least : null
}

/** The caps as they stand in the table on a day: the house's own, and what the platforms' limits make of them. */
export async function capsOn(q: Queryable, now: Date): Promise<Caps> {
  const all = await limitsOn(q, now)
  const value = (name: string, per: string, otherwise: number) =>
    all.find((l) => l.name === name && l.per === per)?.value ?? otherwise
  return {
    per_day: value("person.selling", "day", 1),
    per_week: value("person.selling", "rolling_7_days", 3),
    per_month: monthly(all),
    quiet_from: value("quiet.from_minute", "day", 1290),
    quiet_until: value("quiet.until_minute", "day", 510),
  }
}
