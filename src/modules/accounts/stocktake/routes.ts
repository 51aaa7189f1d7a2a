import { refuse } from "../../../kernel/result.ts"
import { implement, type Route } from "../../../platform/http/index.ts"
import { namesOf } from "../life/names.ts"
import { isOwnCheck } from "../life/rules.ts"
import { ACCOUNTS_MAX, STOCKTAKES_SHOWN } from "../limits.ts"
import type { AccountsDeps } from "../routes.ts"
import { readSettings } from "../settings/settings.ts"
import * as commands from "./commands.ts"
import * as c from "./contract.ts"
import { coverage } from "./rules.ts"
import { countable, linesOf, type Stocktake, stocktakeRows, type Tally } from "./store.ts"

type Names = (id: string | null) => string | null
const shown = (s: Stocktake & Tally, name: Names) => ({
  ...s,
  opened_by_name: name(s.opened_by),
  closed_by_name: name(s.closed_by),
  missing: s.expected - s.counted,
  findings: s.different,
  coverage: coverage(s.counted, s.expected),
})

export function stocktakeRoutes(deps: AccountsDeps): Route[] {
  return [
    implement(c.listStocktakes, async (ctx) => {
      const found = await stocktakeRows(ctx.db, null, STOCKTAKES_SHOWN)
      const name = await namesOf(
        ctx.db,
        found.flatMap((s) => [s.opened_by, s.closed_by]),
      )
      return { rows: found.map((s) => shown(s, name)) }
    }),
    implement(c.readStocktake, async (ctx, { params }) => {
      const [found] = await stocktakeRows(ctx.db, params.id, 1)
      if (!found) return refuse("not_found")
      const lines = await linesOf(ctx.db, params.id, ACCOUNTS_MAX)
      const name = await namesOf(ctx.db, [
        found.opened_by,
        found.closed_by,
        ...lines.flatMap((l) => [l.expected_custodian, l.custodian_staff_id, l.counted_by]),
      ])
      const me = ctx.actor.staff_id
      const { small_team } = await readSettings(ctx.db)
      return {
        ...shown(found, name),
        lines: lines.map((l) => ({
          ...l,
          expected_custodian_name: name(l.expected_custodian),
          custodian_name: name(l.custodian_staff_id),
          counted_by_name: name(l.counted_by),
          own: !small_team && (isOwnCheck(l.expected_custodian, me) || isOwnCheck(l.holder, me)),
        })),
      }
    }),
    implement(c.openStocktake, async (ctx, { body }) => {
      const ids = (await countable(ctx.db, ACCOUNTS_MAX)).map((a) => a.id)
      const [friends, tagged] = await Promise.all([
        deps.contactCounts(ctx.db, ids),
        deps.taggedCounts(ctx.db, ids),
      ])
      const expected = ids.map((id) => ({
        id,
        friends: friends.get(id) ?? 0,
        tagged: tagged.get(id) ?? 0,
      }))
      return ctx.command((t, note) => commands.open(t, body, expected, ctx.actor.staff_id, ctx.now, note))
    }),
    implement(c.countAccount, (ctx, { params, body }) =>
      ctx.command((t, note) =>
        commands.count(t, params.id, params.account_id, body, ctx.actor.staff_id, ctx.now, note),
      ),
    ),
    implement(c.closeStocktake, (ctx, { params }) =>
      ctx.command((t, note) => commands.close(t, params.id, ctx.actor.staff_id, ctx.now, note)),
    ),
  ]
}
