import { refuse } from "../../../kernel/result.ts"
import type { Context } from "../../../platform/http/index.ts"
import { describePlays, versionsOf, why } from "../../../spine/plays/index.ts"
import { factWords } from "../fact-words.ts"
import type { PlansDeps } from "./routes.ts"

/** Why one person got what a play gives, or did not: each entry with every step in the words of the version they are on. */
export async function whyOf(
  ctx: Context,
  deps: PlansDeps,
  { id, customer_id }: { id: string; customer_id: string },
) {
  if (!(await deps.maySee(ctx.db, customer_id, ctx.actor.scope))) return refuse("not_found")
  const told = await why(ctx.db, id, customer_id)
  const used = new Set(told.enrolments.map((e) => e.version))
  const versions = (await versionsOf(ctx.db, id)).filter((v) => used.has(v.version))
  const said = await describePlays(
    ctx.db,
    deps.registry(),
    versions.map((v) => v.definition),
    ctx.now,
  )
  const spoken = new Map(versions.map((v, i) => [v.version, said[i]!]))
  return {
    enrolments: told.enrolments.map((e) => {
      const play = spoken.get(e.version)
      const words = (node: string) => play?.steps.find((s) => s.node === node)?.words ?? null
      return {
        entry: e.entry,
        version: e.version,
        entered_by: e.entered_by,
        entered_on: play?.entry ?? null,
        entered_at: e.entered_at,
        state: e.state,
        reason: e.reason,
        stopped_by: factWords(deps.registry(), e.reason),
        node: e.node,
        words: words(e.node),
        due_at: e.due_at,
        steps: e.steps.map((s) => ({ ...s, words: words(s.node) })),
      }
    }),
  }
}
