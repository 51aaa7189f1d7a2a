export type {
  Account,
  Answer,
  Ask,
  EndHoldAsk,
  HoldAsk,
  LedgerRefusal,
  Line,
  PostAsk,
  Posted,
  PostHoldAsk,
  ReverseAsk,
} from "./ask.ts"
export { type AccountPolicy, type Book, defineBook } from "./book.ts"
export { dueHolds, expireHolds } from "./holds.ts"
export { createLedger, type Ledger } from "./ledger.ts"
export { postAll } from "./post.ts"
export {
  aboutPostings,
  balancesIn,
  balancesOf,
  type HistoryRow,
  heldOf,
  history,
  postingOf,
  totals,
} from "./read.ts"
export { LEDGER_KEPT, moveHolds } from "./store.ts"
export { type Finding, type Verdict, verify } from "./verify.ts"
