import { type Refusal, refuse } from "../../../kernel/result.ts"

export const STATES = [
  "requested",
  "starting",
  "nurturing",
  "ready",
  "in_use",
  "returning",
  "retired",
  "written_off",
] as const
export type State = (typeof STATES)[number]

/** Where an account may go from each state. */
export const NEXT: Record<State, readonly State[]> = {
  requested: ["starting"],
  starting: ["nurturing"],
  nurturing: ["ready"],
  ready: ["in_use"],
  in_use: ["returning", "written_off"],
  returning: ["ready", "retired"],
  retired: [],
  written_off: [],
}

/** States that no account enters without the agreement that says whose it is. */
const WANTS_AGREEMENT: readonly State[] = ["nurturing", "ready"]

export type Standing = {
  state: State
  agreement: boolean
  nurture_level: number
  custodian_staff_id: string | null
}

export type MoveAsk = {
  to: State
  /** Who does it; null for the system. */
  doer: string | null
  /** The level below which nothing is ready. */
  ready_level: number
  /** A team too small to have somebody else check: it may, and it is marked. */
  small_team: boolean
}

export type Move = { from: State; to: State; self_checked: boolean }
export type MoveRefusal = Refusal<"illegal_transition" | "agreement_missing" | "level_too_low" | "self_check">

/**
 * Whether an account may change its state so. Where several things are missing the agreement is named first. Starting, nurturing
 * and taking back are done by somebody who does not use the account.
 */
export function planMove(account: Standing, ask: MoveAsk): Move | MoveRefusal {
  const { state } = account
  const allowed = NEXT[state]
  const goesOn = allowed.length > 0
  if (goesOn && WANTS_AGREEMENT.includes(ask.to) && !account.agreement)
    return refuse("agreement_missing", {
      field: "agreement",
      detail: { missing: "agreement", state, allowed },
    })
  if (!allowed.includes(ask.to))
    return refuse("illegal_transition", { field: "to", detail: { state, to: ask.to, allowed } })
  if (state === "nurturing" && ask.to === "ready" && account.nurture_level < ask.ready_level)
    return refuse("level_too_low", {
      field: "nurture_level",
      detail: { level: account.nurture_level, needed: ask.ready_level },
    })
  const checked = ask.to === "in_use" || ask.to === "returning" || ask.to === "written_off"
  const own = !checked && isOwnCheck(account.custodian_staff_id, ask.doer)
  if (own && !ask.small_team) return refuse("self_check", { detail: { custodian_staff_id: ask.doer } })
  return { from: state, to: ask.to, self_checked: own }
}

/** Whether somebody would be checking what they themselves hold. */
export function isOwnCheck(custodian_staff_id: string | null, doer: string | null): boolean {
  return doer !== null && doer === custodian_staff_id
}
