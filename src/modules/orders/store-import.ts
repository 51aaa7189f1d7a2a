import { type Queryable, rows, run } from "../../platform/db.ts"
import type { Known, KnownOrder } from "./import/decide.ts"

/** What the books hold of these lines, order numbers and refund numbers of one source. */
export async function loadKnown(
  q: Queryable,
  source_id: number,
  asked: { lines: readonly number[]; order_nos: readonly string[]; refund_nos: readonly string[] },
): Promise<Known> {
  const known: Known = { byLine: new Map(), byNumber: new Map(), refund_nos: new Set() }
  if (asked.lines.length > 0) {
    const found = await rows<{
      line: number
      customer_id: string
      customer: string
      at: Date
      fen: number
      product: string | null
    }>(
      q,
      `select o.line, o.customer_id, k.name_in_source as customer, o.paid_at as at, o.paid_fen as fen, l.name as product
       from orders_orders o
       join orders_by_customer k using (customer_id)
       left join orders_lines l on l.customer_id = o.customer_id and l.order_id = o.order_id and l.n = 1
       where o.source_id = $1 and o.order_no is null and o.line between $2 and $3`,
      [source_id, asked.lines.reduce((a, b) => Math.min(a, b)), asked.lines.reduce((a, b) => Math.max(a, b))],
    )
    for (const row of found) known.byLine.set(row.line, row)
  }
  if (asked.order_nos.length > 0) {
    const found = await rows<
      Omit<KnownOrder, "lines"> & { order_no: string; names: string[]; fens: number[] }
    >(
      q,
      `select o.order_no, o.customer_id, o.order_id, o.paid_at as at, l.names, l.fens
       from orders_orders o
       cross join lateral (
         select coalesce(array_agg(name order by n), '{}') as names,
           coalesce(array_agg(fen::float8 order by n), '{}') as fens
         from orders_lines l where l.customer_id = o.customer_id and l.order_id = o.order_id) l
       where o.source_id = $1 and o.order_no = any($2)`,
      [source_id, asked.order_nos],
    )
    for (const { order_no, names, fens, ...order } of found)
      known.byNumber.set(order_no, {
        ...order,
        lines: names.map((product, i) => ({ product, fen: fens[i]! })),
      })
  }
  if (asked.refund_nos.length > 0) {
    const found = await rows<{ refund_no: string }>(
      q,
      "select refund_no from orders_refunds where source_id = $1 and refund_no = any($2)",
      [source_id, asked.refund_nos],
    )
    for (const row of found) known.refund_nos.add(row.refund_no)
  }
  return known
}

/** How often earlier batches of this run met these keys. */
export async function loadSeen(
  q: Queryable,
  run_id: string,
  keys: readonly string[],
): Promise<Map<string, number>> {
  if (keys.length === 0) return new Map()
  const found = await rows<{ key: string; n: number }>(
    q,
    "select key, n from orders_import_seen where run_id = $1 and key = any($2)",
    [run_id, keys],
  )
  return new Map(found.map((r) => [r.key, r.n]))
}

export async function keepSeen(
  q: Queryable,
  run_id: string,
  seen: ReadonlyMap<string, number>,
): Promise<void> {
  if (seen.size === 0) return
  await run(
    q,
    `insert into orders_import_seen (run_id, key, n) select $1, * from unnest($2::text[], $3::int[])
     on conflict (run_id, key) do update set n = excluded.n`,
    [run_id, [...seen.keys()], [...seen.values()]],
  )
}

/** Forgets a run's counts, and those of runs that ended without doing so. */
export async function forgetSeen(q: Queryable, run_id: string): Promise<void> {
  await run(
    q,
    `delete from orders_import_seen where run_id = $1
       or substr(run_id::text, 1, 8) || substr(run_id::text, 10, 4) < lpad(to_hex((extract(epoch from now()) * 1000)::bigint - 172800000), 12, '0')`,
    [run_id],
  )
}
