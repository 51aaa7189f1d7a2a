import { maybeRow, type Queryable, rows, run, type Tx } from "../../platform/db.ts"
import { orderOfAll, whereOf } from "../../platform/keyset.ts"
import { TRAITS_TABLE } from "../../spine/traits/index.ts"
import type { CustomerSort } from "./contract.ts"
import { EXPORT_PAGE, EXPORT_PEOPLE_MAX } from "./limits.ts"
import { asksTraits, conditions, type ListFilter } from "./store-filter.ts"
import { REMARK } from "./store-list.ts"
import { orderBy } from "./store-order.ts"

/** Keeps whom a filter holds, in an order, page by page; gives how many they are, one more than the limit where it is beyond. */
export async function insertExport(
  t: Tx,
  made: { id: string; staff_id: string; now: Date },
  filter: ListFilter,
  sort: CustomerSort,
): Promise<number> {
  const { keyset, of_traits } = orderBy(sort, asksTraits(filter))
  const { parts, params } = conditions(filter)
  const traits = of_traits || asksTraits(filter) ? `join ${TRAITS_TABLE} t on t.customer_id = c.id` : ""
  const add = (value: unknown) => `$${params.push(value)}`
  const [id, staff, now] = [add(made.id), add(made.staff_id), add(made.now)]
  const found = await rows<{ people: number }>(
    t,
    `with whom as materialized (
       select c.number, row_number() over (order by ${orderOfAll(keyset, sort)}) as n
       from customers_customers c ${traits} ${whereOf(parts)} limit ${EXPORT_PEOPLE_MAX + 1}),
     pages as (
       insert into customers_export_pages (export_id, page, numbers)
       select ${id}::uuid, (n - 1) / ${EXPORT_PAGE}, array_agg(number order by n) from whom group by 2)
     insert into customers_exports (id, staff_id, people, created_at)
     select ${id}::uuid, ${staff}::uuid, (select count(*) from whom), ${now}::timestamptz returning people`,
    params,
  )
  return found[0]!.people
}

/** Forgets files that were opened before. */
export async function forgetExports(t: Tx, before: Date): Promise<void> {
  await run(
    t,
    `with gone as (delete from customers_exports where created_at < $1 returning id)
     delete from customers_export_pages p using gone where p.export_id = gone.id`,
    [before],
  )
}

/** A file that this person opened. */
export const exportOf = (q: Queryable, id: string, staff_id: string) =>
  maybeRow<{ people: number; created_at: Date }>(
    q,
    "select people, created_at from customers_exports where id = $1 and staff_id = $2",
    [id, staff_id],
  )

export type ExportRow = {
  id: string
  name: string
  remark: string
  phone: string | null
  owner_staff_id: string | null
  source_code: string | null
  first_contact_at: Date | null
}

/** One page of a file, in its order: who is gone meanwhile, or may not be seen any more, is left out. Null where there is no such page (any more). */
export async function exportPage(
  q: Queryable,
  id: string,
  page: number,
  scope: readonly string[] | null,
): Promise<ExportRow[] | null> {
  const kept = await maybeRow<{ numbers: number[] }>(
    q,
    "select numbers from customers_export_pages where export_id = $1 and page = $2",
    [id, page],
  )
  if (!kept) return null
  return rows(
    q,
    `select c.id, c.name, ${REMARK} as remark, c.phone, c.owner_staff_id, c.source_code, c.first_contact_at
     from unnest($1::int[]) with ordinality k (number, n) join customers_customers c on c.number = k.number
     where $2::uuid[] is null or c.owner_staff_id = any($2) order by k.n`,
    [kept.numbers, scope],
  )
}
