export {
  type ContactAccount,
  type ContactEnd,
  type ContactSeen,
  endContacts,
  giveContacts,
  type ProfileSeen,
  takeContacts,
  takeProfiles,
} from "./contacts.ts"
export { describe as describeCustomer } from "./describe.ts"
export { type Arrival, ensureCustomers } from "./ensure.ts"
export {
  contactAdded,
  contactRemoved,
  customersMerged,
  customersParted,
  ownerChanged,
  profileChanged,
} from "./events.ts"
export { exportDoor } from "./export/door.ts"
export { IDENTITY_FAILURES } from "./import/failures.ts"
export { IDENTITY_FIELD_NAMES, IDENTITY_FIELDS, identitiesOf } from "./import/identity.ts"
export { type CustomerColumn, customersKind } from "./import/kind.ts"
export { knownCustomers } from "./import/known.ts"
export { foundBy, lookFor } from "./look-for.ts"
export { upgradeLoops } from "./loops.ts"
export { carry, carryLate, mergeCertain, mergeCustomers, mergeLoops } from "./merge/merge.ts"
export { mergeRoutes } from "./merge/routes.ts"
export { undoMerge } from "./merge/undo.ts"
export { offers } from "./offers.ts"
export { giveOwnersTo } from "./owners.ts"
export { maskPhonesIn } from "./phone.ts"
export { type Keys, keysOf } from "./pinyin.ts"
export { routes } from "./routes.ts"
export { IDENTITY_KINDS, type Identity, type IdentityKind } from "./rules.ts"
export {
  addedByState,
  CONTACTS_SQL,
  countAll as countCustomers,
  customerNames,
  everybodyOf,
  type InChat,
  personInChat,
  profileOf,
} from "./store.ts"
export { contactCounts, contactsAddedSince, setRemarks, unlistedContacts } from "./store-contacts.ts"
export { auditedFilter } from "./store-filter.ts"
export { listRows as customerRows } from "./store-list.ts"
export { ownedBy, ownedByNobody, ownersOf } from "./store-owners.ts"
export { customersByNumber, type Person } from "./store-traits.ts"
export { handlers, publishProfiles } from "./traits.ts"
