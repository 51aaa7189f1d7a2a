import { z } from "zod"
import { isRefused, type Refusal, refuse } from "../../kernel/result.ts"
import { conditionTree, parseTree } from "../../kernel/tree.ts"
import { NODES_MAX, STAGE_LETTERS_MAX, STOP_FACTS_MAX, WAIT_DAYS_MAX, WINDOW_MINUTES } from "./limits.ts"

const id = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/)
const next = id.nullable()
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)
const factName = z.string().regex(/^[a-z_]+\.[a-z_]+$/)
/** Fields of a fact's payload that must have these values. */
const where = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).default({})

/**
 * The part of a longer way that begins with this step, such as "first course": what comes of a play is then told stage by stage. Only
 * steps that people come to at once begin one, so that the time between two stages is the time it took.
 */
const stage = z.string().trim().min(1).max(STAGE_LETTERS_MAX).optional()

export const playNode = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("action"),
    action: z.strictObject({
      offer: z.string().max(80),
      version: z.number().int().min(1),
      args: z.record(z.string(), z.unknown()),
    }),
    next,
    stage,
  }),
  /** Until so long after the anchor (what began the play) or after getting here; with `at`, until that clock time of that day. */
  z.strictObject({
    kind: z.literal("wait"),
    from: z.enum(["anchor", "here"]).default("here"),
    days: z.number().int().min(0).max(WAIT_DAYS_MAX).default(0),
    hours: z
      .number()
      .min(0)
      .max(24 * WAIT_DAYS_MAX)
      .default(0),
    at: clockTime.nullable().default(null),
    next,
  }),
  z.strictObject({
    kind: z.literal("wait_for"),
    fact: factName,
    where,
    hours: z
      .number()
      .positive()
      .max(24 * WAIT_DAYS_MAX),
    answered: next,
    otherwise: next,
  }),
  z.strictObject({ kind: z.literal("branch"), condition: conditionTree, yes: next, no: next, stage }),
  z.strictObject({ kind: z.literal("stop"), reason: z.string().max(80).default("stop_node") }),
])
export type PlayNode = z.output<typeof playNode>

export const playDefinition = z.strictObject({
  entry: z.discriminatedUnion("on", [
    z.strictObject({ on: z.literal("fact"), fact: factName, where }),
    /** Who matches at a moment: once (`at` is an instant) or each day at a clock time; or `entering`, whoever comes to match. */
    z.strictObject({
      on: z.literal("audience"),
      tree: conditionTree,
      at: z.union([z.literal("entering"), clockTime, z.iso.datetime({ offset: true })]),
    }),
    /** Only by hand, or by another part of the system. */
    z.strictObject({ on: z.literal("request") }),
  ]),
  /** Asked of each person at the first step. */
  condition: conditionTree.nullable().default(null),
  reentry: z
    .discriminatedUnion("policy", [
      z.strictObject({ policy: z.literal("never") }),
      z.strictObject({ policy: z.literal("after_end"), days: z.number().int().min(0).max(3_650).default(0) }),
    ])
    .default({ policy: "never" }),
  stop: z
    .strictObject({
      facts: z
        .array(z.strictObject({ fact: factName, where }))
        .max(STOP_FACTS_MAX)
        .default([]),
      condition: conditionTree.nullable().default(null),
    })
    .default({ facts: [], condition: null }),
  window_minutes: z.number().int().min(1).max(1_440).default(WINDOW_MINUTES),
  when_window_passed: z.enum(["now", "next_window", "report"]).default("next_window"),
  first: id,
  nodes: z.record(id, playNode),
})
export type PlayDefinition = z.output<typeof playDefinition>

export type DefinitionRefusal = Refusal<
  "play_invalid" | "play_node_missing" | "play_loops" | "play_action_unknown"
>

type AudienceEntry = Extract<PlayDefinition["entry"], { on: "audience" }>

