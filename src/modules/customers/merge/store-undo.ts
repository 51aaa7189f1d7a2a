import { maybeRow, type Queryable, rows, run, type Tx } from "../../../platform/db.ts"
import type { Merged, Parted } from "../../../spine/facts/index.ts"

type MergeRow = {
  from_id: string
  into_id: string
  merged_at: Date
  merged_by: string | null
  /** A merge that came after it holds one of the two. */
  built_on: boolean
}

const MERGE = `m.from_id, m.into_id, m.merged_at, m.merged_by, (m.into_id <> m.first_into_id
  or exists (select from customers_merges l where l.into_id = m.into_id and l.number > m.number)) as built_on`

/** Of whom somebody is a part now. */
export async function intoOf(q: Queryable, from_id: string): Promise<string | undefined> {
  const found = await maybeRow<{ into_id: string }>(
    q,
    "select into_id from customers_merges where from_id = $1",
    [from_id],
  )
  return found?.into_id
}

/** A merge that can be undone, by who was merged away; locked. Missing: there is none, or none that was kept. */
export function lockMerge(t: Tx, from_id: string): Promise<MergeRow | undefined> {
  return maybeRow(
    t,
    `select ${MERGE} from customers_merges m where m.from_id = $1 and m.number is not null for update of m`,
    [from_id],
  )
}

/** Merges after `since`, newest first, after a place: of customers whom one may see, or of one of them. */
export function mergesLately(
  q: Queryable,
  of: { since: Date; scope: string[] | null; customer_id: string | null },
  after: { at: Date; from_id: string } | null,
  limit: number,
): Promise<(MergeRow & { name: string })[]> {
  return rows(
    q,
    `select ${MERGE}, c.name from customers_merges m join customers_customers c on c.id = m.into_id
     where m.merged_at > $1 and m.number is not null and ($2::uuid[] is null or c.owner_staff_id = any($2))
       and ($3::uuid is null or m.into_id = $3) and ($4::timestamptz is null or (m.merged_at, m.from_id) < ($4, $5::uuid))
     order by m.merged_at desc, m.from_id desc limit $6`,
    [of.since, of.scope, of.customer_id, after?.at ?? null, after?.from_id ?? null, limit],
  )
}

export async function forgetMerge(t: Tx, from_id: string): Promise<void> {
  await run(t, "delete from customers_merges where from_id = $1", [from_id])
}

/** Two who were parted by somebody are not put up again, nor merged unasked. */
export async function keptApart(t: Tx, { from, into }: Merged, by: string | null, now: Date): Promise<void> {
  await run(
    t,
    `insert into customers_merge_queue (customer_id, other_id, evidence, created_at, decision, decided_at, decided_by)
     select one, other, '{}', $3, 'apart', $3, $4 from (values ($1::uuid, $2::uuid), ($2::uuid, $1::uuid)) p (one, other)
     on conflict (customer_id, other_id) do update set decision = 'apart', decided_at = $3, decided_by = $4`,
    [from, into, now, by],
  )
}

/** What somebody is known by at channels. */
export async function namesOf(t: Tx, customer_id: string): Promise<string[]> {
  const found = await rows<{ value: string }>(
    t,
    "select value from customers_identities where customer_id = $1 and kind = 'external_userid'",
    [customer_id],
  )
  return found.map((r) => r.value)
}

/** Friendships under these names, whenever they began, are whose the names are; one that is there already stays. */
export async function giveContactsBack(t: Tx, { from, into, names }: Parted): Promise<void> {
  await run(
    t,
    `update customers_contacts k set customer_id = $1 where k.customer_id = $2 and k.external_userid = any($3)
       and not exists (select from customers_contacts o where o.customer_id = $1 and o.account_id = k.account_id)`,
    [from, into, names],
  )
}

export function ownersOfBoth(
  t: Tx,
  { from, into }: Merged,
): Promise<{ customer_id: string; scope_id: string | null }[]> {
  return rows(
    t,
    "select id as customer_id, owner_staff_id as scope_id from customers_customers where id = any($1::uuid[]) order by id",
    [[from, into]],
  )
}

/** Whether they are one still; locked against being parted. */
export async function stillMerged(t: Tx, { from, into }: Merged): Promise<boolean> {
  const found = await rows(t, "select from customers_merges where from_id = $1 and into_id = $2 for update", [
    from,
    into,
  ])
  return found.length > 0
}
