import { type Queryable, rows, run, type Tx, unlessTaken, uuidList } from "../../platform/db.ts"
import type { TagSource } from "./events.ts"
import { LOCKED_PLAINLY_FROM } from "./limits.ts"
import type { Tag, TagAsk } from "./rules.ts"

/** Locks these customers' tags, in order. Many are mostly new here: they go in plainly, and in the other way once one is not. */
export async function lockCustomers(t: Tx, ids: readonly string[], now: Date): Promise<void> {
  const params = [uuidList(ids), now]
  const insert = (id: string) => `insert into tags_customers (customer_id, changed_at)
    select ${id}, $2::timestamptz from unnest($1::uuid[]) as id order by id`
  if (ids.length >= LOCKED_PLAINLY_FROM && (await unlessTaken(t, () => run(t, insert("id"), params)))) return
  await run(
    t,
    // Who has a row is held and not written anew.
    `${insert("distinct id")} on conflict (customer_id) do update set changed_at = excluded.changed_at where false`,
    params,
  )
}

/** The whole taxonomy for the rules: it is small, and asks may lead from tag to tag. */
export async function allTags(q: Queryable): Promise<Map<string, Tag>> {
  const found = await rows<Tag>(
    q,
    `select t.id, t.group_id, g.exclusive, t.retired_at is not null as retired, t.replaced_by, g.roles
     from tags_tags t join tags_groups g on g.id = t.group_id`,
  )
  return new Map(found.map((t) => [t.id, t]))
}

/** Takes away the other tags of the exclusive groups that are being assigned to; gives what went and what took its place. */
export function removeRivals(
  t: Tx,
  asks: readonly (TagAsk & { exclusive_group: string | null })[],
): Promise<(TagAsk & { instead: string })[]> {
  const exclusive = asks.filter((a) => a.exclusive_group !== null)
  return rows(
    t,
    `delete from tags_assignments a using unnest($1::uuid[], $2::uuid[], $3::uuid[]) as k (customer_id, tag_id, group_id), tags_tags o
     where a.customer_id = k.customer_id and a.tag_id = o.id and o.group_id = k.group_id and a.tag_id <> k.tag_id
     returning a.customer_id, a.tag_id, k.tag_id as instead`,
    [
      exclusive.map((a) => a.customer_id),
      exclusive.map((a) => a.tag_id),
      exclusive.map((a) => a.exclusive_group),
    ],
  )
}

/**
 * Writes assignments; gives those that are new. Whoever gives by hand what is there confirms it, and takes it from a rule: what a
 * person gave no rule takes away.
 */
export async function insertAssignments(
  t: Tx,
  asks: readonly TagAsk[],
  from: { source: TagSource; by: string | null; at: Date },
): Promise<TagAsk[]> {
  const found = await rows<TagAsk & { fresh: boolean }>(
    t,
    `insert into tags_assignments as a (customer_id, tag_id, source, by_id, assigned_at)
     select *, $3, $4, $5 from unnest($1::uuid[], $2::uuid[])
     on conflict (customer_id, tag_id) do update set confirmed_at = excluded.assigned_at,
       source = case when a.source = 'rule' then excluded.source else a.source end,
       by_id = case when a.source = 'rule' then excluded.by_id else a.by_id end
     where excluded.source in ('hand', 'import', 'group') or a.source = 'rule' and excluded.source in ('play', 'code')
     returning customer_id, tag_id, (xmax = 0) as fresh`,
    [asks.map((a) => a.customer_id), asks.map((a) => a.tag_id), from.source, from.by, from.at],
  )
  return found.filter((f) => f.fresh).map(({ customer_id, tag_id }) => ({ customer_id, tag_id }))
}

export function deleteAssignments(t: Tx, asks: readonly TagAsk[]): Promise<TagAsk[]> {
  return rows(
    t,
    `delete from tags_assignments a using unnest($1::uuid[], $2::uuid[]) as k (customer_id, tag_id)
     where a.customer_id = k.customer_id and a.tag_id = k.tag_id returning a.customer_id, a.tag_id`,
    [asks.map((a) => a.customer_id), asks.map((a) => a.tag_id)],
  )
}

