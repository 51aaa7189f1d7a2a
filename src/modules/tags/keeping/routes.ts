import { isRefused, refuse } from "../../../kernel/result.ts"
import { implement, type Route } from "../../../platform/http/index.ts"
import { sentence } from "../../../spine/audiences/index.ts"
import { makeRule } from "./commands.ts"
import { listTagRules, makeTagRule, removeTagRule, switchTagRule } from "./contract.ts"
import { livingRules, lockRule, removeRule, setRunning } from "./store.ts"
import { audienceOf, type KeepingDeps } from "./understand.ts"

export const keepingRoutes = (deps: KeepingDeps): Route[] => [
  implement(listTagRules, async (ctx) => {
    const list = []
    for (const rule of await livingRules(ctx.db)) {
      const audience = rule.group_id ? null : await audienceOf(ctx.db, deps, rule, ctx.now)
      const say = (language: "zh" | "en") =>
        audience && !isRefused(audience)
          ? sentence(deps.registry(), audience.tree, audience.names, language)
          : ""
      const { digest: _, swept_day, sweep_after, ...row } = rule
      list.push({
        ...row,
        sentence: audience && !isRefused(audience) ? { zh: say("zh"), en: say("en") } : null,
        broken: audience && isRefused(audience) ? { code: audience.refused } : rule.broken,
        looking: rule.running && (sweep_after !== null || swept_day === 0),
      })
    }
    return { rows: list }
  }),
  implement(makeTagRule, (ctx, { body }) =>
    ctx.command(async (t, note) => {
      const made = await makeRule(t, deps, body, ctx.actor.staff_id, ctx.now)
      if (!isRefused(made)) note({ target: `tag_rule:${made.id}`, after: body })
      return made
    }),
  ),
  implement(switchTagRule, (ctx, { params, body }) =>
    ctx.command(async (t, note) => {
      const rule = await lockRule(t, params.id)
      if (!rule || rule.taking_back) return refuse("not_found")
      await setRunning(t, params.id, body.running)
      note({ target: `tag_rule:${params.id}`, before: { running: rule.running }, after: body })
      return { running: body.running }
    }),
  ),
  implement(removeTagRule, (ctx, { params, body }) =>
    ctx.command(async (t, note) => {
      if ((await removeRule(t, params.id, body.take_back, ctx.now)) === 0) return refuse("not_found")
      note({ target: `tag_rule:${params.id}`, after: body })
      return {}
    }),
  ),
]
