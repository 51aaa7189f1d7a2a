import type { ConditionTree } from "../../../kernel/tree.ts"
import { maybeRow, type Queryable, rows, run, type Tx } from "../../../platform/db.ts"

export type RuleOf = "segment" | "tree" | "month" | "province" | "city"
export type RuleRow = {
  id: string
  name: string
  of: RuleOf
  tag_id: string | null
  group_id: string | null
  segment_id: string | null
  tree: ConditionTree | null
  trait: string | null
  position: number
  running: boolean
  broken: { code: string; detail?: Record<string, unknown> } | null
  digest: string | null
  swept_day: number
  sweep_after: number | null
  synced_at: Date | null
  taking_back: boolean
  created_by: string | null
  created_at: Date
}

const RULE = `id, name, of, tag_id, group_id, segment_id, tree, trait, position, running, broken, digest, swept_day, sweep_after,
  synced_at, taking_back, created_by, created_at`

/** Living rules in the order in which they have their way. */
export function livingRules(q: Queryable): Promise<RuleRow[]> {
  return rows(q, `select ${RULE} from tags_rules where removed_at is null order by position, id`)
}

/** Rules that are over and of which not everything has been taken back. */
export function endingRules(q: Queryable): Promise<RuleRow[]> {
  return rows(q, `select ${RULE} from tags_rules where taking_back order by id`)
}

export function lockRule(t: Tx, id: string, skip = false): Promise<RuleRow | undefined> {
  return maybeRow(t, `select ${RULE} from tags_rules where id = $1 for update ${skip ? "skip locked" : ""}`, [
    id,
  ])
}

/** Gives false where the tag has a rule already. */
export async function insertRule(
  t: Tx,
  r: Pick<RuleRow, "id" | "name" | "of" | "tag_id" | "segment_id" | "tree"> & { by: string; at: Date },
): Promise<boolean> {
  const made = await run(
    t,
    `insert into tags_rules (id, name, of, tag_id, segment_id, tree, position, running, created_by, created_at)
     select $1, $2, $3, $4, $5, $6, coalesce(max(position), 0) + 1, true, $7, $8 from tags_rules
     on conflict (tag_id) where removed_at is null and tag_id is not null do nothing`,
    [r.id, r.name, r.of, r.tag_id, r.segment_id, r.tree && JSON.stringify(r.tree), r.by, r.at],
  )
  return made > 0
}

/** What is switched on is looked at whole: nobody followed what changed meanwhile. */
export function setRunning(t: Tx, id: string, running: boolean): Promise<number> {
  return run(t, "update tags_rules set running = $2, digest = null, broken = null where id = $1", [
    id,
    running,
  ])
}

export function removeRule(t: Tx, id: string, take_back: boolean, now: Date): Promise<number> {
  return run(
    t,
    `update tags_rules set removed_at = $2, running = false, taking_back = $3, sweep_after = null, digest = null
     where id = $1 and removed_at is null`,
    [id, now, take_back],
  )
}

export async function setBroken(q: Queryable, id: string, broken: RuleRow["broken"]): Promise<void> {
  await run(q, "update tags_rules set broken = $2 where id = $1 and broken is distinct from $2::jsonb", [
    id,
    broken && JSON.stringify(broken),
  ])
}

/** Everybody is looked at again for these rules. */
export function forgetDigests(q: Queryable, ids: readonly string[]): Promise<number> {
  return run(q, "update tags_rules set digest = null where id = any($1::uuid[])", [ids])
}

export function saveSweep(
  t: Tx,
  s: { id: string; digest: string; swept_day: number; sweep_after: number | null; synced_at: Date },
): Promise<number> {
  return run(
    t,
    `update tags_rules set digest = $2, swept_day = $3, sweep_after = $4, synced_at = $5,
       taking_back = taking_back and $4::int is not null where id = $1`,
    [s.id, s.digest, s.swept_day, s.sweep_after, s.synced_at],
  )
}

export async function valuesOf(q: Queryable, rule_id: string): Promise<Map<string, string>> {
  const found = await rows<{ value: string; tag_id: string }>(
    q,
    "select value, tag_id from tags_values where rule_id = $1",
    [rule_id],
  )
  return new Map(found.map((r) => [r.value, r.tag_id]))
}

export function insertValues(
  t: Tx,
  rule_id: string,
  values: readonly { value: string; tag_id: string }[],
): Promise<number> {
  return run(
    t,
    "insert into tags_values (rule_id, value, tag_id) select $1, * from unnest($2::text[], $3::uuid[]) on conflict do nothing",
    [rule_id, values.map((v) => v.value), values.map((v) => v.tag_id)],
  )
}

/** Up to where changes have been read; the first time it is the present. */
export async function followed(q: Queryable): Promise<string> {
  await run(q, "insert into tags_follow (position) values (pg_current_snapshot()) on conflict do nothing")
  return (await maybeRow<{ position: string }>(q, "select position::text as position from tags_follow"))!
    .position
}

/** Moves on, unless somebody else has. */
export function follow(q: Queryable, from: string, to: string): Promise<number> {
  return run(q, "update tags_follow set position = $2::pg_snapshot where position::text = $1", [from, to])
}

/** Living rules that give or ask any of these tags. */
export function rulesNaming(
  q: Queryable,
  tag_ids: readonly string[],
): Promise<{ id: string; name: string }[]> {
  return rows(
    q,
    `select id, name from tags_rules where removed_at is null and (tag_id = any($1::uuid[]) or tree::text like any($2))
     order by position, id`,
    [tag_ids, tag_ids.map((id) => `%"${id}"%`)],
  )
}
