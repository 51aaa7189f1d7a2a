import { copyIn, copyLine, run, type Tx } from "../../platform/db.ts"
import { ROW, SCOPE } from "./columns.ts"
import { CHANGES_PER_ROW } from "./limits.ts"

/** A customer's place: the dense number and who looks after them (null: nobody yet). */
export type Enrolment = { customer_id: string; number: number; scope_id: string | null }

/**
 * Gives customers their row, in the transaction that makes them: a condition such as "not in any group" must count those of
 * whom nothing is known. Who has a row keeps it.
 */
export async function enrolCustomers(t: Tx, list: readonly Enrolment[]): Promise<void> {
  if (list.length === 0) return
  await run(
    t,
    `with made as (
       insert into traits_customers (customer_id, number, scope_id)
       select * from unnest($1::uuid[], $2::int[], $3::uuid[]) on conflict do nothing returning number)
     insert into traits_changes (trait, numbers, old)
     select '${ROW}', array_agg(number), jsonb_agg(false) from made group by number / ${CHANGES_PER_ROW}`,
    [list.map((c) => c.customer_id), list.map((c) => c.number), list.map((c) => c.scope_id)],
  )
}

/** The same for customers whom this transaction made: nobody has a row of theirs, so it goes by COPY and asks about none. */
export async function enrolNewCustomers(t: Tx, list: readonly Enrolment[]): Promise<void> {
  if (list.length === 0) return
  await copyIn(t, "traits_customers (customer_id, number, scope_id)", [
    list.map((c) => copyLine([c.customer_id, c.number, c.scope_id])).join(""),
  ])
  await run(
    t,
    `insert into traits_changes (trait, numbers, old)
     select '${ROW}', array_agg(number), jsonb_agg(false) from unnest($1::int[]) as number group by number / ${CHANGES_PER_ROW}`,
    [list.map((c) => c.number)],
  )
}

/** Someone else looks after these customers from now on. */
export async function rescopeCustomers(
  t: Tx,
  list: readonly { customer_id: string; scope_id: string | null }[],
): Promise<void> {
  if (list.length === 0) return
  await run(
    t,
    `with other as (
       select c.customer_id, c.number, c.scope_id as old, g.scope_id from unnest($1::uuid[], $2::uuid[]) as g (customer_id, scope_id)
       join traits_customers c using (customer_id) where c.scope_id is distinct from g.scope_id
       order by c.customer_id for no key update of c),
     moved as (
       update traits_customers c set scope_id = o.scope_id from other o where c.customer_id = o.customer_id)
     insert into traits_changes (trait, numbers, old)
     select '${SCOPE}', array_agg(number order by number), jsonb_agg(old order by number) from other group by number / ${CHANGES_PER_ROW}`,
    [list.map((c) => c.customer_id), list.map((c) => c.scope_id)],
  )
}

/** Takes customers out of the projection: merged into another, or erased. */
export async function withdrawCustomers(t: Tx, ids: readonly string[]): Promise<void> {
  await run(t, "delete from traits_reasons where customer_id = any($1::uuid[])", [ids])
  await run(
    t,
    `with gone as (delete from traits_customers where customer_id = any($1::uuid[]) returning number)
     insert into traits_changes (trait, numbers, old)
     select '${ROW}', array_agg(number), jsonb_agg(true) from gone group by number / ${CHANGES_PER_ROW}`,
    [ids],
  )
}
