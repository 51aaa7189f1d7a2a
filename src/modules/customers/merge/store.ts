import { type Queryable, rows, run, type Tx } from "../../../platform/db.ts"
import type { Merged } from "../../../spine/facts/index.ts"
import type { IdentityKind } from "../rules.ts"
import { rekeyCustomers } from "../store-keys.ts"

export type Pair = { customer_id: string; other_id: string }

/** Locks both in one order; whether both are still there. */
export async function lockPair(t: Tx, { from, into }: Merged): Promise<boolean> {
  const found = await rows<{ id: string }>(
    t,
    "select id from customers_customers where id = any($1::uuid[]) order by id for update",
    [[from, into]],
  )
  return found.length === 2
}

/** What is known of the one who goes fills what the other lacks; the earlier meeting and an opt-out hold. Gives the owner then. */
export async function fillFrom(t: Tx, { from, into }: Merged, now: Date): Promise<string | null> {
  const [kept] = await rows<{ owner_staff_id: string | null }>(
    t,
    `update customers_customers k set
       name = case when k.name = '' then g.name else k.name end,
       name_pinyin = case when k.name = '' then g.name_pinyin else k.name_pinyin end,
       name_initials = case when k.name = '' then g.name_initials else k.name_initials end,
       remark = case when k.remark = '' then g.remark else k.remark end,
       remark_pinyin = case when k.remark = '' then g.remark_pinyin else k.remark_pinyin end,
       remark_initials = case when k.remark = '' then g.remark_initials else k.remark_initials end,
       birthday = coalesce(k.birthday, g.birthday), consented_at = least(k.consented_at, g.consented_at),
       phone = coalesce(k.phone, g.phone), gender = case when k.gender = 0 then g.gender else k.gender end,
       region = coalesce(k.region, g.region), avatar = coalesce(k.avatar, g.avatar),
       source_code = coalesce(k.source_code, g.source_code), owner_staff_id = coalesce(k.owner_staff_id, g.owner_staff_id),
       first_contact_at = least(k.first_contact_at, g.first_contact_at),
       opted_out_at = least(k.opted_out_at, g.opted_out_at), created_at = least(k.created_at, g.created_at), updated_at = $3
     from customers_customers g where g.id = $1 and k.id = $2 returning k.owner_staff_id`,
    [from, into, now],
  )
  await run(t, "delete from customers_customers where id = $1", [from])
  return kept?.owner_staff_id ?? null
}

/** Whoever stays is found by the names and remarks that they have now, and nobody by the other. */
export async function carryKeys(t: Tx, { from, into }: Merged): Promise<void> {
  await run(t, "delete from customers_keys where customer_id = $1", [from])
  await rekeyCustomers(t, [into])
}

export async function carryIdentities(t: Tx, { from, into }: Merged): Promise<void> {
  await run(t, "update customers_identities set customer_id = $2 where customer_id = $1", [from, into])
}

/** Of two friendships with one account the one that is on stays, else the later. */
export async function carryContacts(t: Tx, { from, into }: Merged): Promise<void> {
  await run(
    t,
    `delete from customers_contacts k using customers_contacts g
     where k.customer_id = $2 and g.customer_id = $1 and k.account_id = g.account_id
       and (k.removed_at is null, k.added_at) < (g.removed_at is null, g.added_at)`,
    [from, into],
  )
}

/** Pairs with the one who goes are pairs with the other; what is a pair no more is dropped. */
export async function carryQueue(t: Tx, { from, into }: Merged): Promise<void> {
  await run(
    t,
    `with gone as (delete from customers_merge_queue where $1 in (customer_id, other_id) returning *)
     insert into customers_merge_queue (customer_id, other_id, evidence, created_at, certain, decision, decided_at, decided_by)
     select distinct on (1, 2) case when customer_id = $1 then $2 else customer_id end,
       case when other_id = $1 then $2 else other_id end, evidence, created_at, certain, decision, decided_at, decided_by
     from gone where not ($2 in (customer_id, other_id)) order by 1, 2, created_at on conflict do nothing`,
    [from, into],
  )
}

