import type { ConditionTree } from "../../kernel/tree.ts"
import { maybeRow, type Queryable, rows, run, type Tx } from "../../platform/db.ts"
import { SEGMENTS_MAX } from "./limits.ts"

export type Segment = {
  id: string
  name: string
  frozen: boolean
  version: number
  updated_at: Date
  rule: ConditionTree
}

const SEGMENT = `s.id, s.name, s.frozen, s.version, s.updated_at, v.rule
  from segments_segments s join segments_versions v on v.segment_id = s.id and v.version = s.version`

export function segments(q: Queryable, limit: number): Promise<Segment[]> {
  return rows(
    q,
    `select ${SEGMENT} where s.deleted_at is null order by s.updated_at desc, s.id desc limit $1`,
    [limit],
  )
}

export function segmentById(q: Queryable, id: string): Promise<Segment | undefined> {
  return maybeRow(q, `select ${SEGMENT} where s.id = $1 and s.deleted_at is null`, [id])
}

/** The id of the segment of this name, or of this id; null where there is none. */
export async function segmentNamed(q: Queryable, wanted: string): Promise<string | null> {
  const found = await maybeRow<{ id: string }>(
    q,
    "select id from segments_segments where (name = $1 or id::text = lower($1)) and deleted_at is null order by name = $1 desc limit 1",
    [wanted],
  )
  return found?.id ?? null
}

/** Locks a segment for a change. */
export function lockSegment(t: Tx, id: string): Promise<Segment | undefined> {
  return maybeRow(t, `select ${SEGMENT} where s.id = $1 and s.deleted_at is null for update of s`, [id])
}

export async function nameTaken(q: Queryable, name: string, but: string | null): Promise<boolean> {
  const found = await rows(
    q,
    "select 1 from segments_segments where name = $1 and deleted_at is null and ($2::uuid is null or id <> $2)",
    [name, but],
  )
  return found.length > 0
}

/** Gives false where the name was taken at the same moment. */
export async function insertSegment(
  t: Tx,
  s: { id: string; name: string; frozen: boolean; rule: ConditionTree; by: string; at: Date },
): Promise<boolean> {
  const made = await run(
    t,
    `insert into segments_segments (id, name, frozen, version, created_by, created_at, updated_at)
     values ($1, $2, $3, 1, $4, $5, $5) on conflict (name) where deleted_at is null do nothing`,
    [s.id, s.name, s.frozen, s.by, s.at],
  )
  if (made > 0) await insertVersion(t, { id: s.id, version: 1, rule: s.rule, by: s.by, at: s.at })
  return made > 0
}

export function insertVersion(
  t: Tx,
  v: { id: string; version: number; rule: ConditionTree; by: string; at: Date },
): Promise<number> {
  return run(
    t,
    "insert into segments_versions (segment_id, version, rule, saved_by, saved_at) values ($1, $2, $3, $4, $5)",
    [v.id, v.version, JSON.stringify(v.rule), v.by, v.at],
  )
}

export function updateSegment(
  t: Tx,
  s: { id: string; name: string; version: number; at: Date },
): Promise<number> {
  return run(t, "update segments_segments set name = $2, version = $3, updated_at = $4 where id = $1", [
    s.id,
    s.name,
    s.version,
    s.at,
  ])
}

export function markDeleted(t: Tx, id: string, now: Date): Promise<number> {
  return run(t, "update segments_segments set deleted_at = $2 where id = $1 and deleted_at is null", [
    id,
    now,
  ])
}

export function versions(
  q: Queryable,
  id: string,
): Promise<{ version: number; rule: ConditionTree; saved_by: string; saved_at: Date }[]> {
  return rows(
    q,
    "select version, rule, saved_by, saved_at from segments_versions where segment_id = $1 order by version desc limit 50",
    [id],
  )
}

/** The rule of a segment as it was in a version. */
export async function versionRule(
  q: Queryable,
  id: string,
  version: number,
): Promise<ConditionTree | undefined> {
  const found = await maybeRow<{ rule: ConditionTree }>(
    q,
    "select rule from segments_versions where segment_id = $1 and version = $2",
    [id, version],
  )
  return found?.rule
}

/** Writes the people of a frozen segment from a query that gives customer_id. */
export function freezeMembers(
  t: Tx,
  id: string,
  now: Date,
  select: { sql: string; params: unknown[] },
): Promise<number> {
  const n = select.params.length
  return run(
    t,
    `insert into segments_members (segment_id, customer_id, frozen_at)
     select $${n + 1}, m.customer_id, $${n + 2} from (${select.sql}) m on conflict do nothing`,
    [...select.params, id, now],
  )
}

/** Living segments by id, for names. */
export function segmentNames(
  q: Queryable,
  ids: readonly string[],
): Promise<{ id: string; name: string; frozen: boolean }[]> {
  return rows(
    q,
    "select id, name, frozen from segments_segments where id::text = any($1::text[]) and deleted_at is null",
    [ids],
  )
}

/** Living segments whose present rule names any of these things by id. */
export function segmentsNaming(
  q: Queryable,
  ids: readonly string[],
): Promise<{ id: string; name: string }[]> {
  return rows(
    q,
    `select s.id, s.name from segments_segments s
     join segments_versions v on v.segment_id = s.id and v.version = s.version
     where s.deleted_at is null and v.rule::text like any($1) order by s.name limit $2`,
    [ids.map((id) => `%"${id}"%`), SEGMENTS_MAX],
  )
}
