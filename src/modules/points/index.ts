export {
  type Give,
  type Hold,
  type Moved,
  movePoints,
  type PointsAnswer,
  type PointsAsk,
  type Release,
  type Settle,
  type Spend,
  type TakeBack,
} from "./commands.ts"
export { createPoints, type Points } from "./door.ts"
export {
  pointsEarned,
  pointsExpired,
  pointsHeld,
  pointsReleased,
  pointsReversed,
  pointsSpent,
} from "./events.ts"
export { handlers } from "./handlers.ts"
export { offers } from "./offers.ts"
export { routes } from "./routes.ts"
export { loops, publishExpiring, type Swept, sweepPoints } from "./sweep.ts"
export { verifyPoints } from "./verify.ts"
