import { dayNumber } from "../../../kernel/day.ts"
import { refuse } from "../../../kernel/result.ts"
import { implement, type Route } from "../../../platform/http/index.ts"
import { append } from "../../../spine/facts/index.ts"
import { functionsChanged } from "../events.ts"
import { ACCOUNTS_MAX } from "../limits.ts"
import { mixOfAccounts } from "../mix/read.ts"
import { oversells } from "../mix/rules.ts"
import { IMPRESSION_ITEMS } from "../persona/contract.ts"
import { FUNCTIONS, HANDS_OVER_TO } from "../rules.ts"
import { readSettings } from "../settings/settings.ts"
import { accountForUpdate, saveFunctions } from "../store.ts"
import { readFunctions, setFunctions } from "./contract.ts"
import { accountsInUse, countByFunction } from "./store.ts"

export const functionRoutes: Route[] = [
  implement(readFunctions, async (ctx) => {
    const accounts = await accountsInUse(ctx.db, ACCOUNTS_MAX)
    const [counted, settings, mix] = await Promise.all([
      countByFunction(ctx.db, FUNCTIONS, IMPRESSION_ITEMS),
      readSettings(ctx.db),
      mixOfAccounts(ctx.db, accounts, dayNumber(ctx.now)),
    ])
    const over = accounts.filter((a) => oversells(mix.get(a.id)!))
    return {
      rows: counted.map((row) => ({
        ...row,
        overselling: over.filter((a) => [a.function, ...a.also_functions].includes(row.function)).length,
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
