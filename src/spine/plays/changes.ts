import type { Words } from "../../kernel/contract.ts"
import type { SaidPlay, SaidStep } from "./sentence.ts"

/** One thing that is otherwise in a later version, before and after in words; null where it was not there, or is gone. */
export type PlayChange = {
  part: "entry" | "condition" | "step" | "order" | "reentry" | "stop" | "late"
  before: Words | null
  after: Words | null
}

const same = (a: Words | null, b: Words | null) => a?.zh === b?.zh && a?.en === b?.en

/** Pure: what changed from one version to the next, as people read them. */
export function changesBetween(before: SaidPlay, after: SaidPlay): PlayChange[] {
  const changes: PlayChange[] = []
  for (const part of ["entry", "condition", "reentry", "late"] as const)
    if (!same(before[part], after[part])) changes.push({ part, before: before[part], after: after[part] })
  const stops = [
    ...before.stop.filter((s) => !after.stop.some((o) => same(o, s))).map((s) => [s, null] as const),
    ...after.stop.filter((s) => !before.stop.some((o) => same(o, s))).map((s) => [null, s] as const),
  ]
  changes.push(...stops.map(([was, is]): PlayChange => ({ part: "stop", before: was, after: is })))
  const steps = stepChanges(before.steps, after.steps)
  if (steps.length === 0 && ways(before.steps) !== ways(after.steps))
    steps.push({ part: "order", before: null, after: null })
  return [...changes, ...steps]
}

function stepChanges(before: readonly SaidStep[], after: readonly SaidStep[]): PlayChange[] {
  const was = new Map(before.map((s) => [s.node, s.words]))
  const is = new Map(after.map((s) => [s.node, s.words]))
  return [
    ...after.flatMap((s): PlayChange[] => {
      const old = was.get(s.node) ?? null
      return same(old, s.words) ? [] : [{ part: "step", before: old, after: s.words }]
    }),
    ...before.flatMap((s): PlayChange[] =>
      is.has(s.node) ? [] : [{ part: "step", before: s.words, after: null }],
    ),
  ]
}

const ways = (steps: readonly SaidStep[]) => JSON.stringify(steps.map((s) => [s.node, s.ways]))
