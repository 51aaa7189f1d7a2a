import { dayNumber } from "../../kernel/day.ts"
import { copyIn, copyLine, oneRow, type Queryable, run, type Tx } from "../../platform/db.ts"
import type { Move, Writing } from "./record.ts"
import type { Extension, NewOrder, NewRefund } from "./rules.ts"

/**
 * The number of a source, made where it is new, with its door locked until the end of the transaction: whoever decides by what
 * is known of an order number must be alone with it.
 */
export async function lockSource(t: Tx, name: string): Promise<number> {
  await t.query("select pg_advisory_xact_lock(hashtextextended($1, 7230))", [name])
  await run(t, "insert into orders_sources (name) values ($1) on conflict do nothing", [name])
  return (
    await oneRow<{ source_id: number }>(t, "select source_id from orders_sources where name = $1", [name])
  ).source_id
}

const ORDER_COLUMNS = `orders_orders (customer_id, paid_at, order_id, source_id, line, day, cancelled_day, paid_fen,
  points_used, coupon_fen, shipping_fen, lead_only, order_no, source_code)`

export async function insertOrders(t: Tx, orders: readonly NewOrder[]): Promise<void> {
  if (orders.length === 0) return
  const lines = orders.map((o) =>
    copyLine([
      o.customer_id,
      o.paid_at.toISOString(),
      o.order_id,
      o.source_id,
      o.line,
      dayNumber(o.paid_at),
      o.cancelled_day,
      o.paid_fen,
      o.points_used,
      o.coupon_fen,
      o.shipping_fen,
      o.lead_only,
      o.order_no,
      o.source_code,
    ]),
  )
  await copyIn(t, ORDER_COLUMNS, [lines.join("")])
}

export async function insertLines(t: Tx, orders: readonly (NewOrder | Extension)[]): Promise<void> {
  const lines = orders.flatMap((o) =>
    o.lines.map((l, i) =>
      copyLine([o.customer_id, o.order_id, o.first_n + i, l.qty, l.fen, l.kind, l.sku, l.name, l.category]),
    ),
  )
  if (lines.length === 0) return
  await copyIn(t, "orders_lines (customer_id, order_id, n, qty, fen, kind, sku, name, category)", [
    lines.join(""),
  ])
}

export async function insertRefunds(t: Tx, refunds: readonly NewRefund[]): Promise<void> {
  if (refunds.length === 0) return
  const lines = refunds.map((r) =>
    copyLine([
      r.customer_id,
      r.refund_id,
      r.order_id,
      r.source_id,
      r.at.toISOString(),
      dayNumber(r.at),
      r.refund_fen,
      r.cancellation,
      r.order_no,
      r.refund_no,
    ]),
  )
  await copyIn(
    t,
    `orders_refunds (customer_id, refund_id, order_id, source_id, at, day, refund_fen, cancellation, order_no, refund_no)`,
    [lines.join("")],
  )
}

/** Refunded money, added lines and cancellations on orders that stand already. */
export async function addToOrders(t: Tx, writing: Writing): Promise<void> {
  const { refunds, extensions, cancellations } = writing
  const linked = refunds.filter((r) => r.order_id !== null)
  if (linked.length + extensions.length + cancellations.length === 0) return
  const changes = [
    ...linked.map((r) => ({ ...r, refund: r.refund_fen, added: 0, cancelled: null })),
    ...extensions.map((e) => ({ ...e, refund: 0, added: e.added_fen, cancelled: null })),
    ...cancellations.map((c) => ({ ...c, refund: 0, added: 0, cancelled: dayNumber(c.at) })),
  ]
  await run(
    t,
    `update orders_orders o set refunded_fen = o.refunded_fen + c.refund, paid_fen = o.paid_fen + c.added,
       cancelled_day = coalesce(o.cancelled_day, c.cancelled)
     from (select customer_id, order_id, sum(refund) as refund, sum(added) as added, max(cancelled) as cancelled
           from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::int[])
             as c (customer_id, order_id, refund, added, cancelled)
           group by customer_id, order_id) c
     where o.customer_id = c.customer_id and o.order_id = c.order_id`,
    [
      changes.map((c) => c.customer_id),
      changes.map((c) => c.order_id),
      changes.map((c) => c.refund),
      changes.map((c) => c.added),
      changes.map((c) => c.cancelled),
    ],
  )
}

