import { rows, run, type Tx } from "../../platform/db.ts"

export type MoneyRow = {
  customer_id: string
  order_id: string
  fact: number
  fen: number
  points_per_yuan: number
}
export type EarningRow = {
  customer_id: string
  order_id: string
  posting: string
  points: number
  reversed: number
}

/** What is known of orders, before the facts given: facts that were taken before are told apart by their number. */
export async function ordersOf(
  t: Tx,
  customers: string[],
  orders: string[],
): Promise<{ money: MoneyRow[]; earnings: EarningRow[] }> {
  const args = [customers, orders]
  return {
    money: await rows<MoneyRow>(
      t,
      `select customer_id, order_id, fact, fen, points_per_yuan from points_order_money
       where customer_id = any($1::uuid[]) and order_id = any($2::uuid[]) order by fact`,
      args,
    ),
    earnings: await rows<EarningRow>(
      t,
      `select customer_id, order_id, posting, points, reversed from points_order_earnings
       where customer_id = any($1::uuid[]) and order_id = any($2::uuid[]) order by posting`,
      args,
    ),
  }
}

export async function saveMoney(t: Tx, money: MoneyRow[]): Promise<void> {
  await run(
    t,
    `insert into points_order_money (customer_id, order_id, fact, fen, points_per_yuan)
     select * from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::int[])`,
    [
      money.map((m) => m.customer_id),
      money.map((m) => m.order_id),
      money.map((m) => m.fact),
      money.map((m) => m.fen),
      money.map((m) => m.points_per_yuan),
    ],
  )
}

export async function saveEarnings(t: Tx, earnings: EarningRow[]): Promise<void> {
  if (earnings.length === 0) return
  await run(
    t,
    `insert into points_order_earnings (customer_id, order_id, posting, points, reversed)
     select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::int[])
     on conflict (customer_id, order_id, posting) do update set reversed = excluded.reversed`,
    [
      earnings.map((e) => e.customer_id),
      earnings.map((e) => e.order_id),
      earnings.map((e) => e.posting),
      earnings.map((e) => e.points),
      earnings.map((e) => e.reversed),
    ],
  )
}
