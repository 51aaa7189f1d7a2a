import { maybeRow, oneRow, type Queryable, rows, run, type Tx } from "../../../platform/db.ts"
import type { SavedView } from "./contract.ts"

const VIEW = "id, list, name, filters, look, is_default"

export const viewsOf = (q: Queryable, staff_id: string, list: string, limit: number): Promise<SavedView[]> =>
  rows(q, `select ${VIEW} from staff_views where staff_id = $1 and list = $2 order by number limit $3`, [
    staff_id,
    list,
    limit,
  ])

/** One at a time for one person, so that two windows of theirs never save one name or two defaults. */
export const lockViews = (t: Tx, staff_id: string): Promise<number> =>
  run(t, "select 1 from staff_members where id = $1 for update", [staff_id])

export const viewById = (t: Tx, id: string, staff_id: string): Promise<SavedView | undefined> =>
  maybeRow(t, `select ${VIEW} from staff_views where id = $1 and staff_id = $2`, [id, staff_id])

export async function countViews(t: Tx, staff_id: string, list: string): Promise<number> {
  return (
    await oneRow<{ n: number }>(
      t,
      "select count(*) as n from staff_views where staff_id = $1 and list = $2",
      [staff_id, list],
    )
  ).n
}

export async function nameTaken(t: Tx, staff_id: string, view: SavedView): Promise<boolean> {
  const other = await maybeRow(
    t,
    "select 1 from staff_views where staff_id = $1 and list = $2 and name = $3 and id <> $4",
    [staff_id, view.list, view.name, view.id],
  )
  return other !== undefined
}

/** Writes a view; where it is to open by itself, the one that did so before does no more. */
export async function writeView(t: Tx, staff_id: string, view: SavedView, now: Date): Promise<void> {
  if (view.is_default)
    await run(t, "update staff_views set is_default = false where staff_id = $1 and list = $2 and id <> $3", [
      staff_id,
      view.list,
      view.id,
    ])
  await run(
    t,
    `insert into staff_views (id, staff_id, list, name, filters, look, is_default, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (id) do update set name = excluded.name, filters = excluded.filters, look = excluded.look,
       is_default = excluded.is_default`,
    [
      view.id,
      staff_id,
      view.list,
      view.name,
      JSON.stringify(view.filters),
      JSON.stringify(view.look),
      view.is_default,
      now,
    ],
  )
}

export const deleteView = (t: Tx, id: string, staff_id: string): Promise<number> =>
  run(t, "delete from staff_views where id = $1 and staff_id = $2", [id, staff_id])
