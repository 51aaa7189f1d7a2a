export { TRAITS_BACKUP } from "./backup.ts"
export {
  type Column,
  columnOf,
  columns,
  isClassed,
  ROW,
  SCOPE,
  TRAITS_TABLE,
} from "./columns.ts"
export { type Cell, crosstab } from "./crosstab.ts"
export {
  type Enrolment,
  enrolCustomers,
  enrolNewCustomers,
  rescopeCustomers,
  withdrawCustomers,
} from "./customers.ts"
export { type TraitChange, traitChanged } from "./events.ts"
export { CHANGES_KEPT_DAYS } from "./limits.ts"
export { carry } from "./merge.ts"
export { traitOffers } from "./offers.ts"
export { prepareTraits } from "./prepare.ts"
export {
  type Published,
  type PublishOptions,
  publish,
  publishFrom,
  publishWords,
  type TraitRow,
  type TraitValue,
} from "./publish.ts"
export { inScope, type Known, pruneChanges, readTraits, type Values } from "./read.ts"
export { wordsOf } from "./words.ts"