/** Adds moves to the kept figures; the moves come sorted by customer, so that two doors never wait for each other in a ring. */
export async function addToCustomers(t: Tx, moves: readonly Move[], named_by_import: boolean): Promise<void> {
  if (moves.length === 0) return
  await t.query({
    name: "orders_add_to_customers",
    text: `insert into orders_by_customer as k (customer_id, name_in_source, named_by_import, order_count, goods_count,
         first_day, last_day, goods_first_day, goods_last_day, moved_day, gmv_fen, refund_fen, last_paid_at, last_paid_fen)
       select customer_id, name, $14, orders, goods, f, l, gf, gl, moved, gmv, refund, paid_at, paid
       from unnest($1::uuid[], $2::text[], $3::int[], $4::int[], $5::int[], $6::int[], $7::int[], $8::int[], $9::int[],
         $10::bigint[], $11::bigint[], $12::timestamptz[], $13::bigint[])
         as m (customer_id, name, orders, goods, f, l, gf, gl, moved, gmv, refund, paid_at, paid)
       on conflict (customer_id) do update set
         name_in_source = case when excluded.named_by_import and not k.named_by_import
           then excluded.name_in_source else k.name_in_source end,
         named_by_import = k.named_by_import or excluded.named_by_import,
         order_count = k.order_count + excluded.order_count,
         goods_count = k.goods_count + excluded.goods_count,
         first_day = least(k.first_day, excluded.first_day),
         last_day = greatest(k.last_day, excluded.last_day),
         goods_first_day = least(k.goods_first_day, excluded.goods_first_day),
         goods_last_day = greatest(k.goods_last_day, excluded.goods_last_day),
         moved_day = greatest(k.moved_day, excluded.moved_day),
         gmv_fen = k.gmv_fen + excluded.gmv_fen,
         refund_fen = k.refund_fen + excluded.refund_fen,
         last_paid_fen = case when k.last_paid_at is null or excluded.last_paid_at >= k.last_paid_at
           then excluded.last_paid_fen else k.last_paid_fen end,
         last_paid_at = greatest(k.last_paid_at, excluded.last_paid_at)`,
    values: [
      moves.map((m) => m.customer_id),
      moves.map((m) => m.name),
      moves.map((m) => m.orders),
      moves.map((m) => m.goods_orders),
      moves.map((m) => m.first_day),
      moves.map((m) => m.last_day),
      moves.map((m) => m.goods_first_day),
      moves.map((m) => m.goods_last_day),
      moves.map((m) => m.moved_day),
      moves.map((m) => m.gmv_fen),
      moves.map((m) => m.refund_fen),
      moves.map((m) => m.last_paid_at?.toISOString() ?? null),
      moves.map((m) => m.last_paid_fen),
      named_by_import,
    ],
  })
}

/** The kept figures of these customers, counted again from their orders: the rare changes that sums cannot follow. */
export async function recount(t: Queryable, customer_ids: readonly string[]): Promise<void> {
  await run(
    t,
    `update orders_by_customer k set order_count = c.orders, goods_count = c.goods, first_day = c.f, last_day = c.l,
       goods_first_day = c.gf, goods_last_day = c.gl, gmv_fen = c.gmv, refund_fen = c.refund,
       moved_day = greatest(c.moved, c.refund_day, k.moved_day), last_paid_at = c.paid_at, last_paid_fen = c.paid_fen
     from (
       select a.customer_id, o.*, r.*, p.*
       from (select unnest($1::uuid[]) as customer_id) a
       cross join lateral (
         select count(*) filter (where cancelled_day is null) as orders,
           count(*) filter (where cancelled_day is null and not lead_only) as goods,
           min(day) filter (where cancelled_day is null) as f,
           max(day) filter (where cancelled_day is null) as l,
           min(day) filter (where cancelled_day is null and not lead_only) as gf,
           max(day) filter (where cancelled_day is null and not lead_only) as gl,
           coalesce(sum(paid_fen), 0) as gmv, greatest(max(day), max(cancelled_day)) as moved
         from orders_orders o where o.customer_id = a.customer_id) o
       cross join lateral (
         select coalesce(sum(refund_fen), 0) as refund, max(day) as refund_day
         from orders_refunds r where r.customer_id = a.customer_id) r
       left join lateral (
         select paid_at, paid_fen from orders_orders p
         where p.customer_id = a.customer_id and cancelled_day is null order by paid_at desc, order_id desc limit 1) p on true
     ) c
     where k.customer_id = c.customer_id`,
    [customer_ids],
  )
}

/** The name by which a file knew either stays: it is what later files call the customer. */
export async function carryFigures(t: Tx, { from, into }: { from: string; into: string }): Promise<void> {
  await run(
    t,
    `with gone as (delete from orders_by_customer where customer_id = $1 returning moved_day, name_in_source, named_by_import)
     insert into orders_by_customer as k (customer_id, moved_day, name_in_source, named_by_import)
     select $2, moved_day, name_in_source, named_by_import from gone
     on conflict (customer_id) do update set moved_day = greatest(k.moved_day, excluded.moved_day),
       name_in_source = case when excluded.named_by_import and not k.named_by_import
         then excluded.name_in_source else k.name_in_source end,
       named_by_import = k.named_by_import or excluded.named_by_import`,
    [from, into],
  )
}

/** Whoever has orders has figures, to be counted; their own name is not known any more. */
export async function ensureFigures(t: Tx, ids: readonly string[]): Promise<void> {
  await run(
    t,
    `insert into orders_by_customer (customer_id, moved_day, name_in_source)
     select customer_id, max(day), customer_id::text from orders_orders where customer_id = any($1::uuid[]) group by customer_id
     on conflict do nothing`,
    [ids],
  )
}
