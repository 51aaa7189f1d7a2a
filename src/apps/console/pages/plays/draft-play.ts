import type { ConditionTree } from "../../../../kernel/tree.ts"
import { type Bounds, numberProblem } from "../../../../ui/number.ts"
import type { Args } from "../../../../ui/schema.ts"
import {
  type Condition,
  countLeaves,
  type DraftGroup,
  emptyGroup,
  nextKey,
  toDraft,
  toTree,
} from "../segments/draft.ts"
import type { Definition, DefinitionNode, Where } from "./definition.ts"

export type EntryOn = "fact" | "daily" | "once" | "entering" | "request"
export type Listened = { fact: string; where: Where }
export type On = "next" | "yes" | "no" | "answered" | "otherwise"
/** The step below, the end, or the key of another step. */
export type Target = "next" | "end" | (string & {})

type Work =
  | { kind: "action"; offer: string; version: number; args: Args; stage?: string }
  | { kind: "wait"; from: "anchor" | "here"; days: number; hours: number; at: string | null }
  | { kind: "wait_for"; fact: string; where: Where; hours: number }
  | { kind: "branch"; rule: DraftGroup; stage?: string }
  | { kind: "stop"; reason: string }
export type DraftStep = { key: string; id: string; ways: Partial<Record<On, Target>>; work: Work }
export type StepKind = Work["kind"]

/** A play while it is written: steps in a list, each leading to the one below unless it says otherwise. */
export type DraftPlay = {
  name: string
  entry: { on: EntryOn; fact: string; where: Where; rule: DraftGroup; clock: string; minute: string }
  condition: DraftGroup
  again: { policy: "never" | "after_end"; days: number }
  stop: { facts: Listened[]; rule: DraftGroup }
  window_minutes: number
  when_window_passed: "now" | "next_window" | "report"
  steps: DraftStep[]
}

/** What the numbers of a play may be. */
export const BOUNDS = {
  days: { min: 0, max: 400, decimals: 0 },
  hours: { min: 0, max: 9_600 },
  at_most_hours: { min: 0.1, max: 9_600 },
  again_days: { min: 0, max: 3_650, decimals: 0 },
  window_minutes: { min: 1, max: 1_440, decimals: 0 },
} satisfies Record<string, Bounds>
const isIn = (name: keyof typeof BOUNDS, value: number) => numberProblem(value, BOUNDS[name]) === null

export const WAYS: Record<StepKind, readonly On[]> = {
  action: ["next"],
  wait: ["next"],
  wait_for: ["answered", "otherwise"],
  branch: ["yes", "no"],
  stop: [],
}

export function emptyPlay(): DraftPlay {
  return {
    name: "",
    entry: { on: "fact", fact: "", where: {}, rule: emptyGroup(), clock: "10:00", minute: "" },
    condition: emptyGroup(),
    again: { policy: "never", days: 0 },
    stop: { facts: [], rule: emptyGroup() },
    window_minutes: 120,
    when_window_passed: "next_window",
    steps: [],
  }
}

const WORK: { [K in Exclude<StepKind, "action">]: () => Extract<Work, { kind: K }> } = {
  wait: () => ({ kind: "wait", from: "here", days: 1, hours: 0, at: "10:00" }),
  wait_for: () => ({ kind: "wait_for", fact: "", where: {}, hours: 48 }),
  branch: () => ({ kind: "branch", rule: emptyGroup() }),
  stop: () => ({ kind: "stop", reason: "stop_node" }),
}

/** A new step of a kind, under a name that no other step has. */
export function newStep(
  what: Exclude<StepKind, "action"> | Extract<Work, { kind: "action" }>,
  steps: readonly DraftStep[],
): DraftStep {
  const work = typeof what === "string" ? WORK[what]() : what
  const taken = new Set(steps.map((s) => s.id))
  let n = steps.length + 1
  while (taken.has(`step_${n}`)) n += 1
  const ways = Object.fromEntries(WAYS[work.kind].map((on) => [on, "next"]))
  return { key: nextKey(), id: `step_${n}`, ways, work }
}

