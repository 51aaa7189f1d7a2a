import { maybeRow, type Queryable, rows, run, type Tx } from "../../platform/db.ts"

export type Leaving = {
  staff_id: string
  began_at: Date
  /** null: the channel said so */
  began_by: string | null
  due_day: number
  note: string
  closed_at: Date | null
  closed_by: string | null
}

/** Writes that somebody leaves; who leaves already, or left before and came back, begins anew. Gives whether this began it. */
export async function insertLeaving(
  t: Tx,
  one: Pick<Leaving, "staff_id" | "began_at" | "began_by" | "due_day" | "note">,
): Promise<boolean> {
  const made = await run(
    t,
    `insert into transfers_leavings as l (staff_id, began_at, began_by, due_day, note) values ($1, $2, $3, $4, $5)
     on conflict (staff_id) do update set began_at = excluded.began_at, began_by = excluded.began_by, due_day = excluded.due_day,
       note = excluded.note, closed_at = null, closed_by = null where l.closed_at is not null`,
    [one.staff_id, one.began_at, one.began_by, one.due_day, one.note],
  )
  return made > 0
}

export const leavingOf = (q: Queryable, staff_id: string) =>
  maybeRow<Leaving>(q, "select * from transfers_leavings where staff_id = $1 and closed_at is null", [
    staff_id,
  ])

export const closeLeavingRow = (t: Tx, staff_id: string, by: string | null, now: Date) =>
  run(
    t,
    "update transfers_leavings set closed_at = $2, closed_by = $3 where staff_id = $1 and closed_at is null",
    [staff_id, now, by],
  )

/** Leavings that are open, the next due first, then those closed last. */
export function leavingRows(q: Queryable, limit: number): Promise<Leaving[]> {
  return rows(
    q,
    "select * from transfers_leavings order by closed_at is not null, case when closed_at is null then due_day end, closed_at desc limit $1",
    [limit],
  )
}

export type UnownedRow = { day: number; kind: string; n: number; looked_at: Date }

export async function saveUnowned(
  t: Tx,
  day: number,
  found: Readonly<Record<string, number>>,
  now: Date,
  forget_before: number,
): Promise<void> {
  const kinds = Object.keys(found)
  await run(
    t,
    `insert into transfers_unowned (day, kind, n, looked_at) select $1, k.kind, k.n, $4 from unnest($2::text[], $3::int[]) k (kind, n)
     on conflict (day, kind) do update set n = excluded.n, looked_at = excluded.looked_at`,
    [day, kinds, kinds.map((kind) => found[kind]), now],
  )
  await run(t, "delete from transfers_unowned where day < $1", [forget_before])
}

/** What was found last, and when. */
export function lastUnowned(q: Queryable): Promise<UnownedRow[]> {
  return rows(
    q,
    "select day, kind, n, looked_at from transfers_unowned where day = (select max(day) from transfers_unowned)",
  )
}
