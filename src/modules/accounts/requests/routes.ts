import { implement, type Route, staffSeenBy } from "../../../platform/http/index.ts"
import { staffNames } from "../../staff/index.ts"
import { REQUESTS_SHOWN } from "../limits.ts"
import * as commands from "./commands.ts"
import * as c from "./contract.ts"
import { requestRows } from "./store.ts"

export const requestRoutes: Route[] = [
  implement(c.listRequests, async (ctx, { query }) => {
    // Who keeps the accounts decides about everybody's requests.
    const staff_ids = ctx.actor.can("accounts.write") ? null : staffSeenBy(ctx.actor)
    const found = await requestRows(ctx.db, { staff_ids, state: query.state ?? null }, REQUESTS_SHOWN)
    const names = await staffNames(
      ctx.db,
      found.flatMap((r) => [r.requested_by, r.for_staff_id, ...(r.decided_by ? [r.decided_by] : [])]),
    )
    const nameOf = (id: string | null) => (id ? (names.get(id) ?? null) : null)
    return {
      rows: found.map((r) => ({
        ...r,
        requested_by_name: nameOf(r.requested_by),
        for_name: nameOf(r.for_staff_id),
        decided_by_name: nameOf(r.decided_by),
      })),
    }
  }),
  implement(c.askForUse, (ctx, { body }) =>
    ctx.command((t, note) =>
      commands.askForUse(
        t,
        { ...body, for_staff_id: body.for_staff_id ?? ctx.actor.staff_id },
        ctx.actor.staff_id,
        ctx.now,
        note,
      ),
    ),
  ),
  implement(c.approveRequest, (ctx, { params, body }) =>
    ctx.command((t, note) => commands.approve(t, params.id, body, ctx.actor.staff_id, ctx.now, note)),
  ),
  implement(c.rejectRequest, (ctx, { params, body }) =>
    ctx.command((t, note) => commands.reject(t, params.id, body, ctx.actor.staff_id, ctx.now, note)),
  ),
  implement(c.cancelRequest, (ctx, { params }) =>
    ctx.command((t, note) => commands.cancel(t, params.id, ctx.actor.staff_id, ctx.now, note)),
  ),
]
