export { type ListedAccount, meetAccounts, takeListedAccounts } from "./commands.ts"
export { giveBack, handOver, takeBack, writeOff } from "./custody/commands.ts"
export {
  accountListed,
  custodyChanged,
  custodySigned,
  findingOpened,
  findingResolved,
  hazardChanged,
  incidentHappened,
  stateChanged,
  stocktakeClosed,
  stocktakeOpened,
} from "./events.ts"
export { FILE_ACTIONS } from "./files/contract.ts"
export { type FileDoor, fileDoors } from "./files/door.ts"
export { vacateOnce } from "./hazard/vacate.ts"
export { accountsKind } from "./import/kind.ts"
export { loops } from "./loops.ts"
export { mixHandler } from "./mix/handler.ts"
export { mixOf } from "./mix/read.ts"
export { type Mix, oversells } from "./mix/rules.ts"
export { nurtureHandler } from "./nurture/handlers.ts"
export { offers } from "./offers.ts"
export { personaOf } from "./persona/read.ts"
export { routes } from "./routes.ts"
export {
  type AccountFunction,
  FUNCTION_OF_STANDING,
  FUNCTIONS,
  functionOfPosition,
  type QuotaRules,
  quotasOf,
} from "./rules.ts"
export { lineFor, SITUATION_WORDS } from "./scripts/rules.ts"
export { personaLines, scriptsOf } from "./scripts/store.ts"
export { readSettings as accountsSettings } from "./settings/settings.ts"
export {
  type Account,
  accountsById,
  accountsByRef,
  accountsHeldBy,
  allAccounts,
  unlistedSince,
} from "./store.ts"
