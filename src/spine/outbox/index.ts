export {
  type Assignment,
  assignmentById,
  assignmentsOf,
  cancelByCause,
  countAssignments,
  doAssignment,
  doneByCause,
  type Evidence,
  giveAssignments,
  markMissed,
  type NewAssignment,
  openAboutCustomer,
  openAssignments,
  openCounts,
  passAssignments,
  reasonsGiven,
  skipAssignment,
} from "./assignments.ts"
export { callOffPlay, tendCalledOff } from "./call-off.ts"
export { type Circuit, closeCircuit, openCircuit, openCircuits } from "./circuits.ts"
export { claim, settleStale } from "./claim.ts"
export { doDeeds, type NewDeed, orderDeeds } from "./deeds.ts"
export { type Delivered, deliverOnce, resolveOpen } from "./deliver.ts"
export { type DryRun, dryRun } from "./dry-run.ts"
export * from "./events.ts"
export {
  capsOn,
  correctLimit,
  LIMIT_UNITS,
  type LimitRow,
  limitHistory,
  limitsOn,
  publishLimits,
} from "./limit-table.ts"
export { TEXT_BYTES_MAX, TOUCH_LIFE_MS } from "./limits.ts"
export { carry } from "./merge.ts"
export {
  countTouchesOfCustomer,
  STATES_OF_PART,
  type TouchOfCustomer,
  type TouchPart,
  touchesOfCustomer,
} from "./of-customer.ts"
export { type TouchesOfStep, touchesOfSteps } from "./of-steps.ts"
export { type OutboxWords, outboxOffers } from "./offers.ts"
export { makeTouchPartitions } from "./partitions.ts"
export {
  lockPlanner,
  type Message,
  placeUnplaced,
  planChunk,
  planTouches,
  saveMessages,
  type TouchAsk,
  type WhenCapped,
} from "./plan.ts"
export { askReceipts, hurryReceipts } from "./receipts.ts"
export {
  byteLength,
  type Caps,
  hasVariables,
  isQuiet,
  NATURES,
  type Nature,
  nextAllowed,
  onDay,
  render,
  unknownVariables,
} from "./rules.ts"
export * from "./sends.ts"
export { type SendLately, sendsLately } from "./sends-lately.ts"
export { openTasks, recallTasks, remindSend, remindStaff } from "./tasks.ts"
export { cancelTouches, type TouchState } from "./touches.ts"
export { usedOn } from "./use.ts"
export { vacateAccounts } from "./vacate.ts"
export { type Greeting, sendWelcomes, welcome } from "./welcome.ts"
export type { SenderAccount, World } from "./world.ts"
