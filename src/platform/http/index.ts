export { answerRefusal } from "./answer.ts"
export { openapi } from "./openapi.ts"
export {
  type Actor,
  type AnswerOf,
  type AuditNote,
  type Context,
  type Input,
  implement,
  type Route,
  staffSeenBy,
} from "./route.ts"
export {
  addressOf,
  createHttp,
  credentialsOf,
  foreignOrigin,
  type HttpOptions,
  turnedAway,
} from "./server.ts"
