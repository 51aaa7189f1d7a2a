import { refuse } from "../../../kernel/result.ts"
import { implement, type Route } from "../../../platform/http/index.ts"
import { namesOf } from "../life/names.ts"
import { HISTORY_SHOWN } from "../limits.ts"
import { accountsById } from "../store.ts"
import * as commands from "./commands.ts"
import * as c from "./contract.ts"
import { incidentsOf } from "./store.ts"

export const hazardRoutes: Route[] = [
  implement(c.listIncidents, async (ctx, { params }) => {
    if ((await accountsById(ctx.db, [params.id])).length === 0) return refuse("not_found")
    const found = await incidentsOf(ctx.db, params.id, HISTORY_SHOWN)
    const name = await namesOf(
      ctx.db,
      found.flatMap((i) => [i.by_staff_id, i.over_by]),
    )
    return {
      rows: found.map((i) => ({ ...i, by_name: name(i.by_staff_id), over_by_name: name(i.over_by) })),
    }
  }),
  implement(c.reportIncident, (ctx, { params, body }) =>
    ctx.command((t, note) =>
      commands.reportIncident(
        t,
        params.id,
        body,
        { staff_id: ctx.actor.staff_id, keeper: ctx.actor.can("accounts.write") },
        ctx.now,
        note,
      ),
    ),
  ),
  implement(c.clearHazard, (ctx, { params, body }) =>
    ctx.command((t, note) => commands.clearHazard(t, params.id, body, ctx.actor.staff_id, ctx.now, note)),
  ),
]
