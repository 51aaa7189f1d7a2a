import { refuse } from "../../../kernel/result.ts"
import type { Queryable } from "../../../platform/db.ts"
import { implement, type Route } from "../../../platform/http/index.ts"
import { custodyHistory, returnsOf } from "../custody/store.ts"
import { filesOf } from "../files/store.ts"
import { FILES_MAX, HISTORY_SHOWN } from "../limits.ts"
import { accountsById } from "../store.ts"
import * as commands from "./commands.ts"
import * as c from "./contract.ts"
import { namesOf } from "./names.ts"
import { movesOf, registrationOf } from "./store.ts"

const known = async (q: Queryable, id: string) => (await accountsById(q, [id]))[0]

export const lifeRoutes: Route[] = [
  implement(c.accountHistory, async (ctx, { params }) => {
    if (!(await known(ctx.db, params.id))) return refuse("not_found")
    const [moves, custody, returns] = await Promise.all([
      movesOf(ctx.db, params.id, HISTORY_SHOWN),
      custodyHistory(ctx.db, params.id, HISTORY_SHOWN),
      returnsOf(ctx.db, params.id, HISTORY_SHOWN),
    ])
    const name = await namesOf(ctx.db, [
      ...moves.map((m) => m.by_staff_id),
      ...custody.flatMap((one) => [one.staff_id, one.handed_by]),
      ...returns.flatMap((r) => [r.custodian_staff_id, r.begun_by, r.checked_by]),
    ])
    return {
      moves: moves.map((m) => ({ ...m, by_name: name(m.by_staff_id) })),
      custody: custody.map((one) => ({
        ...one,
        staff_name: name(one.staff_id),
        handed_by_name: name(one.handed_by),
      })),
      returns: returns.map((r) => ({
        ...r,
        custodian_name: name(r.custodian_staff_id),
        begun_by_name: name(r.begun_by),
        checked_by_name: name(r.checked_by),
      })),
    }
  }),
  implement(c.accountFiles, async (ctx, { params }) => {
    if (!(await known(ctx.db, params.id))) return refuse("not_found")
    const files = await filesOf(ctx.db, params.id, FILES_MAX)
    const name = await namesOf(
      ctx.db,
      files.map((f) => f.uploaded_by),
    )
    return { rows: files.map((f) => ({ ...f, uploaded_by_name: name(f.uploaded_by) })) }
  }),
  implement(c.requestAccount, (ctx, { body }) =>
    ctx.command((t, note) => commands.requestAccount(t, body, ctx.actor.staff_id, ctx.now, note)),
  ),
  implement(c.registerAccount, (ctx, { params, body }) =>
    ctx.command(async (t, note) => {
      const phone = body.phone ?? (await registrationOf(t, params.id))?.phone ?? ""
      return commands.registerAccount(t, params.id, { ...body, phone }, ctx.now, note)
    }),
  ),
  implement(c.moveAccount, (ctx, { params, body }) =>
    ctx.command((t, note) => commands.moveAccount(t, params.id, body, ctx.actor.staff_id, ctx.now, note)),
  ),
  implement(c.revealAccountPhone, async (ctx, { params, body }) => {
    if (!(await known(ctx.db, params.id))) return refuse("not_found")
    return ctx.command(
      async (t, note) => {
        note({ target: `account:${params.id}`, after: { reason: body.reason } })
        return { phone: (await registrationOf(t, params.id))?.phone || null }
      },
      { secret: true },
    )
  }),
]
