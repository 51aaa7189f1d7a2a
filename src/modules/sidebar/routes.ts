import { implement, type Route } from "../../platform/http/index.ts"
import type { Registry } from "../../spine/offers/index.ts"
import { readSidebar } from "./contract.ts"
import { sidebarOf } from "./read.ts"
import { type ChatClient, signInRoutes } from "./sign-in.ts"

export type SidebarDeps = {
  registry(): Registry
  /** Null where no channel has a client with pages in it. */
  client(): ChatClient | null
}

export const routes = (deps: SidebarDeps): Route[] => [
  implement(readSidebar, (ctx, { query }) => sidebarOf(ctx, deps.registry(), query)),
  ...signInRoutes(deps.client),
]
