import { type Queryable, rows, run, type Tx } from "../../../platform/db.ts"
import type { What } from "./contract.ts"

/** One decision at a time: what is judged by the taxonomy is written to the same one, and versions have no holes. */
export async function lockTaxonomy(t: Tx): Promise<void> {
  await t.query("select pg_advisory_xact_lock(hashtextextended('tags:taxonomy', 7250))")
}

export type VersionRow = {
  number: number
  at: Date
  by_id: string | null
  proposal_id: string | null
  what: What
}

export async function insertVersion(
  t: Tx,
  v: { at: Date; by: string | null; proposal_id: string | null; what: What },
): Promise<number> {
  const [made] = await rows<{ number: number }>(
    t,
    `insert into tags_versions (number, at, by_staff, proposal_id, what)
     select coalesce(max(number), 0) + 1, $1, $2, $3, $4 from tags_versions returning number`,
    [v.at, v.by, v.proposal_id, JSON.stringify(v.what)],
  )
  return made!.number
}

export async function versionNow(q: Queryable): Promise<number> {
  const [row] = await rows<{ number: number }>(
    q,
    "select coalesce(max(number), 0) as number from tags_versions",
  )
  return row!.number
}

export function versionsBefore(q: Queryable, before: number | null, limit: number): Promise<VersionRow[]> {
  return rows(
    q,
    `select number, at, by_staff as by_id, proposal_id, what from tags_versions
     where $1::int is null or number < $1 order by number desc limit $2`,
    [before, limit],
  )
}

export type CommentRow = { id: string; by_id: string; at: Date; kind: "comment" | "meeting"; body: string }

export function commentRows(q: Queryable, proposal_id: string, limit: number): Promise<CommentRow[]> {
  return rows(
    q,
    `select id, by_staff as by_id, at, kind, body from tags_comments where proposal_id = $1 order by at, id limit $2`,
    [proposal_id, limit],
  )
}

export async function commentCounts(q: Queryable, ids: readonly string[]): Promise<Map<string, number>> {
  const found = await rows<{ id: string; n: number }>(
    q,
    "select proposal_id as id, count(*)::int as n from tags_comments where proposal_id = any($1::uuid[]) group by 1",
    [ids],
  )
  return new Map(found.map((r) => [r.id, r.n]))
}

export function insertComment(
  t: Tx,
  c: { id: string; proposal_id: string; by: string; at: Date; kind: string; body: string },
): Promise<number> {
  return run(
    t,
    "insert into tags_comments (id, proposal_id, by_staff, at, kind, body) values ($1, $2, $3, $4, $5, $6)",
    [c.id, c.proposal_id, c.by, c.at, c.kind, c.body],
  )
}
