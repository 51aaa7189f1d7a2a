export { type Audience, type AudienceLeaf, atMoment, readAudience } from "./audience.ts"
export { type Counter, createCounter, type LiveCount } from "./bitmap/counter.ts"
export { type Changed, changedSince } from "./changed.ts"
export { entering, type Place, placeNow } from "./entering.ts"
export { holds } from "./evaluate.ts"
export { type Flip, flipsOf } from "./flips.ts"
export { namesOf } from "./names.ts"
export { type Language, sentence } from "./sentence.ts"
export {
  audiencePage,
  audienceWhere,
  conditionSql,
  countAudience,
  countOverlap,
  type Member,
  matching,
  type Scope,
} from "./sql.ts"
export { explain, type Reason } from "./why.ts"
