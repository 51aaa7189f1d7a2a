export { planSends, type SendsDeps } from "./commands.ts"
export { routes } from "./routes.ts"
