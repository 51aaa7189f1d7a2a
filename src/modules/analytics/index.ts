export { handlers } from "./handlers.ts"
export { carry } from "./merge.ts"
export { routes } from "./routes.ts"
