import { DAY_MS } from "../../kernel/day.ts"
import type { Situation } from "../accounts/contract.ts"
import { NEWCOMER_DAYS } from "./limits.ts"

export const NEXT_STEPS = [
  "assignment",
  "not_a_friend",
  "opted_out",
  "revive",
  "greet",
  "find_need",
  "close",
  "member",
  "care",
  "support",
] as const
export type NextStep = (typeof NEXT_STEPS)[number]

export type Seen = {
  friend: boolean
  added_at: Date | null
  opted_out: boolean
  stage: string | null
  standing: string | null
  activity: string | null
  /** What is open about this customer and due first. */
  assignment_id: string | null
}

/**
 * Pure: the one thing to do next, and the moment of the relationship whose scripts fit. What somebody was asked to do comes before
 * what the classes say; who cannot or will not be written to comes before both.
 */
export function nextStep(
  seen: Seen,
  now: Date,
): { step: NextStep; situation: Situation | null; assignment_id: string | null } {
  const say = (step: NextStep, situation: Situation | null) => ({ step, situation, assignment_id: null })
  if (!seen.friend) return say("not_a_friend", null)
  const { step, situation } = byClasses(seen, now)
  if (seen.assignment_id !== null) return { step: "assignment", situation, assignment_id: seen.assignment_id }
  return seen.opted_out ? say("opted_out", null) : say(step, situation)
}

const ASLEEP = new Set(["quiet", "sleeping", "lost"])

function byClasses(seen: Seen, now: Date): { step: NextStep; situation: Situation } {
  if (seen.activity !== null && ASLEEP.has(seen.activity)) return { step: "revive", situation: "revival" }
  if (seen.stage === "partner") return { step: "support", situation: "trust" }
  if (seen.stage === "member") return { step: "care", situation: "after_sale" }
  if (seen.stage === "customer")
    return seen.standing === "repeat"
      ? { step: "member", situation: "closing" }
      : { step: "care", situation: "after_sale" }
  if (seen.standing === "interested") return { step: "close", situation: "closing" }
  const newcomer = seen.added_at !== null && now.getTime() - seen.added_at.getTime() < NEWCOMER_DAYS * DAY_MS
  return newcomer ? { step: "greet", situation: "opening" } : { step: "find_need", situation: "ice" }
}

export type Contact = {
  account_id: string
  added_at: Date
  removed_at: Date | null
  removed_by: string | null
}

/**
 * Pure: the account whose chat this is. The one that was asked for; else one of my own that has this friend, else any that has,
 * else the last that had. Null where there was never any.
 */
export function accountOfChat(
  contacts: readonly Contact[],
  asked: string | undefined,
  mine: ReadonlySet<string>,
): string | null {
  if (asked !== undefined) return asked
  const running = contacts.filter((c) => c.removed_at === null)
  const latest = [...contacts].sort((a, b) => b.added_at.getTime() - a.added_at.getTime())[0]
  const chosen = running.find((c) => mine.has(c.account_id)) ?? running[0] ?? latest
  return chosen?.account_id ?? null
}

const ENDED_BY: Record<string, "left_us" | "removed" | "transferred"> = {
  customer: "left_us",
  staff: "removed",
  transfer: "transferred",
}

/** Pure: how the two stand; times are those of this friendship. */
export function friendshipOf(contacts: readonly Contact[], account_id: string | null) {
  const contact = contacts.find((c) => c.account_id === account_id)
  if (!contact) return { state: "never" as const, since: null, until: null }
  const { added_at: since, removed_at: until, removed_by } = contact
  if (until === null) return { state: "friend" as const, since, until }
  return { state: ENDED_BY[removed_by ?? ""] ?? ("removed" as const), since, until }
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/

/** Pure: what an assignment comes from, by its key: an enrolment in a play, or a send. */
export function causeOf(cause_key: string): { kind: "play" | "send"; id: string } | null {
  const [, kind] = /^(?:touch:)?(play|send)[:/]/.exec(cause_key) ?? []
  const [id] = UUID.exec(cause_key) ?? []
  return id && (kind === "play" || kind === "send") ? { kind, id } : null
}
