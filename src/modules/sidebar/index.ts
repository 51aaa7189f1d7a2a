export { routes } from "./routes.ts"
export type { ChatClient } from "./sign-in.ts"
