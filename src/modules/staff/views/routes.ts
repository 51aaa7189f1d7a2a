import { newId } from "../../../kernel/ids.ts"
import { refuse } from "../../../kernel/result.ts"
import type { Tx } from "../../../platform/db.ts"
import { type Context, implement, type Route } from "../../../platform/http/index.ts"
import { VIEWS_MAX } from "../limits.ts"
import { changeView, dropView, listViews, makeView, type SavedView } from "./contract.ts"
import { countViews, deleteView, lockViews, nameTaken, viewById, viewsOf, writeView } from "./store.ts"

async function write(t: Tx, ctx: Context, view: SavedView) {
  if (await nameTaken(t, ctx.actor.staff_id, view)) return refuse("view_name_taken", { field: "name" })
  await writeView(t, ctx.actor.staff_id, view, ctx.now)
  return { id: view.id }
}

/** Views are everybody's own: whoever asks is whose they are, and there is no way to another's. */
export const viewRoutes: Route[] = [
  implement(listViews, async (ctx, { query }) => ({
    rows: await viewsOf(ctx.db, ctx.actor.staff_id, query.list, VIEWS_MAX),
  })),
  implement(makeView, (ctx, { body }) =>
    ctx.command(async (t, note) => {
      await lockViews(t, ctx.actor.staff_id)
      if ((await countViews(t, ctx.actor.staff_id, body.list)) >= VIEWS_MAX) return refuse("views_full")
      const id = newId(ctx.now.getTime())
      note({ target: `view:${id}` })
      return write(t, ctx, { id, ...body })
    }),
  ),
  implement(changeView, (ctx, { params, body }) =>
    ctx.command(async (t, note) => {
      await lockViews(t, ctx.actor.staff_id)
      const known = await viewById(t, params.id, ctx.actor.staff_id)
      if (!known) return refuse("not_found")
      note({ target: `view:${params.id}` })
      return write(t, ctx, { ...known, ...body })
    }),
  ),
  implement(dropView, (ctx, { params }) =>
    ctx.command(async (t, note) => {
      if ((await deleteView(t, params.id, ctx.actor.staff_id)) === 0) return refuse("not_found")
      note({ target: `view:${params.id}` })
      return {}
    }),
  ),
]