/** Whether whoever comes to match enters, rather than who matches at a moment. */
export function isFollowed(play: PlayDefinition): play is PlayDefinition & { entry: AudienceEntry } {
  return play.entry.on === "audience" && play.entry.at === "entering"
}

/** Where a node may lead. */
export function exits(node: PlayNode): (string | null)[] {
  switch (node.kind) {
    case "action":
    case "wait":
      return [node.next]
    case "wait_for":
      return [node.answered, node.otherwise]
    case "branch":
      return [node.yes, node.no]
    case "stop":
      return []
  }
}

/**
 * Reads a definition. Refused, with the place in `field`: what is not well formed, ways that lead nowhere, and rounds that
 * take no time (they would never end).
 */
export function readDefinition(raw: unknown): PlayDefinition | DefinitionRefusal | Refusal {
  const parsed = playDefinition.safeParse(raw)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    return refuse("play_invalid", {
      field: issue?.path.join(".") ?? "",
      detail: { problem: issue?.message ?? "" },
    })
  }
  const play = parsed.data
  if (Object.keys(play.nodes).length > NODES_MAX) return refuse("play_invalid", { field: "nodes" })
  for (const [name, node] of [["first", null] as const, ...Object.entries(play.nodes)])
    for (const exit of node === null ? [play.first] : exits(node))
      if (exit !== null && !Object.hasOwn(play.nodes, exit))
        return refuse("play_node_missing", {
          field: node === null ? "first" : `nodes.${name}`,
          detail: { node: exit },
        })
  const round = timelessRound(play)
  if (round) return refuse("play_loops", { field: `nodes.${round}` })
  return checkTrees(play) ?? play
}

function checkTrees(play: PlayDefinition): Refusal | null {
  const trees: [string, unknown][] = [
    ["condition", play.condition],
    ["stop.condition", play.stop.condition],
    ["entry.tree", play.entry.on === "audience" ? play.entry.tree : null],
    ...Object.entries(play.nodes).map(([name, n]): [string, unknown] => [
      `nodes.${name}.condition`,
      n.kind === "branch" ? n.condition : null,
    ]),
  ]
  for (const [field, tree] of trees) {
    if (tree === null) continue
    const read = parseTree(tree)
    if (isRefused(read)) return { ...read, field: [field, read.field].filter(Boolean).join(".") }
  }
  return null
}

/** A node on a round that passes no waiting; null where every round takes time. */
function timelessRound(play: PlayDefinition): string | null {
  const seen = new Map<string, "open" | "closed">()
  const visit = (name: string): string | null => {
    if (seen.get(name) === "open") return name
    if (seen.get(name) === "closed") return null
    seen.set(name, "open")
    const node = play.nodes[name]!
    const takesTime =
      node.kind === "wait" &&
      ((node.from === "here" && node.hours > 0) || (node.days > 0 && node.from === "here"))
    for (const exit of takesTime || node.kind === "wait_for" ? timeless(node) : exits(node)) {
      const found = exit === null ? null : visit(exit)
      if (found) return found
    }
    seen.set(name, "closed")
    return null
  }
  for (const name of Object.keys(play.nodes)) {
    const found = visit(name)
    if (found) return found
  }
  return null
}

/** An answered wait takes no time either: the fact may be there already. */
function timeless(node: PlayNode): (string | null)[] {
  return node.kind === "wait_for" ? [node.answered] : []
}

/** Every fact that a play listens to. */
export function factsOf(play: PlayDefinition): string[] {
  return [
    ...(play.entry.on === "fact" ? [play.entry.fact] : []),
    ...play.stop.facts.map((s) => s.fact),
    ...Object.values(play.nodes).flatMap((n) => (n.kind === "wait_for" ? [n.fact] : [])),
  ]
}

/** Whether a payload has these values. */
export function fits(payload: unknown, wanted: Record<string, unknown>): boolean {
  const fields = (payload ?? {}) as Record<string, unknown>
  return Object.entries(wanted).every(([name, value]) => (fields[name] ?? null) === value)
}
