export { type ListedAccount, meetAccounts, takeListedAccounts } from "./commands.ts"
export { giveBack, handOver, takeBack, writeOff } from "./custody/commands.ts"
export { HANDOVER_ITEMS, RETURN_ITEMS } from "./custody/rules.ts"
export {
  accountListed,
  custodyChanged,
  custodySigned,
  findingOpened,
  findingResolved,
  hazardChanged,
  stateChanged,
} from "./events.ts"
export { FILE_ACTIONS } from "./files/contract.ts"
export { type FileDoor, fileDoors } from "./files/door.ts"
export { offers } from "./offers.ts"
export { routes } from "./routes.ts"
export {
  type AccountFunction,
  FUNCTION_OF_STANDING,
  FUNCTIONS,
  functionOfPosition,
  type QuotaRules,
  quotasOf,
} from "./rules.ts"
export { readSettings as accountsSettings } from "./settings/settings.ts"
export {
  type Account,
  accountsById,
  accountsByRef,
  accountsHeldBy,
  allAccounts,
  unlistedSince,
} from "./store.ts"