/** All tags of each of these customers, for the trait. */
export function tagsOf(
  q: Queryable,
  ids: readonly string[],
): Promise<{ customer_id: string; tag_ids: string[] }[]> {
  return rows(
    q,
    `select k.id as customer_id, coalesce(array_agg(a.tag_id::text order by a.tag_id) filter (where a.tag_id is not null), '{}') as tag_ids
     from unnest($1::uuid[]) as k (id) left join tags_assignments a on a.customer_id = k.id group by k.id`,
    [ids],
  )
}

/** One customer's tags as a person reads them. */
export function worn(q: Queryable, customer_id: string) {
  return rows<{
    tag_id: string
    name: string
    group: string
    source: string
    by_id: string | null
    assigned_at: Date
  }>(
    q,
    `select a.tag_id, t.name, g.name as group, a.source, a.by_id, a.assigned_at
     from tags_assignments a join tags_tags t on t.id = a.tag_id join tags_groups g on g.id = t.group_id
     where a.customer_id = $1 order by g.position, t.position, t.id`,
    [customer_id],
  )
}

/** The next customers who have a tag, for moving them to another. */
export async function wearers(q: Queryable, tag_id: string, limit: number): Promise<string[]> {
  const found = await rows<{ customer_id: string }>(
    q,
    "select customer_id from tags_assignments where tag_id = $1 order by customer_id limit $2",
    [tag_id, limit],
  )
  return found.map((r) => r.customer_id)
}

/** A tag that takes another's place is worn as that one was: by whom it was given, and since when. */
export async function inherit(t: Tx, given: readonly TagAsk[], from_tag: string): Promise<void> {
  await run(
    t,
    `update tags_assignments n set source = o.source, by_id = o.by_id, assigned_at = o.assigned_at, confirmed_at = o.confirmed_at
     from unnest($1::uuid[], $2::uuid[]) as k (customer_id, tag_id), tags_assignments o
     where n.customer_id = k.customer_id and n.tag_id = k.tag_id and o.customer_id = k.customer_id and o.tag_id = $3`,
    [given.map((g) => g.customer_id), given.map((g) => g.tag_id), from_tag],
  )
}

/** Assignments that a source made for these customers. */
export function assignedBy(q: Queryable, ids: readonly string[], source: TagSource): Promise<TagAsk[]> {
  return rows(
    q,
    "select customer_id, tag_id from tags_assignments where customer_id = any($1::uuid[]) and source = $2",
    [ids, source],
  )
}

/** Since when these customers have a tag; those without it are missing. */
export async function assignedAt(
  q: Queryable,
  tag_id: string,
  ids: readonly string[],
): Promise<Map<string, Date>> {
  const found = await rows<{ customer_id: string; assigned_at: Date }>(
    q,
    "select customer_id, assigned_at from tags_assignments where tag_id = $1 and customer_id = any($2::uuid[])",
    [tag_id, ids],
  )
  return new Map(found.map((r) => [r.customer_id, r.assigned_at]))
}

/** The tags of one to another, who keeps the one they wear of an exclusive group. */
export async function carryWorn(t: Tx, { from, into }: { from: string; into: string }): Promise<void> {
  await run(
    t,
    `with gone as (delete from tags_assignments where customer_id = $1 returning tag_id, source, by_id, assigned_at)
     insert into tags_assignments (customer_id, tag_id, source, by_id, assigned_at)
     select $2, g.tag_id, g.source, g.by_id, g.assigned_at
     from gone g join tags_tags t on t.id = g.tag_id join tags_groups k on k.id = t.group_id
     where not (k.exclusive and exists (
       select from tags_assignments a join tags_tags o on o.id = a.tag_id where a.customer_id = $2 and o.group_id = k.id))
     on conflict do nothing`,
    [from, into],
  )
  await run(t, "delete from tags_customers where customer_id = $1", [from])
}
