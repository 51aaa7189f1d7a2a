export { segmentAudience } from "./commands.ts"
export { offers } from "./offers.ts"
export { routes } from "./routes.ts"
