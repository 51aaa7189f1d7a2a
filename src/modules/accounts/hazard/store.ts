import { type Queryable, rows, run, type Tx } from "../../../platform/db.ts"
import type { Hazard, IncidentKind } from "./rules.ts"

export type IncidentRow = {
  id: string
  kind: IncidentKind
  hazard: Hazard
  note: string
  file_id: string | null
  at: Date
  by_staff_id: string
  over_at: Date | null
  over_by: string | null
  over_note: string
}

export const insertIncident = (
  t: Tx,
  account_id: string,
  i: Pick<IncidentRow, "id" | "kind" | "hazard" | "note" | "file_id" | "at" | "by_staff_id">,
) =>
  run(
    t,
    `insert into accounts_incidents (id, account_id, kind, hazard, note, file_id, at, by_staff_id) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [i.id, account_id, i.kind, i.hazard, i.note, i.file_id, i.at, i.by_staff_id],
  )

export const closeIncidents = (t: Tx, account_id: string, over: { at: Date; by: string; note: string }) =>
  run(
    t,
    "update accounts_incidents set over_at = $2, over_by = $3, over_note = $4 where account_id = $1 and over_at is null",
    [account_id, over.at, over.by, over.note],
  )

/** An account with a hazard has what is planned through it taken away. */
export const setHazard = (t: Tx, id: string, hazard: Hazard) =>
  run(t, "update accounts_accounts set hazard = $2, to_vacate = to_vacate or $2 <> 'none' where id = $1", [
    id,
    hazard,
  ])

export const incidentsOf = (q: Queryable, account_id: string, limit: number) =>
  rows<IncidentRow>(
    q,
    `select id, kind, hazard, note, file_id, at, by_staff_id, over_at, over_by, over_note from accounts_incidents
     where account_id = $1 order by at desc, id desc limit $2`,
    [account_id, limit],
  )

export const anyToVacate = async (q: Queryable) =>
  (await rows(q, "select from accounts_accounts where to_vacate limit 1")).length > 0

/** Accounts from which planned touches are still to be taken, and whether they may send again by now; nobody stops or frees them meanwhile. */
export const toVacate = (t: Tx, limit: number) =>
  rows<{ id: string; usable: boolean }>(
    t,
    `select id, state = 'in_use' and hazard = 'none' as usable from accounts_accounts where to_vacate
     order by id limit $1 for update skip locked`,
    [limit],
  )

/** Nothing is planned through them any more. */
export const vacated = (t: Tx, ids: readonly string[]) =>
  run(t, "update accounts_accounts set to_vacate = false where id = any($1::uuid[])", [ids])
