import { type Refusal, refuse } from "../../../kernel/result.ts"
import { isOwnCheck, NEXT, type State } from "../life/rules.ts"

/** What goes along with an account, and is agreed on, when somebody gets it. */
export const HANDOVER_ITEMS = ["sim", "phone", "password_reset", "top_up", "penalties"] as const
/** What must be back, or be no longer bound, when an account comes back. */
export const RETURN_ITEMS = [
  "device",
  "sim",
  "password",
  "bank_card",
  "bound_phone",
  "real_name",
  "groups",
  "customers",
] as const

export type Checklist<I extends string> = Partial<Record<I, boolean>>

/** What of a list is not ticked, in the list's order. */
export function missingOf<I extends string>(items: readonly I[], ticked: Checklist<I> | null): I[] {
  return items.filter((item) => ticked?.[item] !== true)
}

export type Held = { state: State; custodian_staff_id: string | null; promised_to: string | null }
export type HandOverAsk = {
  to: string | null
  /** Who holds it as far as the doer knows: where somebody was quicker, it is somebody else. */
  from: string | null
  doer: string
  small_team: boolean
  checklist: Checklist<(typeof HANDOVER_ITEMS)[number]> | null
}
export type HandOverRefusal = Refusal<
  | "illegal_transition"
  | "already_held"
  | "self_check"
  | "return_first"
  | "checklist_incomplete"
  | "account_promised"
>

/**
 * Whether an account may pass so. One that lies ready goes out with the whole checklist and is in use once its custodian has
 * signed; one in use passes straight on, which is the quick form of the same. Nobody passes on what they hold themself.
 */
export function planHandOver(account: Held, ask: HandOverAsk): { self_checked: boolean } | HandOverRefusal {
  const { state, custodian_staff_id: holder } = account
  if (state !== "ready" && state !== "in_use")
    return refuse("illegal_transition", { detail: { state, allowed: NEXT[state] } })
  if (holder !== ask.from || (holder !== null && holder === ask.to))
    return refuse("already_held", { field: "staff_id", detail: { custodian_staff_id: holder } })
  const self_checked = isOwnCheck(holder, ask.doer)
  if (self_checked && !ask.small_team) return refuse("self_check", { detail: { custodian_staff_id: holder } })
  if (ask.to === null) return state === "in_use" ? refuse("return_first") : { self_checked }
  if (account.promised_to !== null && account.promised_to !== ask.to)
    return refuse("account_promised", { field: "staff_id", detail: { staff_id: account.promised_to } })
  const missing = state === "ready" ? missingOf(HANDOVER_ITEMS, ask.checklist) : []
  if (missing.length > 0) return refuse("checklist_incomplete", { field: "checklist", detail: { missing } })
  return { self_checked }
}
