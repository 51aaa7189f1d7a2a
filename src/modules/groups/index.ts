export {
  type GroupSeen,
  type MembersMoved,
  type MessageSeen,
  type SeenMember,
  takeDismissals,
  takeGroups,
  takeMessages,
  takeMoves,
} from "./commands.ts"
export { type RobotDeps, receiveMessages } from "./door.ts"
export { groupDismissed, groupOpened, memberJoined, memberLeft, messageSent } from "./events.ts"
export { ROBOT_BODY_MAX_BYTES } from "./limits.ts"
export { carry } from "./merge.ts"
export { offers } from "./offers.ts"
export { routes } from "./routes.ts"
export { groupsOwnedBy, type OwnedGroup, passGroups } from "./store.ts"
export { ACTIVE_DAYS_SQL, INVITED_SQL } from "./store-traits.ts"
export { handlers, publishGroups } from "./traits.ts"
