import type { Queryable, Tx } from "../../../platform/db.ts"
import { type Arrival, ensureCustomers, type IdentityKind } from "../../customers/index.ts"
import type { ImportKind, Job, Taken } from "../../imports/index.ts"
import { record } from "../record.ts"
import { lockSource } from "../store.ts"
import { forgetSeen, keepSeen, loadKnown, loadSeen } from "../store-import.ts"
import { decide, orderKey, ordinals, refundKey, refundNumbers } from "./decide.ts"
import { ORDER_FAILURES } from "./failures.ts"
import { type ImportRow, readRow } from "./rows.ts"

/**
 * Files of orders. `customer_is`: what the customer column holds; by default the company's own number or name, the same person in
 * every file.
 */
export function ordersKind(customer_is: IdentityKind = "import"): ImportKind<ImportRow> {
  return {
    name: "orders",
    words: { zh: "订单", en: "Orders" },
    permission: "orders.write",
    fields: [
      {
        name: "customer",
        words: { zh: "客户", en: "Customer" },
        hint: {
          zh: "客户的编号或名字，同一个人在每份表里写法一致",
          en: "Number or name, the same in every file",
        },
        aliases:
          /^(客户|顾客|会员|买家|用户)(编号|号|id|ID|标识|昵称|名称|姓名|账号|会员名)?$|^(customer|buyer|member|user)[ _-]?(id|no|number|name)?$/i,
        sample: "K0001",
      },
      {
        name: "at",
        words: { zh: "时间", en: "Time" },
        hint: { zh: "付款时间，如 2024-02-28 08:30", en: "When it was paid, such as 2024-02-28 08:30" },
        aliases:
          /^(付款|支付|下单|成交|购买|订单|交易|创建)?(时间|日期)$|^((order|pay|paid|invoice|purchase)[ _-]?)?(date|time|at)$/i,
        sample: "2024-02-28 08:30",
      },
      {
        name: "amount",
        words: { zh: "金额", en: "Amount" },
        hint: {
          zh: "元，最多两位小数；负数是退款，要有订单号",
          en: "In yuan; a negative one is a refund of its order",
        },
        aliases:
          /^(实付|实收|付款|支付|订单|成交|交易|消费|应付|买家实际支付)?(总?金额|款)(\(元\)|（元）)?$|^(grand[ _-]?total|revenue|amount([ _-]\w{3})?|total|dollar[ _-]?value|paid)$/i,
        sample: "128.00",
      },
      {
        name: "product",
        words: { zh: "商品", en: "Product" },
        aliases: /^(商品|产品|货品|宝贝)(名称|标题|名)?$|^(product|item|description)([ _-]?(name|title))?$/i,
        sample: "花茶礼盒",
      },
      {
        name: "order",
        words: { zh: "订单号", en: "Order number" },
        hint: { zh: "一单多行写同一个订单号", en: "Rows of one order carry the same number" },
        aliases: /^(订单|交易|单据|发票)(编号|号|id)$|^(order|invoice)[ _-]?(no|number|id)$/i,
        sample: "D20240228001",
      },
    ],
    needs: [["customer"], ["at"], ["amount"]],
    by_source: true,
    failures: ORDER_FAILURES,
    read: readRow,
    // The rows of an order that stand together are written together, so that the order is told once and whole.
    together: (last, next) => last.order_no !== null && last.order_no === next.order_no,
    begin: (job) => ({
      take: (t, rows) => takeRows(t, job, customer_is, rows),
      // Only the places are counted, so that the next row of an order that stands before and behind the stop is known as what it is.
      passOver: async (q, rows) => keepSeen(q, job.run_id, (await countPlaces(q, job.run_id, rows)).seen),
      end: () => forgetSeen(job.db, job.run_id),
    }),
  }
}

async function takeRows(
  t: Tx,
  { run_id, source, now }: Job,
  kind: IdentityKind,
  good: readonly ImportRow[],
): Promise<Taken> {
  const source_id = await lockSource(t, source)
  const arrivals = new Map<string, Arrival>()
  for (const { customer, at } of good) {
    const known = arrivals.get(customer)
    if (known && known.seen_at <= at) continue
    const phone = kind === "phone" ? { phone: customer } : {}
    arrivals.set(customer, { identities: [{ kind, value: customer }], name: customer, seen_at: at, ...phone })
  }
  const texts = [...arrivals.keys()]
  const ids = await ensureCustomers(t, [...arrivals.values()], now)
  const idOf = new Map(texts.map((text, i) => [text, ids[i]!]))
  const { numbered, nths, seen } = await countPlaces(t, run_id, good)
  const known = await loadKnown(t, source_id, {
    lines: good.filter((row) => row.order_no === null).map((row) => row.line),
    order_nos: [...new Set(numbered.map((row) => row.order_no!))],
    refund_nos: refundNumbers(good, nths),
  })
  const owned = good.map((row) => ({ ...row, customer_id: idOf.get(row.customer)! }))
  const decided = decide(owned, nths, known, { source_id, source }, now)
  await record(t, {
    origin: "history",
    names: new Map(texts.map((text, i) => [ids[i]!, text])),
    named_by_import: true,
    ...decided,
    cancellations: [],
  })
  return { outcomes: decided.outcomes, remember: (q) => keepSeen(q, run_id, seen) }
}

/** The place of each row among those of its order, the run's earlier rows included, and the counts that hold from here on. */
async function countPlaces(q: Queryable, run_id: string, good: readonly ImportRow[]) {
  const numbered = good.filter((row) => row.order_no !== null)
  const keys = new Set(numbered.map((row) => (row.fen < 0 ? refundKey(row) : orderKey(row))))
  const seen = await loadSeen(q, run_id, [...keys])
  return { numbered, nths: ordinals(good, seen), seen }
}
