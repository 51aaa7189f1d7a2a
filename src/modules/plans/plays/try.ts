import type { z } from "zod"
import { dayNumber } from "../../../kernel/day.ts"
import { isRefused, type Refusal, refuse } from "../../../kernel/result.ts"
import type { ConditionTree } from "../../../kernel/tree.ts"
import type { Context } from "../../../platform/http/index.ts"
import { matching, readAudience } from "../../../spine/audiences/index.ts"
import {
  describePlays,
  keptOut,
  type PlayDefinition,
  preview,
  versionsOf,
  why,
} from "../../../spine/plays/index.ts"
import type { tryPlay } from "./contract.ts"
import type { PlansDeps } from "./routes.ts"

/** What a play would come to for one customer who would begin at a moment: asked of what is known now, nothing is done. */
export async function tryOn(
  ctx: Context,
  deps: PlansDeps,
  play_id: string,
  body: z.output<typeof tryPlay.body>,
) {
  if (!(await deps.maySee(ctx.db, body.customer_id, ctx.actor.scope))) return refuse("not_found")
  const versions = await versionsOf(ctx.db, play_id)
  const version = versions.find((v) => (body.version ? v.version === body.version : v.state !== "retired"))
  if (!version) return refuse("not_found")
  const play = version.definition
  const anchor = body.at ? new Date(body.at) : ctx.now
  const answers = await askAll(ctx, deps, play, body.customer_id)
  if (isRefused(answers)) return answers
  const [said] = await describePlays(ctx.db, deps.registry(), [play], ctx.now)
  const wordsOf = new Map(said!.steps.map((s) => [s.node, s.words]))
  const way = preview(play, anchor, (name) => answers.get(`nodes.${name}`) ?? false, body.answers)
  const stopped_at_once = answers.get("stop.condition") ?? false
  const holds = answers.get("condition") ?? true
  const before = (await why(ctx.db, play_id, body.customer_id)).enrolments
  const steps = []
  if (holds && !stopped_at_once)
    for (const step of way.steps)
      steps.push({
        ...step,
        words: wordsOf.get(step.node) ?? { zh: step.node, en: step.node },
        ...(await whatComes(ctx, deps, play, step, body.customer_id)),
      })
  return {
    version: version.version,
    entry: said!.entry,
    matches_entry: answers.get("entry.tree") ?? null,
    kept_out_by: keptOut(play, before, anchor),
    condition: said!.condition ? { words: said!.condition, holds } : null,
    stopped_at_once,
    steps,
    ended: stopped_at_once ? "condition" : holds ? way.ended : "entry_condition",
  }
}

const NOTHING = { text: null, through: null, hindered_by: null }

function whatComes(
  ctx: Context,
  deps: PlansDeps,
  play: PlayDefinition,
  step: { node: string; at: Date },
  customer_id: string,
) {
  const node = play.nodes[step.node]
  if (node?.kind !== "action") return NOTHING
  const offer = deps.registry().actions.get(node.action.offer)
  return offer?.preview?.(ctx.db, customer_id, node.action.args, step.at) ?? NOTHING
}

/** Every rule of a play asked of one person, by its place. */
async function askAll(
  ctx: Context,
  deps: PlansDeps,
  play: PlayDefinition,
  customer_id: string,
): Promise<Map<string, boolean> | Refusal> {
  const trees: [string, ConditionTree | null][] = [
    ["condition", play.condition],
    ["stop.condition", play.stop.condition],
    ["entry.tree", play.entry.on === "audience" ? play.entry.tree : null],
    ...Object.entries(play.nodes).map(([name, node]): [string, ConditionTree | null] => [
      `nodes.${name}`,
      node.kind === "branch" ? node.condition : null,
    ]),
  ]
  const answers = new Map<string, boolean>()
  for (const [place, tree] of trees) {
    if (tree === null) continue
    const audience = await readAudience(ctx.db, deps.registry(), tree, { day: dayNumber(ctx.now) })
    if (isRefused(audience)) return { ...audience, field: place }
    answers.set(place, (await matching(ctx.db, audience, [customer_id])).has(customer_id))
  }
  return answers
}
