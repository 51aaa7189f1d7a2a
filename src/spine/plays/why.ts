import { DAY_MS } from "../../kernel/day.ts"
import { type Queryable, rows } from "../../platform/db.ts"
import type { PlayDefinition } from "./definition.ts"
import { PREVIEW_STEPS, WHY_STEPS } from "./limits.ts"
import type { Enrolment } from "./move.ts"
import { arrive } from "./timing.ts"

export type WhyStep = {
  step: number
  node: string
  due_at: Date
  at: Date
  outcome: string
  detail: Record<string, unknown> | null
}
export type Why = { enrolments: (Enrolment & { steps: WhyStep[] })[] }

/** Why this person got what a play gives, or did not: each entry with what every step came to, newest first. Empty: never entered. */
export async function why(q: Queryable, play_id: string, customer_id: string): Promise<Why> {
  const enrolments = await rows<Enrolment>(
    q,
    "select * from plays_enrolments where customer_id = $1 and play_id = $2 order by entry desc limit 20",
    [customer_id, play_id],
  )
  const steps = await rows<WhyStep & { enrolment_id: string }>(
    q,
    `select enrolment_id, step, node, due_at, at, outcome, detail from plays_steps
     where customer_id = $1 and enrolment_id = any($2::uuid[]) order by step limit $3`,
    [customer_id, enrolments.map((e) => e.id), WHY_STEPS],
  )
  return {
    enrolments: enrolments.map((e) => ({
      ...e,
      steps: steps.filter((s) => s.enrolment_id === e.id).map(({ enrolment_id: _, ...s }) => s),
    })),
  }
}

/** Which play each of a person's enrolments belongs to, by enrolment. */
export async function playsOfEnrolments(
  q: Queryable,
  customer_id: string,
  enrolment_ids: readonly string[],
): Promise<Map<string, { play_id: string; name: string }>> {
  const found = await rows<{ id: string; play_id: string; name: string }>(
    q,
    `select e.id, e.play_id, p.name from plays_enrolments e join plays_plays p on p.id = e.play_id
     where e.customer_id = $1 and e.id = any($2::uuid[])`,
    [customer_id, enrolment_ids],
  )
  return new Map(found.map(({ id, ...play }) => [id, play]))
}

/** Why the re-entry rule keeps a person out at a moment; null where it does not. `before`: their enrolments, newest first. */
export function keptOut(
  { reentry }: Pick<PlayDefinition, "reentry">,
  before: readonly Pick<Enrolment, "state" | "entered_at" | "ended_at">[],
  at: Date,
): "inside" | "once_only" | "too_soon" | null {
  if (before.some((e) => e.state === "active")) return "inside"
  const last = before[0]
  if (!last) return null
  if (reentry.policy === "never") return "once_only"
  const end = last.ended_at ?? last.entered_at
  return end.getTime() + reentry.days * DAY_MS > at.getTime() ? "too_soon" : null
}

export type PreviewStep = { node: string; at: Date; kind: string; answer: string | null }

/**
 * The way of one person who would begin at `anchor`: branches answered as `branch` says; what is waited for comes at once where
 * `answers`, else never. Nothing is done and nothing is stored.
 */
export function preview(
  play: PlayDefinition,
  anchor: Date,
  branch: (node: string) => boolean,
  answers = false,
): { steps: PreviewStep[]; ended: string } {
  const steps: PreviewStep[] = []
  let place = arrive(play, play.first, anchor, anchor)
  while (steps.length < PREVIEW_STEPS) {
    if ("ended" in place) return { steps, ended: place.reason ?? place.ended }
    const { node: name, due_at } = place
    const node = play.nodes[name]!
    const step = { node: name, at: due_at, kind: node.kind, answer: null }
    if (node.kind === "branch") {
      const yes = branch(name)
      steps.push({ ...step, answer: yes ? "yes" : "no" })
      place = arrive(play, yes ? node.yes : node.no, anchor, due_at)
    } else if (node.kind === "wait_for" && place.since !== null) {
      steps.push({ ...step, at: answers ? place.since : due_at, answer: answers ? "heard" : "timeout" })
      place = answers
        ? arrive(play, node.answered, anchor, place.since)
        : arrive(play, node.otherwise, anchor, due_at)
    } else if (node.kind === "action") {
      steps.push(step)
      place = arrive(play, node.next, anchor, due_at)
    } else place = arrive(play, name, anchor, due_at)
  }
  return { steps, ended: "too_long" }
}
