import { atTime, DAY_MS, dayNumber } from "../../kernel/day.ts"
import type { PlayDefinition, PlayNode } from "./definition.ts"

type Wait = Extract<PlayNode, { kind: "wait" }>
type Policy = Pick<PlayDefinition, "window_minutes" | "when_window_passed">

const MINUTE_MS = 60_000

/**
 * When a wait ends, for somebody who got to it at `here`. A clock time whose window is over by then moves to the next day, is
 * taken at once, or stays in the past so that the step is reported, as the play says.
 */
export function waitUntil(wait: Wait, anchor: Date, here: Date, policy: Policy): Date {
  const base = wait.from === "anchor" ? anchor : here
  const span_ms = wait.days * DAY_MS + wait.hours * 3_600_000
  if (wait.at === null)
    return new Date(Math.max(base.getTime() + span_ms, wait.from === "here" ? 0 : here.getTime()))
  const [hour = 0, minute = 0] = wait.at.split(":").map(Number)
  const after = new Date(base.getTime() + wait.hours * 3_600_000)
  const target = atTime(dayNumber(after) + wait.days, hour, minute)
  if (here.getTime() <= target.getTime()) return target
  const within = here.getTime() < target.getTime() + policy.window_minutes * MINUTE_MS
  // "20:00 of the day one gets here" that is over is the next 20:00 of the clock, whatever the window
  if (wait.from === "here" || (policy.when_window_passed === "next_window" && !within)) {
    const next = atTime(dayNumber(here), hour, minute)
    return here <= next ? next : new Date(next.getTime() + DAY_MS)
  }
  return within || policy.when_window_passed === "now" ? here : target
}

/** How late a step is, and whether its window is over. Machines that stood still are no reason to disturb anybody at any hour. */
export function lateness(due: Date, now: Date, policy: Policy): "on_time" | "late" | "over" {
  const late_ms = now.getTime() - due.getTime()
  if (late_ms < MINUTE_MS) return "on_time"
  if (late_ms < policy.window_minutes * MINUTE_MS || policy.when_window_passed === "now") return "late"
  return "over"
}

/** `since` is set while somebody listens for a fact; without it, what the node does has not begun. */
export type Place =
  | { node: string; due_at: Date; since: Date | null }
  | { ended: "done" | "stopped"; reason: string | null }

/** Where somebody comes to stand who goes to `node` at `here`: whatever takes no time is passed at once. */
export function arrive(play: PlayDefinition, node: string | null, anchor: Date, here: Date): Place {
  let at = here
  for (let name = node; ; ) {
    if (name === null) return { ended: "done", reason: null }
    const found: PlayNode = play.nodes[name]!
    if (found.kind === "stop") return { ended: "stopped", reason: found.reason }
    if (found.kind === "wait_for")
      return { node: name, due_at: new Date(at.getTime() + found.hours * 3_600_000), since: at }
    if (found.kind !== "wait") return { node: name, due_at: at, since: null }
    const until = waitUntil(found, anchor, at, play)
    if (found.next === null) return { ended: "done", reason: null }
    if (until > at) return { node: found.next, due_at: until, since: null }
    at = until
    name = found.next
  }
}
