import { rows, run, type Tx } from "../../platform/db.ts"
import type { Identity, IdentityKind } from "./rules.ts"

/** The phones of these customers, who stay locked until the end. */
export function phonesForUpdate(t: Tx, ids: readonly string[]): Promise<{ id: string; phone: string }[]> {
  return rows(
    t,
    `select id, phone from (
       select id, phone from customers_customers where id = any($1::uuid[]) order by id for no key update) c
     where phone is not null`,
    [ids],
  )
}

export async function rewritePhones(t: Tx, written: readonly { id: string; phone: string }[]): Promise<void> {
  if (written.length === 0) return
  await run(
    t,
    `update customers_customers c set phone = p.phone from unnest($1::uuid[], $2::text[]) as p (id, phone) where c.id = p.id`,
    [written.map((w) => w.id), written.map((w) => w.phone)],
  )
}

/** Phones by which these customers are known, in the order in which these became known. */
export function phoneIdentities(
  t: Tx,
  ids: readonly string[],
): Promise<{ value: string; customer_id: string }[]> {
  return rows(
    t,
    `select i.value, i.customer_id from customers_identities i join customers_customers c on c.id = i.customer_id
     where i.customer_id = any($1::uuid[]) and i.kind = 'phone' order by c.number, i.value for update of i`,
    [ids],
  )
}

export async function dropIdentities(t: Tx, identities: readonly Identity[]): Promise<void> {
  if (identities.length === 0) return
  await run(
    t,
    `delete from customers_identities i using unnest($1::text[], $2::text[]) as g (kind, value)
     where i.kind = g.kind and i.value = g.value`,
    [identities.map((i) => i.kind), identities.map((i) => i.value)],
  )
}

/** What kinds of identity these customers are known by. */
export async function kindsOf(t: Tx, ids: readonly string[]): Promise<Map<string, IdentityKind[]>> {
  const found = await rows<{ customer_id: string; kinds: IdentityKind[] }>(
    t,
    "select customer_id, array_agg(distinct kind) as kinds from customers_identities where customer_id = any($1::uuid[]) group by 1",
    [ids],
  )
  return new Map(found.map((f) => [f.customer_id, f.kinds]))
}
