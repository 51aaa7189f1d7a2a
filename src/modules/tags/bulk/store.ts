import type { ConditionTree } from "../../../kernel/tree.ts"
import { maybeRow, type Queryable, rows, run, type Tx } from "../../../platform/db.ts"
import type { TagAsk } from "../rules.ts"

export type BulkRow = {
  id: string
  tag_id: string
  of: "segment" | "group" | "rule"
  ref: string | null
  tree: ConditionTree
  scope: string[] | null
  people: number
  by_id: string
  asked_at: Date
  state: "running" | "done" | "undoing" | "undone" | "broken"
  after_number: number
  given: number
  taken: number
  ended_at: Date | null
}
const BULK = `id, tag_id, of, ref, tree, scope, people, by_staff as by_id, asked_at, state, after_number, given, taken, ended_at`

export function insertBulk(
  t: Tx,
  b: Pick<BulkRow, "id" | "tag_id" | "of" | "ref" | "tree" | "scope" | "people" | "by_id" | "asked_at">,
): Promise<number> {
  return run(
    t,
    `insert into tags_bulks (id, tag_id, of, ref, tree, scope, people, by_staff, asked_at, state)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'running')`,
    [b.id, b.tag_id, b.of, b.ref, JSON.stringify(b.tree), b.scope, b.people, b.by_id, b.asked_at],
  )
}

export const bulkRows = (q: Queryable, limit: number) =>
  rows<BulkRow>(q, `select ${BULK} from tags_bulks order by asked_at desc, id desc limit $1`, [limit])

export const lockBulk = (t: Tx, id: string) =>
  maybeRow<BulkRow>(t, `select ${BULK} from tags_bulks where id = $1 for update`, [id])

/** The oldest that is under way and that nobody works on. */
export const nextBulk = (t: Tx) =>
  maybeRow<BulkRow>(
    t,
    `select ${BULK} from tags_bulks where state in ('running', 'undoing') order by asked_at limit 1 for update skip locked`,
  )

export function saveBulk(
  t: Tx,
  b: Pick<BulkRow, "id" | "state" | "after_number" | "given" | "taken" | "ended_at">,
): Promise<number> {
  return run(
    t,
    "update tags_bulks set state = $2, after_number = $3, given = $4, taken = $5, ended_at = $6 where id = $1",
    [b.id, b.state, b.after_number, b.given, b.taken, b.ended_at],
  )
}

/** Keeps what these customers have of the tag's exclusive group, before a bulk takes its place. They are locked. */
export function keepReplaced(
  t: Tx,
  bulk_id: string,
  tag_id: string,
  ids: readonly string[],
): Promise<number> {
  return run(
    t,
    `insert into tags_replaced (bulk_id, customer_id, tag_id, source, by_id, assigned_at)
     select $1, a.customer_id, a.tag_id, a.source, a.by_id, a.assigned_at
     from tags_tags n join tags_groups g on g.id = n.group_id and g.exclusive join tags_tags o on o.group_id = g.id and o.id <> n.id
     join tags_assignments a on a.tag_id = o.id and a.customer_id = any($3::uuid[]) where n.id = $2 on conflict do nothing`,
    [bulk_id, tag_id, ids],
  )
}

/** The next of those who still have a bulk's tag from it. */
export async function givenBy(q: Queryable, tag_id: string, by: string, limit: number): Promise<string[]> {
  const found = await rows<{ customer_id: string }>(
    q,
    "select customer_id from tags_assignments where tag_id = $1 and by_id = $2 order by customer_id limit $3",
    [tag_id, by, limit],
  )
  return found.map((r) => r.customer_id)
}

export function replacedOf(q: Queryable, bulk_id: string, ids: readonly string[]): Promise<TagAsk[]> {
  return rows(
    q,
    "select customer_id, tag_id from tags_replaced where bulk_id = $1 and customer_id = any($2::uuid[])",
    [bulk_id, ids],
  )
}

/** What was put back is again by whom and since when it was. */
export function asBefore(t: Tx, bulk_id: string, given: readonly TagAsk[]): Promise<number> {
  return run(
    t,
    `update tags_assignments a set source = r.source, by_id = r.by_id, assigned_at = r.assigned_at
     from unnest($2::uuid[], $3::uuid[]) as k (customer_id, tag_id), tags_replaced r
     where r.bulk_id = $1 and r.customer_id = k.customer_id and r.tag_id = k.tag_id
       and a.customer_id = k.customer_id and a.tag_id = k.tag_id`,
    [bulk_id, given.map((g) => g.customer_id), given.map((g) => g.tag_id)],
  )
}

/** What a bulk replaced of one is put back to the other. */
export async function carryReplaced(t: Tx, { from, into }: { from: string; into: string }): Promise<void> {
  await run(
    t,
    `insert into tags_replaced (bulk_id, customer_id, tag_id, source, by_id, assigned_at)
     select bulk_id, $2, tag_id, source, by_id, assigned_at from tags_replaced where customer_id = $1 on conflict do nothing`,
    [from, into],
  )
  await run(t, "delete from tags_replaced where customer_id = $1", [from])
}
