import type { Clock } from "../../platform/clock.ts"
import type { Db } from "../../platform/db.ts"
import { VALUE_REST_MS } from "./limits.ts"
import { valueNight } from "./night.ts"

export { offers } from "./offers.ts"
export { routes } from "./routes.ts"

export function loops({ db, clock }: { db: Db; clock: Clock }) {
  return [
    {
      name: "value.night",
      rest_ms: VALUE_REST_MS,
      round: async () => {
        await valueNight(db, clock.now())
        return 0
      },
    },
  ]
}
