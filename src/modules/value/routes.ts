import { dayString } from "../../kernel/day.ts"
import { implement, type Route } from "../../platform/http/index.ts"
import { staffNames } from "../staff/index.ts"
import { readValue } from "./contract.ts"
import { BUYERS_MIN, REPEATERS_MIN, SPAN_DAYS_MIN, VALUE_ROWS } from "./limits.ts"
import { type Fit, lastFit, type ValueRow, valueSums } from "./store.ts"

const NOBODY: ValueRow = {
  ...{ key: null, customers: 0, buyers: 0 },
  ...{ net_fen: 0, predicted_fen: 0, expected_90: 0 },
}

export const routes: Route[] = [
  implement(readValue, async (ctx) => {
    const { scope } = ctx.actor
    const [fit, all, sources, operators] = await Promise.all([
      lastFit(ctx.db),
      valueSums(ctx.db, "all", scope, 1),
      valueSums(ctx.db, "source", scope, VALUE_ROWS),
      valueSums(ctx.db, "operator", scope, VALUE_ROWS),
    ])
    const names = await staffNames(
      ctx.db,
      operators.flatMap((o) => (o.key ? [o.key] : [])),
    )
    const foretold = fit?.state === "fitted"
    const said = (row: ValueRow, name: string) => ({
      ...row,
      name,
      predicted_fen: foretold ? row.predicted_fen : null,
      expected_90: foretold ? row.expected_90 / 100 : null,
    })
    return {
      as_of: ctx.now,
      all: said(all[0] ?? NOBODY, ""),
      sources: sources.map((s) => said(s, s.key ?? "")),
      operators: operators.map((o) => said(o, names.get(o.key ?? "") ?? "")),
      fit: fit ? fitSaid(fit) : null,
    }
  }),
]

function fitSaid({ day, fitted_at, state, model }: Fit) {
  const { enough, sample, of, log_likelihood, correlation, calibration } = model
  return {
    ...{ day: dayString(day), fitted_at, state, sample, of, log_likelihood, correlation, ...enough },
    needed: { buyers: BUYERS_MIN, repeaters: REPEATERS_MIN, span_days: SPAN_DAYS_MIN },
    purchases: model.model?.purchases ?? null,
    spend: model.model?.spend ?? null,
    calibration: calibration
      ? {
          cutoff_day: dayString(calibration.cutoff_day),
          days: calibration.days,
          groups: calibration.groups,
        }
      : null,
  }
}
