export { handlers } from "./handlers.ts"
export { routes } from "./routes.ts"
