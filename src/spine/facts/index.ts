export { append, appendOfEach } from "./append.ts"
export { FACTS_BACKUP } from "./backup.ts"
export {
  BUCKETS,
  bucketOf,
  defineFact,
  type Fact,
  type FactType,
  type NewFact,
  type Origin,
} from "./fact.ts"
export { createFactIntake, type FactIntake } from "./intake.ts"
export { APPEND_COPY_FROM } from "./limits.ts"
export {
  type Carry,
  carryRows,
  intoWhom,
  lockSubjects,
  type Merged,
  mergeSubjects,
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
