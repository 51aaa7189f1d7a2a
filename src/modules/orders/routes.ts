import { parseDay, startOfDay } from "../../kernel/day.ts"
import { refuse } from "../../kernel/result.ts"
import { implement, type Route } from "../../platform/http/index.ts"
import { customerNames } from "../customers/index.ts"
import { listOrders, pushOrders, readOrder } from "./contract.ts"
import { takeShopOrders } from "./shop/door.ts"
import { linesOf, type OrderPlace, orderById, orderRows, refundsOf } from "./store-read.ts"
import { wizardRoutes } from "./wizard/routes.ts"

export const routes: Route[] = [
  ...wizardRoutes,
  implement(listOrders, async (ctx, { query }) => {
    const after = query.cursor ? readCursor(query.cursor) : null
    if (query.cursor && !after) return refuse("invalid_input", { field: "cursor" })
    const [from, to] = [parseDay(query.from ?? ""), parseDay(query.to ?? "")]
    const filter = {
      scope: ctx.actor.scope,
      customer_id: query.customer_id,
      source: query.source,
      order_no: query.order_no,
      from: from === null ? undefined : startOfDay(from),
      to: to === null ? undefined : startOfDay(to + 1),
    }
    const found = await orderRows(ctx.db, filter, after, query.limit + 1)
    const page = found.slice(0, query.limit)
    const last = page.at(-1)
    const names = await customerNames(
      ctx.db,
      page.map((order) => order.customer_id),
    )
    return {
      rows: page.map((order) => ({ ...order, customer_name: names.get(order.customer_id) ?? "" })),
      next_cursor: found.length > query.limit && last ? `${last.paid_at.getTime()}_${last.order_id}` : null,
    }
  }),
  implement(readOrder, async (ctx, { params }) => {
    const order = await orderById(ctx.db, ctx.actor.scope, params.customer_id, params.order_id)
    if (!order) return refuse("not_found")
    const lines = await linesOf(ctx.db, [order])
    const names = await customerNames(ctx.db, [order.customer_id])
    const customer_name = names.get(order.customer_id) ?? ""
    return {
      ...order,
      customer_name,
      lines,
      refunds: await refundsOf(ctx.db, params.customer_id, params.order_id),
    }
  }),
  implement(pushOrders, (ctx, { body }) =>
    ctx.command(async (t, note) => {
      const answer = await takeShopOrders(t, body.origin, body.orders, ctx.now)
      const { taken, known, refused } = answer
      note({ target: "orders", after: { origin: body.origin, taken, known, refused } })
      return answer
    }),
  ),
]

function readCursor(cursor: string): OrderPlace | null {
  const match = /^(\d{1,15})_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(cursor)
  return match ? { paid_at: new Date(Number(match[1])), order_id: match[2]! } : null
}
