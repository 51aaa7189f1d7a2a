import { maybeRow, type Queryable, rows, run, type Tx } from "../../../platform/db.ts"
import type { ConflictKind } from "./rules.ts"

export type ConflictRow = {
  id: string
  of: "group" | "tag"
  kind: ConflictKind
  ref: string
  ours_id: string
  ours: string
  ours_at: Date | null
  ours_by: string | null
  theirs: string | null
  theirs_at: Date
  found_at: Date
  choice: "ours" | "theirs" | "over" | null
  decided_at: Date | null
  decided_by: string | null
}
const CONFLICT =
  "id, of, kind, ref, ours_id, ours, ours_at, ours_by, theirs, theirs_at, found_at, choice, decided_at, decided_by"

export type NewConflict = Omit<ConflictRow, "found_at" | "choice" | "decided_at" | "decided_by">

/** Puts questions up; one that is up already says from then on what is so now. Those about nothing any more are over. */
export async function putUp(t: Tx, conflicts: readonly NewConflict[], now: Date): Promise<void> {
  await run(
    t,
    "update tags_conflicts set choice = 'over', decided_at = $2 where decided_at is null and ref <> all($1)",
    [conflicts.map((c) => c.ref), now],
  )
  if (conflicts.length === 0) return
  await run(
    t,
    `insert into tags_conflicts as o (id, of, kind, ref, ours_id, ours, ours_at, ours_by, theirs, theirs_at, found_at)
     select *, $11 from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::uuid[], $6::text[], $7::timestamptz[], $8::uuid[],
       $9::text[], $10::timestamptz[])
     on conflict (ref) where decided_at is null do update set kind = excluded.kind, ours_id = excluded.ours_id, ours = excluded.ours,
       ours_at = excluded.ours_at, ours_by = excluded.ours_by, theirs = excluded.theirs, theirs_at = excluded.theirs_at`,
    [
      conflicts.map((c) => c.id),
      conflicts.map((c) => c.of),
      conflicts.map((c) => c.kind),
      conflicts.map((c) => c.ref),
      conflicts.map((c) => c.ours_id),
      conflicts.map((c) => c.ours),
      conflicts.map((c) => c.ours_at?.toISOString() ?? null),
      conflicts.map((c) => c.ours_by),
      conflicts.map((c) => c.theirs),
      conflicts.map((c) => c.theirs_at.toISOString()),
      now,
    ],
  )
}

export const openConflicts = (q: Queryable): Promise<ConflictRow[]> =>
  rows(q, `select ${CONFLICT} from tags_conflicts where decided_at is null`)

export const lockConflict = (t: Tx, id: string): Promise<ConflictRow | undefined> =>
  maybeRow(t, `select ${CONFLICT} from tags_conflicts where id = $1 for update`, [id])

export async function decideConflictRow(
  t: Tx,
  id: string,
  choice: "ours" | "theirs",
  by: string,
  now: Date,
): Promise<void> {
  await run(t, "update tags_conflicts set choice = $2, decided_by = $3, decided_at = $4 where id = $1", [
    id,
    choice,
    by,
    now,
  ])
}

export function conflictsBefore(
  q: Queryable,
  open: boolean,
  before: { at: Date; id: string } | null,
  limit: number,
): Promise<ConflictRow[]> {
  return rows(
    q,
    `select ${CONFLICT} from tags_conflicts where (decided_at is null) = $1 and ($2::timestamptz is null or (found_at, id) < ($2, $3::uuid))
     order by found_at desc, id desc limit $4`,
    [open, before?.at ?? null, before?.id ?? null, limit],
  )
}