/** Takes a step out; whoever led to it leads where it led. */
export function removeStep(steps: readonly DraftStep[], key: string): DraftStep[] {
  const gone = steps.find((s) => s.key === key)
  const instead = (gone && (gone.ways.next ?? gone.ways.otherwise ?? gone.ways.no)) ?? "end"
  return steps
    .filter((s) => s.key !== key)
    .map((s) => ({
      ...s,
      ways: Object.fromEntries(
        Object.entries(s.ways).map(([on, to]) => [on, to === key ? (instead === key ? "end" : instead) : to]),
      ),
    }))
}

export function moveStep(steps: readonly DraftStep[], key: string, by: -1 | 1): DraftStep[] {
  const at = steps.findIndex((s) => s.key === key)
  const to = at + by
  if (at < 0 || to < 0 || to >= steps.length) return [...steps]
  const moved = [...steps]
  const [step] = moved.splice(at, 1)
  moved.splice(to, 0, step!)
  return moved
}

/** Which part of a play cannot be saved as it stands: `name`, `entry`, `condition`, `stop`, `steps`, `again` or a step's key. */
export type Missing = { part: string }

/** The draft as the server keeps it; else the first part that is not filled in. */
export function toDefinition(
  draft: DraftPlay,
  conditions: ReadonlyMap<string, Condition>,
): Definition | Missing {
  const entry = entryOf(draft, conditions)
  if (entry === null) return { part: "entry" }
  const condition = optional(draft.condition, conditions)
  if (condition === undefined) return { part: "condition" }
  const stopRule = optional(draft.stop.rule, conditions)
  if (stopRule === undefined || draft.stop.facts.some((s) => s.fact === "")) return { part: "stop" }
  const first = draft.steps[0]
  if (!first) return { part: "steps" }
  const nodes: Record<string, DefinitionNode> = {}
  for (const [n, step] of draft.steps.entries()) {
    const node = nodeOf(step, (on) => idOf(draft.steps, n, step.ways[on] ?? "next"), conditions)
    if (node === null) return { part: step.key }
    nodes[step.id] = node
  }
  const { again, when_window_passed } = draft
  if (again.policy !== "never" && !isIn("again_days", again.days)) return { part: "again" }
  const late = isIn("window_minutes", draft.window_minutes)
  // Nobody is asked for the minutes where being late does not matter.
  if (!late && when_window_passed !== "now") return { part: "again" }
  return {
    entry,
    condition,
    reentry: again.policy === "never" ? { policy: "never" } : { policy: "after_end", days: again.days },
    stop: { facts: draft.stop.facts, condition: stopRule },
    window_minutes: late ? draft.window_minutes : emptyPlay().window_minutes,
    when_window_passed,
    first: first.id,
    nodes,
  }
}

function idOf(steps: readonly DraftStep[], n: number, to: Target): string | null {
  if (to === "end") return null
  if (to === "next") return steps[n + 1]?.id ?? null
  return steps.find((s) => s.key === to)?.id ?? null
}

function entryOf(
  { entry }: DraftPlay,
  conditions: ReadonlyMap<string, Condition>,
): Definition["entry"] | null {
  if (entry.on === "request") return { on: "request" }
  if (entry.on === "fact")
    return entry.fact === "" ? null : { on: "fact", fact: entry.fact, where: entry.where }
  const tree = required(entry.rule, conditions)
  if (tree === null) return null
  if (entry.on === "entering") return { on: "audience", tree, at: "entering" }
  if (entry.on === "daily") return entry.clock === "" ? null : { on: "audience", tree, at: entry.clock }
  return entry.minute === ""
    ? null
    : { on: "audience", tree, at: `${entry.minute.replace(" ", "T")}:00+08:00` }
}

/** A rule that must say something; null while it does not. */
function required(rule: DraftGroup, conditions: ReadonlyMap<string, Condition>): ConditionTree | null {
  return countLeaves(rule) === 0 ? null : toTree(rule, conditions)
}

/** A rule that may be left out (null); undefined while it is begun and not finished. */
function optional(
  rule: DraftGroup,
  conditions: ReadonlyMap<string, Condition>,
): ConditionTree | null | undefined {
  return countLeaves(rule) === 0 ? null : (toTree(rule, conditions) ?? undefined)
}

