import { refuse } from "../../../kernel/result.ts"
import { implement, type Route } from "../../../platform/http/index.ts"
import { append } from "../../../spine/facts/index.ts"
import { functionsChanged } from "../events.ts"
import { IMPRESSION_ITEMS } from "../persona/contract.ts"
import { FUNCTIONS, HANDS_OVER_TO } from "../rules.ts"
import { readSettings } from "../settings/settings.ts"
import { accountForUpdate, saveFunctions } from "../store.ts"
import { readFunctions, setFunctions } from "./contract.ts"
import { countByFunction } from "./store.ts"

export const functionRoutes: Route[] = [
  implement(readFunctions, async (ctx) => {
    const [counted, settings] = await Promise.all([
      countByFunction(ctx.db, FUNCTIONS, IMPRESSION_ITEMS),
      readSettings(ctx.db),
    ])
    return {
      rows: counted.map((row) => ({
        ...row,
        selling_percent: settings[`selling_percent_${row.function}`],
        hands_over_to: HANDS_OVER_TO[row.function],
      })),
    }
  }),
  implement(setFunctions, (ctx, { params, body }) =>
    ctx.command(async (t, note) => {
      const account = await accountForUpdate(t, params.id)
      if (!account) return refuse("not_found")
      const after = {
        function: body.function,
        also_functions: FUNCTIONS.filter((fn) => fn !== body.function && body.also_functions.includes(fn)),
      }
      const before = { function: account.function, also_functions: account.also_functions }
      if (JSON.stringify(before) === JSON.stringify(after)) return after
      await saveFunctions(t, account.id, after)
      await append(t, [
        functionsChanged.of({
          subject: account.id,
          occurred_at: ctx.now,
          payload: {
            functions: [after.function, ...after.also_functions],
            by_staff_id: ctx.actor.staff_id,
          },
        }),
      ])
      note({ target: `account:${account.id}`, before, after })
      return after
    }),
  ),
]
