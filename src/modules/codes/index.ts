export { makeWished, type WayMaker } from "./commands.ts"
export { type CodesActs, handlers } from "./handlers.ts"
export { type CodesDeps, routes } from "./routes.ts"
export { allCodes, codesTagging } from "./store.ts"
