import { oneRow, type Tx } from "../../platform/db.ts"
import type { MeasureOffer } from "../../spine/offers/index.ts"

type Range = { from_day: number; to_day: number }

async function sumOf(t: Tx, sql: string, { from_day, to_day }: Range): Promise<number> {
  return (await oneRow<{ sum: number }>(t, sql, [from_day, to_day])).sum
}

const DAYS = "day between $1 and $2"

/** Computed from orders themselves, by the day of paying; refunds by their own day. */
export const measures: MeasureOffer[] = [
  {
    name: "orders.gmv",
    unit: "fen",
    label: { zh: "成交额", en: "GMV" },
    hint: {
      zh: "为商品付的钱，扣除优惠券，不含积分和运费，退款前",
      en: "Money paid for goods, after coupons, without points and shipping, before refunds",
    },
    read: (t, range) =>
      sumOf(t, `select coalesce(sum(paid_fen), 0)::bigint as sum from orders_orders where ${DAYS}`, range),
  },
  {
    name: "orders.net_gmv",
    unit: "fen",
    label: { zh: "净成交额", en: "Net GMV" },
    hint: { zh: "成交额减去期内发生的退款", en: "GMV less the refunds made in the same days" },
    read: (t, range) =>
      sumOf(
        t,
        `select (select coalesce(sum(paid_fen), 0) from orders_orders where ${DAYS})::bigint
           - (select coalesce(sum(refund_fen), 0) from orders_refunds where ${DAYS})::bigint as sum`,
        range,
      ),
  },
  {
    name: "orders.count",
    unit: "times",
    label: { zh: "订单数", en: "Orders" },
    hint: { zh: "已付款且未取消的订单", en: "Orders paid and not cancelled" },
    read: (t, range) =>
      sumOf(t, `select count(*) as sum from orders_orders where ${DAYS} and cancelled_day is null`, range),
  },
  {
    name: "orders.buyers",
    unit: "people",
    label: { zh: "下单人数", en: "Buyers" },
    hint: { zh: "期内下过单的客户", en: "Customers with an order in these days" },
    read: (t, range) =>
      sumOf(
        t,
        `select count(distinct customer_id) as sum from orders_orders where ${DAYS} and cancelled_day is null`,
        range,
      ),
  },
  {
    name: "orders.cross_buyers",
    unit: "people",
    label: { zh: "买了多种商品的人数", en: "Buyers of different products" },
    hint: {
      zh: "期内买过两种及以上商品的客户，引流品不算",
      en: "Customers who bought two different products or more in these days, lead products aside",
    },
    read: (t, range) =>
      sumOf(
        t,
        `select count(*) as sum from (select customer_id from orders_bought
           where ${DAYS} and kind <> 'lead' and sku <> '' group by customer_id having count(distinct sku) >= 2) c`,
        range,
      ),
  },
]
