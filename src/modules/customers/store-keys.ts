import { copyIn, copyLine, rows, run, type Tx } from "../../platform/db.ts"
import { type Keys, keysOf } from "./pinyin.ts"

/** Under which account the keys of a customer's own name stand. */
export const OWN = "00000000-0000-0000-0000-000000000000"

/** Under which the keys of the company's own remark stand. */
export const NOTED = "ffffffff-ffff-ffff-ffff-ffffffffffff"

/** A name (no account), the company's own remark (NOTED), or what an account calls the customer, as it stands now. */
export type Called = { customer_id: string; account_id?: string | null; keys: Keys }

/** Writes the other keys of these names and remarks anew. Of one that comes twice the last counts, as it does where it is kept. */
export async function writeKeys(t: Tx, called: readonly Called[]): Promise<void> {
  const last = new Map(called.map((one) => [`${one.customer_id}:${one.account_id ?? OWN}`, one]))
  if (last.size === 0) return
  const all = [...last.values()]
  const keys = all.flatMap((one) => one.keys.others.map((key) => ({ ...one, key })))
  await run(
    t,
    `delete from customers_keys k using unnest($1::uuid[], $2::uuid[]) as g (customer_id, account_id)
     where k.customer_id = g.customer_id and k.account_id = g.account_id`,
    [all.map((one) => one.customer_id), all.map((one) => one.account_id ?? OWN)],
  )
  if (keys.length === 0) return
  await run(
    t,
    `insert into customers_keys (customer_id, account_id, key)
     select * from unnest($1::uuid[], $2::uuid[], $3::text[]) order by 1, 2, 3 on conflict do nothing`,
    [
      keys.map((one) => one.customer_id),
      keys.map((one) => one.account_id ?? OWN),
      keys.map((one) => one.key),
    ],
  )
}

/** The same of names and remarks of people who are new: nothing of theirs is there yet. */
export async function copyKeys(t: Tx, called: readonly Called[]): Promise<void> {
  const lines = called.flatMap(({ customer_id, account_id, keys }) =>
    keys.others.map((key) => copyLine([customer_id, account_id ?? OWN, key])),
  )
  if (lines.length > 0) await copyIn(t, "customers_keys (customer_id, account_id, key)", [lines.join("")])
}

/** Writes every key of these customers anew, from the names and remarks that they have; both stay locked until the end. */
export async function rekeyCustomers(t: Tx, ids: readonly string[]): Promise<void> {
  const remarks = await rows<{ customer_id: string; account_id: string; text: string }>(
    t,
    `select customer_id, account_id, remark as text from customers_contacts where customer_id = any($1::uuid[])
     order by customer_id, account_id for update`,
    [ids],
  )
  const names = await rows<{ customer_id: string; text: string; remark: string }>(
    t,
    "select id as customer_id, name as text, remark from customers_customers where id = any($1::uuid[]) order by id for update",
    [ids],
  )
  const said = remarks.map(({ text, ...one }) => ({ ...one, keys: keysOf(text) }))
  const own = names.map(({ text, remark, ...one }) => ({ ...one, keys: keysOf(text), noted: keysOf(remark) }))
  await run(
    t,
    `update customers_contacts c set remark_pinyin = g.full_key, remark_initials = g.initials
     from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) as g (customer_id, account_id, full_key, initials)
     where c.customer_id = g.customer_id and c.account_id = g.account_id
       and (c.remark_pinyin, c.remark_initials) is distinct from (g.full_key, g.initials)`,
    [
      said.map((s) => s.customer_id),
      said.map((s) => s.account_id),
      said.map((s) => s.keys.full),
      said.map((s) => s.keys.initials),
    ],
  )
  await run(
    t,
    `update customers_customers c set name_pinyin = g.full_key, name_initials = g.initials,
       remark_pinyin = g.noted_key, remark_initials = g.noted_initials
     from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[]) as g (id, full_key, initials, noted_key, noted_initials)
     where c.id = g.id and (c.name_pinyin, c.name_initials, c.remark_pinyin, c.remark_initials)
       is distinct from (g.full_key, g.initials, g.noted_key, g.noted_initials)`,
    [
      own.map((o) => o.customer_id),
      own.map((o) => o.keys.full),
      own.map((o) => o.keys.initials),
      own.map((o) => o.noted.full),
      own.map((o) => o.noted.initials),
    ],
  )
  await run(t, "delete from customers_keys where customer_id = any($1::uuid[])", [ids])
  await writeKeys(t, [
    ...own,
    ...own.map(({ customer_id, noted }) => ({ customer_id, account_id: NOTED, keys: noted })),
    ...said,
  ])
}
