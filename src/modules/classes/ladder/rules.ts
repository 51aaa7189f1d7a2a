import { STAGES, type Stage } from "../shared.ts"

export const rankOf = (stage: Stage | null) => (stage === null ? -1 : STAGES.indexOf(stage))

export type StepDays = { customer_day: number | null; member_day: number | null; partner_day: number | null }

/**
 * Pure: since which day somebody stands on each step. By the orders where they say a day, else as it was known, else today; a
 * step that is not reached (or was left by a decision) has none.
 */
export function stepDays(
  stage: Stage,
  orders: { goods_first_day: number | null; membership_first_day: number | null },
  known: StepDays | undefined,
  today: number,
): StepDays {
  const at = (step: Stage, by_orders: number | null, before: number | null | undefined) =>
    rankOf(stage) < rankOf(step) ? null : (by_orders ?? before ?? today)
  // Whoever bought a membership only became a customer by it.
  const first = orders.goods_first_day ?? orders.membership_first_day
  return {
    customer_day: at("customer", first, known?.customer_day),
    member_day: at("member", orders.membership_first_day, known?.member_day),
    partner_day: at("partner", null, known?.partner_day),
  }
}

export type Standing = {
  customer_id: string
  stage: Stage | null
  /** What the orders say now. */
  by_orders: Stage
  /** The question that is open about them, and the last one that was declined: to which stage. */
  open_to: Stage | null
  declined_to: Stage | null
}

/**
 * Pure: who is to be asked about a step down, and whose question is settled by itself. A partner is made by an agent's record and
 * is not asked about; what was declined is not asked again until the orders say something else.
 */
export function stepDowns(list: readonly Standing[]): { ask: Standing[]; lapse: string[] } {
  const below = (s: Standing) =>
    (s.stage === "customer" || s.stage === "member") && rankOf(s.by_orders) < rankOf(s.stage)
  return {
    ask: list.filter((s) => below(s) && s.open_to !== s.by_orders && s.declined_to !== s.by_orders),
    lapse: list
      .filter((s) => s.open_to !== null && (!below(s) || s.open_to !== s.by_orders))
      .map((s) => s.customer_id),
  }
}
