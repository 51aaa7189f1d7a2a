import { implement, type Route } from "../../../platform/http/index.ts"
import { readQuality } from "./contract.ts"
import { lastQuality } from "./store.ts"

export const qualityRoutes: Route[] = [
  implement(readQuality, async (ctx) => {
    const taken = await lastQuality(ctx.db)
    return { taken_at: taken?.taken_at ?? null, body: taken?.body ?? null }
  }),
]
