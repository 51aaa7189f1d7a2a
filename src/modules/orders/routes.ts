import { parseDay, startOfDay } from "../../kernel/day.ts"
import { isRefused, refuse } from "../../kernel/result.ts"
import { pageOfSorted, placeAsked } from "../../kernel/sort.ts"
import { implement, type Route } from "../../platform/http/index.ts"
import { customerNames } from "../customers/index.ts"
import {
  exportOrders,
  listOrderSources,
  listOrders,
  orderSorting,
  pushOrders,
  readOrder,
} from "./contract.ts"
import { rfmRoutes } from "./rfm/routes.ts"
import { takeShopOrders } from "./shop/door.ts"
import { linesOf, orderById, orderRows, refundsOf, sources } from "./store-read.ts"

export const routes: Route[] = [
  ...rfmRoutes,
  implement(listOrders, async (ctx, { query }) => {
    const [from, to] = [parseDay(query.from ?? ""), parseDay(query.to ?? "")]
    const filter = {
      scope: ctx.actor.scope,
      customer_id: query.customer_id,
      source: query.source,
      order_no: query.order_no,
      from: from === null ? undefined : startOfDay(from),
      to: to === null ? undefined : startOfDay(to + 1),
    }
    const after = placeAsked(query)
    if (isRefused(after)) return after
    const found = await orderRows(ctx.db, filter, query.sort, after, query.limit + 1)
    const { page, next_cursor } = pageOfSorted(orderSorting, found, query, (last) => last.order_id)
    const names = await customerNames(
      ctx.db,
      page.map((order) => order.customer_id),
    )
    return {
      rows: page.map((order) => ({ ...order, customer_name: names.get(order.customer_id) ?? "" })),
      next_cursor,
    }
  }),
  implement(listOrderSources, async (ctx) => ({ rows: await sources(ctx.db) })),
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
  implement(exportOrders, (ctx, { body }) =>
    ctx.command(async (_t, note) => {
      note({ target: "orders", after: { filter: body.filter } })
      return { recorded: true as const }
    }),
  ),
  implement(pushOrders, (ctx, { body }) =>
    ctx.command(async (t, note) => {
      const answer = await takeShopOrders(t, body.origin, body.orders, ctx.now)
      const { taken, known, refused } = answer
      note({ target: "orders", after: { origin: body.origin, taken, known, refused } })
      return answer
    }),
  ),
]
