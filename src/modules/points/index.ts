export type { Give, Hold, PointsAsk, Release, Settle, Spend, TakeBack } from "./asks.ts"
export { type Moved, movePoints, type PointsAnswer } from "./commands.ts"
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
export { carry } from "./merge.ts"
export { offers } from "./offers.ts"
export { routes } from "./routes.ts"
export { loops, publishExpiring, type Swept, sweepPoints } from "./sweep.ts"
export { verifyPoints } from "./verify.ts"
