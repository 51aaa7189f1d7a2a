export {
  type OrderLine,
  orderCancelled,
  orderExtended,
  orderPaid,
  orderRefunded,
} from "./events.ts"
export { ordersKind } from "./import/kind.ts"
export { SHOP_BODY_MAX_BYTES } from "./limits.ts"
export { carry } from "./merge.ts"

export { offers } from "./offers.ts"
export { computeRfm, cubeOf, segmentSizes } from "./rfm/index.ts"
export { RFM_RULES, type RfmRule } from "./rfm/rules.ts"
export { rfmCsv } from "./rfm/table.ts"
export { handlers, loops, rescoreAll, rescoreWhenDue, scoreCustomers, thresholdsOf } from "./rfm/traits.ts"
export { routes } from "./routes.ts"
export type { ShopOutcome } from "./shop/decide.ts"
export {
  receiveShopOrders,
  type ShopAnswer,
  type ShopDeps,
  type ShopRefusal,
  takeShopOrders,
} from "./shop/door.ts"
export { GMV_SQL, type PurchaseHistory, purchaseHistories, sampleOfBuyers } from "./store-histories.ts"
export {
  figuresOf,
  linesOf,
  type OrderFilter,
  type OrderRow,
  orderRows,
} from "./store-read.ts"
export { type OrderStanding, orderStanding } from "./store-standing.ts"
export { customersAfter as buyersAfter, customersWithOrders as buyersCount } from "./store-traits.ts"
