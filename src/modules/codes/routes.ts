import { isRefused } from "../../kernel/result.ts"
import type { Queryable, Tx } from "../../platform/db.ts"
import { implement, type Route } from "../../platform/http/index.ts"
import { makeWished, type WayMaker, wishCode } from "./commands.ts"
import { listCodes, makeCode } from "./contract.ts"
import { CODES_MAX } from "./limits.ts"
import { allCodes, codesByState } from "./store.ts"

export type CodesDeps = {
  /** The channel's code maker; null where it makes none. */
  makeWay(): WayMaker | null
  knownTags(t: Tx, ids: string[]): Promise<string[]>
  /** People added by each state. */
  addedByState(q: Queryable, states: string[]): Promise<Map<string, number>>
}

export function routes(deps: CodesDeps): Route[] {
  return [
    implement(listCodes, async (ctx) => {
      const codes = await allCodes(ctx.db, CODES_MAX)
      const added = await deps.addedByState(
        ctx.db,
        codes.map((c) => c.state),
      )
      return { rows: codes.map((c) => ({ ...c, added: added.get(c.state) ?? 0 })) }
    }),
    implement(makeCode, async (ctx, { body }) => {
      const wished = await ctx.command((t, note) =>
        wishCode(t, body, ctx.actor.staff_id, deps.knownTags, ctx.now, note),
      )
      if (isRefused(wished)) return wished
      await makeWished(ctx.db, deps.makeWay())
      const [code] = await codesByState(ctx.db, [wished.state])
      return { ...wished, way_ref: code?.way_ref ?? null, problem: code?.problem ?? null }
    }),
  ]
}
