export { append, appendOfEach } from "./append.ts"
export { FACTS_BACKUP } from "./backup.ts"
export {
  type Carried,
  cameLate,
  carriedOf,
  forgetCarried,
  forgetCarriedOf,
  keepAfter,
  keepBefore,
  keepLate,
  keepLateAfter,
  placesOf,
} from "./carried.ts"
export {
  BUCKETS,
  bucketOf,
  defineFact,
  type Fact,
  type FactType,
  type NewFact,
  type Origin,
} from "./fact.ts"
export { giveBackRows } from "./give-back.ts"
export { createFactIntake, type FactIntake } from "./intake.ts"
export { APPEND_COPY_FROM } from "./limits.ts"
export {
  type Carry,
  carryRows,
  intoWhom,
  type Kept,
  lockSubjects,
  MERGED_KEPT,
  type Merged,
  mergeSubjects,
  ofCustomers,
  type Parted,
  partSubjects,
  tableOf,
  toldOf,
} from "./merged.ts"
export { type DeadLetter, deadLetters, reviveDead } from "./parked.ts"
export { makePartitions } from "./partitions.ts"
export { drain, startPump } from "./pump.ts"
export {
  ceiling,
  type FactHandler,
  lag,
  lanesWithWork,
  registerHandlers,
  replay,
  retry,
  step,
} from "./reader.ts"
export { timeline } from "./timeline.ts"
