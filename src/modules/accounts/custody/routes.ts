import { implement, type Route } from "../../../platform/http/index.ts"
import * as commands from "./commands.ts"
import * as c from "./contract.ts"

export const custodyRoutes: Route[] = [
  implement(c.handOver, (ctx, { params, body }) =>
    ctx.command((t, note) => commands.handOver(t, params.id, body, ctx.actor.staff_id, ctx.now, note)),
  ),
  implement(c.signFor, (ctx, { params }) =>
    ctx.command((t, note) => commands.signFor(t, params.id, ctx.actor.staff_id, ctx.now, note)),
  ),
  implement(c.giveBack, (ctx, { params, body }) =>
    ctx.command((t, note) =>
      commands.giveBack(
        t,
        params.id,
        body,
        { staff_id: ctx.actor.staff_id, keeper: ctx.actor.can("accounts.write") },
        ctx.now,
        note,
      ),
    ),
  ),
  implement(c.takeBack, (ctx, { params, body }) =>
    ctx.command((t, note) => commands.takeBack(t, params.id, body, ctx.actor.staff_id, ctx.now, note)),
  ),
  implement(c.writeOff, (ctx, { params, body }) =>
    ctx.command((t, note) => commands.writeOff(t, params.id, body, ctx.actor.staff_id, ctx.now, note)),
  ),
]
