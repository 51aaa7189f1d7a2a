export {
  type OrderLine,
  orderCancelled,
  orderExtended,
  orderPaid,
  orderRefunded,
} from "./events.ts"
export { failuresFile } from "./import/errors-file.ts"
export { failureText, ROW_FAILURES, type RowFailure } from "./import/failures.ts"
export { guessMapping, type Mapping, parseMapping } from "./import/mapping.ts"
export { momentText } from "./import/moments.ts"
export { IMPORT_REFUSALS } from "./import/refusals.ts"
export {
  type Counts,
  type FailedRow,
  type ImportOptions,
  type ImportResult,
  importOrders,
} from "./import/run.ts"
export { type Delimiter, ENCODINGS, type Encoding } from "./import/text-file.ts"

export { IMPORT_EXPIRY_REST_MS, IMPORT_REST_MS, SHOP_BODY_MAX_BYTES } from "./limits.ts"
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
export {
  figuresOf,
  linesOf,
  type OrderFilter,
  type OrderRow,
  orderRows,
} from "./store-read.ts"
export { type OrderStanding, orderStanding } from "./store-standing.ts"
export { UPLOAD_ACTION } from "./wizard/contract.ts"
export { type WizardDoor, wizardDoors } from "./wizard/door.ts"
export { expireImports } from "./wizard/expiry.ts"
export { runNextImport } from "./wizard/run.ts"
