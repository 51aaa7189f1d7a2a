import { rows, run, type Tx } from "../../platform/db.ts"
import type { Keys } from "./pinyin.ts"
import { type Identity, type IdentityKind, identityKey } from "./rules.ts"

/**
 * The customers whom these identities name already, by identity. Kind by kind, each one walk along its index: joined to the
 * asked, a file's batch of ten thousand read the whole table of those who were there already, again and again.
 */
export async function lookUp(t: Tx, identities: readonly Identity[]): Promise<Map<string, string>> {
  const asked = new Map<IdentityKind, string[]>()
  for (const { kind, value } of identities) {
    const values = asked.get(kind)
    if (values) values.push(value)
    else asked.set(kind, [value])
  }
  if (asked.size === 0) return new Map()
  const kinds = [...asked]
  const found = await rows<{ kind: IdentityKind; value: string; customer_id: string }>(
    t,
    kinds
      .map(
        (_, i) => `select kind, value, customer_id from customers_identities
           where kind = $${2 * i + 1} and value = any($${2 * i + 2}::text[])`,
      )
      .join(" union all "),
    kinds.flat(),
  )
  return new Map(found.map((r) => [identityKey(r), r.customer_id]))
}

/** Writes identities that nobody else wrote meanwhile; gives those. */
export async function writeIdentities(
  t: Tx,
  identities: readonly (Identity & { customer_id: string })[],
): Promise<{ kind: string; value: string }[]> {
  return rows(
    t,
    `insert into customers_identities (kind, value, customer_id)
     select * from unnest($1::text[], $2::text[], $3::uuid[]) on conflict do nothing returning kind, value`,
    [identities.map((i) => i.kind), identities.map((i) => i.value), identities.map((i) => i.customer_id)],
  )
}

/** Every identity of the first of each pair becomes the second's. */
export async function moveIdentities(t: Tx, moved: readonly [string, string][]): Promise<void> {
  await run(
    t,
    `update customers_identities i set customer_id = m.winner from unnest($1::uuid[], $2::uuid[]) as m (mine, winner)
     where i.customer_id = m.mine`,
    [moved.map(([mine]) => mine), moved.map(([, winner]) => winner)],
  )
}

export type NewCustomer = {
  id: string
  name: string
  keys: Keys
  phone: string | null
  gender: number
  region: string | null
  avatar: string | null
  source_code: string | null
  created_at: Date
}

/** Makes customers; gives each its dense number. */
export async function writeCustomers(
  t: Tx,
  made: readonly NewCustomer[],
  now: Date,
): Promise<{ id: string; number: number }[]> {
  return rows(
    t,
    `insert into customers_customers
       (id, name, name_pinyin, name_initials, phone, gender, region, avatar, source_code, created_at, updated_at)
     select *, $11::timestamptz from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::smallint[],
       $7::text[], $8::text[], $9::text[], $10::timestamptz[])
     returning id, number`,
    [
      made.map((m) => m.id),
      made.map((m) => m.name),
      made.map((m) => m.keys.full),
      made.map((m) => m.keys.initials),
      made.map((m) => m.phone),
      made.map((m) => m.gender),
      made.map((m) => m.region),
      made.map((m) => m.avatar),
      made.map((m) => m.source_code),
      made.map((m) => m.created_at),
      now,
    ],
  )
}

/** Two customers that one arrival says are one person, by what it shares with the second; `certain`: nobody needs to be asked. */
export type Proposal = { customer_id: string; other_id: string; shared: IdentityKind; certain: boolean }

/**
 * Puts pairs up for a decision. A pair that was put up before becomes certain where the outside vouches for it now; one that somebody
 * kept apart is not put up again, nor one that waits the other way round and nothing more is known of.
 */
export async function proposeMerges(t: Tx, pairs: readonly Proposal[], now: Date): Promise<void> {
  await run(
    t,
    `insert into customers_merge_queue as q (customer_id, other_id, evidence, certain, created_at)
     select customer_id, other_id, jsonb_build_object('shared', min(shared)), bool_or(certain), $5::timestamptz
     from unnest($1::uuid[], $2::uuid[], $3::text[], $4::boolean[]) p (customer_id, other_id, shared, certain)
     where not exists (select from customers_merge_queue o where (o.customer_id, o.other_id) = (p.other_id, p.customer_id)
       and (o.decision = 'apart' or o.decided_at is null and not p.certain))
     group by customer_id, other_id order by customer_id, other_id
     on conflict (customer_id, other_id) do update set certain = true where excluded.certain and not q.certain and q.decided_at is null`,
    [
      pairs.map((p) => p.customer_id),
      pairs.map((p) => p.other_id),
      pairs.map((p) => p.shared),
      pairs.map((p) => p.certain),
      now,
    ],
  )
}
