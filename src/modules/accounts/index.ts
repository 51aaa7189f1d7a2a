export { type ListedAccount, meetAccounts, takeListedAccounts } from "./commands.ts"
export { accountListed, custodyChanged, hazardChanged } from "./events.ts"
export { offers } from "./offers.ts"
export { routes } from "./routes.ts"
export {
  type AccountFunction,
  FUNCTION_OF_STANDING,
  FUNCTIONS,
  functionOfPosition,
  quotasOf,
} from "./rules.ts"
export {
  type Account,
  accountsById,
  accountsByRef,
  allAccounts,
  nurtureLevels,
  unlistedSince,
} from "./store.ts"