function nodeOf(
  { work }: DraftStep,
  to: (on: On) => string | null,
  conditions: ReadonlyMap<string, Condition>,
): DefinitionNode | null {
  switch (work.kind) {
    case "action": {
      const args = Object.fromEntries(Object.entries(work.args).filter(([, value]) => value !== undefined))
      const action = { offer: work.offer, version: work.version, args }
      return { kind: "action", action, next: to("next"), ...stageOf(work) }
    }
    case "wait":
      return isIn("days", work.days) && isIn("hours", work.hours) ? { ...work, next: to("next") } : null
    case "wait_for":
      return work.fact === "" || !isIn("at_most_hours", work.hours)
        ? null
        : { ...work, answered: to("answered"), otherwise: to("otherwise") }
    case "branch": {
      const condition = required(work.rule, conditions)
      return condition && { kind: "branch", condition, yes: to("yes"), no: to("no"), ...stageOf(work) }
    }
    case "stop":
      return { kind: "stop", reason: work.reason.trim() || "stop_node" }
  }
}

/** A stage has a name, or there is none. */
function stageOf({ stage }: { stage?: string | undefined }): { stage?: string } {
  const name = stage?.trim()
  return name ? { stage: name } : {}
}

/** A stored play as a draft. `order`: its steps as people come to them; those that nobody comes to stand last. */
export function fromDefinition(name: string, play: Definition, order: readonly string[]): DraftPlay {
  const ids = [...order, ...Object.keys(play.nodes).filter((id) => !order.includes(id))]
  const keys = new Map(ids.map((id) => [id, nextKey()]))
  const last = ids.length - 1
  const target = (n: number, to: string | null | undefined): Target => {
    if (to === null || to === undefined) return n === last ? "next" : "end"
    return ids[n + 1] === to ? "next" : (keys.get(to) ?? "end")
  }
  const { entry } = play
  const empty = emptyPlay()
  return {
    name,
    entry: {
      ...empty.entry,
      on: entry.on === "audience" ? audienceOn(entry.at) : entry.on,
      ...(entry.on === "fact" ? { fact: entry.fact, where: entry.where ?? {} } : {}),
      ...(entry.on === "audience" ? { rule: toDraft(entry.tree) } : {}),
      ...(entry.on === "audience" && audienceOn(entry.at) === "daily" ? { clock: entry.at } : {}),
      ...(entry.on === "audience" && audienceOn(entry.at) === "once" ? { minute: minuteOf(entry.at) } : {}),
    },
    condition: play.condition ? toDraft(play.condition) : empty.condition,
    again: { policy: play.reentry.policy, days: play.reentry.days ?? 0 },
    stop: {
      facts: play.stop.facts.map(({ fact, where }) => ({ fact, where: where ?? {} })),
      rule: play.stop.condition ? toDraft(play.stop.condition) : empty.stop.rule,
    },
    window_minutes: play.window_minutes,
    when_window_passed: play.when_window_passed,
    steps: ids.flatMap((id, n) => {
      const node = play.nodes[id]
      if (!node) return []
      const ways = Object.fromEntries(
        WAYS[node.kind].map((on) => [on, target(n, (node as Partial<Record<On, string | null>>)[on])]),
      )
      return [{ key: keys.get(id) ?? nextKey(), id, ways, work: workOf(node) }]
    }),
  }
}

const audienceOn = (at: string): EntryOn =>
  at === "entering" ? "entering" : /^\d\d:\d\d$/.test(at) ? "daily" : "once"

const SHANGHAI_MS = 8 * 3_600_000
const minuteOf = (at: string) =>
  new Date(Date.parse(at) + SHANGHAI_MS).toISOString().slice(0, 16).replace("T", " ")

function workOf(node: DefinitionNode): Work {
  switch (node.kind) {
    case "action":
      return {
        kind: "action",
        offer: node.action.offer,
        version: node.action.version,
        args: { ...node.action.args },
        ...stageOf(node),
      }
    case "wait": {
      const { kind, from, days, hours, at } = node
      return { kind, from, days, hours, at }
    }
    case "wait_for":
      return { kind: "wait_for", fact: node.fact, where: node.where ?? {}, hours: node.hours }
    case "branch":
      return { kind: "branch", rule: toDraft(node.condition), ...stageOf(node) }
    case "stop":
      return { kind: "stop", reason: node.reason }
  }
}
