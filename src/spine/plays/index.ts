export { PLAYS_BACKUP } from "./backup.ts"
export { changesBetween, type PlayChange } from "./changes.ts"
export { factsOf, type PlayDefinition, type PlayNode, playDefinition, readDefinition } from "./definition.ts"
export { describePlays } from "./describe.ts"
export { type Ending, endedAmong, endingOf, endingsLately, endPlay, tendEndings } from "./end.ts"
export { type Entering, enter, enterAudiences } from "./enter.ts"
export { playEnded, playEntered, stepMissed } from "./events.ts"
export { followAudiences } from "./follow.ts"
export { playsHandler } from "./handler.ts"
export { carryPlays } from "./merge.ts"
export type { Enrolment } from "./move.ts"
export { playOffers } from "./offers.ts"
export { outcomesOf, playsOfSteps, readPart, type StepTaken, stepsDone } from "./results.ts"
export { type SaidPlay, sayFact, waysOf } from "./sentence.ts"
export { type Stage, stageResults } from "./stages.ts"
export { type PlayWorld, stepPlays } from "./step.ts"
export {
  activeVersions,
  allPlays,
  checkDefinition,
  createPlay,
  type Play,
  playById,
  playBySlug,
  playsNaming,
  publishVersion,
  saveDraft,
  setRunning,
  standingOf,
  type Version,
  versionsOf,
} from "./store.ts"
export { keptOut, type PreviewStep, playsOfEnrolments, preview, type Why, why } from "./why.ts"