export async function noteMerge(t: Tx, pair: Merged, by: string | null, now: Date): Promise<void> {
  await run(t, "update customers_merges set into_id = $2 where into_id = $1", [pair.from, pair.into])
  await run(
    t,
    `insert into customers_merges (from_id, into_id, first_into_id, number, merged_at, merged_by, carried_at)
     values ($1, $2, $2, nextval('customers_merge_number'), $3, $4, $3)`,
    [pair.from, pair.into, now, by],
  )
}

/** Pairs that the outside says are one, where the one who would go is not known by another union id. */
export function certainPairs(q: Queryable, limit: number): Promise<Pair[]> {
  return rows(
    q,
    `select customer_id, other_id from customers_merge_queue p where decided_at is null and certain
       and not exists (select from customers_identities i where i.customer_id = p.other_id and i.kind = 'unionid')
     order by created_at, customer_id, other_id limit $1`,
    [limit],
  )
}

export type OpenPair = Pair & { shared: IdentityKind; created_at: Date }

/** Pairs that wait for somebody, oldest first, after `after`: those of whom one may see both. */
export function openPairs(
  q: Queryable,
  scope: string[] | null,
  after: { at: Date; customer_id: string; other_id: string } | null,
  limit: number,
): Promise<OpenPair[]> {
  return rows(
    q,
    `select p.customer_id, p.other_id, p.evidence->>'shared' as shared, p.created_at from customers_merge_queue p
     join customers_customers a on a.id = p.customer_id join customers_customers b on b.id = p.other_id
     where p.decided_at is null and ($1::uuid[] is null or a.owner_staff_id = any($1) and b.owner_staff_id = any($1))
       and ($2::timestamptz is null or (p.created_at, p.customer_id, p.other_id) > ($2, $3::uuid, $4::uuid))
     order by p.created_at, p.customer_id, p.other_id limit $5`,
    [scope, after?.at ?? null, after?.customer_id ?? null, after?.other_id ?? null, limit],
  )
}

export type Side = {
  id: string
  name: string
  phone: string | null
  owner_staff_id: string | null
  created_at: Date
  account_ids: string[]
}

/** What tells people apart, of these customers. */
export function sidesOf(q: Queryable, ids: readonly string[]): Promise<Side[]> {
  return rows(
    q,
    `select c.id, c.name, c.phone, c.owner_staff_id, c.created_at,
       array(select k.account_id from customers_contacts k where k.customer_id = c.id and k.removed_at is null order by k.added_at) as account_ids
     from customers_customers c where c.id = any($1::uuid[])`,
    [ids],
  )
}

/**
 * Merges of the last while that are due to be looked at again: the older one is, the rarer, at a quarter of its age and not within a
 * minute. A merge of a week ago has been looked at some thirty times and not ten thousand.
 */
export async function lateMerges(
  q: Queryable,
  now: Date,
  while_ms: number,
  limit: number,
): Promise<(Merged & { merged_at: Date })[]> {
  return rows(
    q,
    `select from_id as "from", into_id as "into", merged_at from customers_merges
     where merged_at > $1::timestamptz - $2 * interval '1 ms'
       and $1 - carried_at >= greatest(interval '1 minute', ($1 - merged_at) / 4)
     order by carried_at, from_id limit $3`,
    [now, while_ms, limit],
  )
}

export async function noteCarried(q: Queryable, froms: readonly string[], now: Date): Promise<void> {
  await run(q, "update customers_merges set carried_at = $2 where from_id = any($1::uuid[])", [froms, now])
}

/** Decides a pair that waits; gives whether it did. */
export async function decidePair(
  t: Tx,
  pair: Pair,
  decision: "merge" | "apart",
  by: string | null,
  now: Date,
): Promise<boolean> {
  const changed = await run(
    t,
    `update customers_merge_queue set decision = $3, decided_at = $4, decided_by = $5
     where (customer_id, other_id) = ($1, $2) and decided_at is null`,
    [pair.customer_id, pair.other_id, decision, now, by],
  )
  return changed > 0
}
