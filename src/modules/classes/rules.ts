import { type Activity, STAGES, type Stage, type Standing } from "./shared.ts"

/** Borders of the classes in whole days since the last order beyond lead products; the last day of each. */
export const ACTIVE_DAYS = 90
export const QUIET_DAYS = 180
export const SLEEPING_DAYS = 365
/** Interest lapses when nothing showed it for so long. */
export const INTERESTED_DAYS = 30

/** What is known of a customer when classes are decided; days are day numbers. */
export type Numbers = {
  orders: number
  /** Orders with more than lead products in them: those alone make somebody a customer. */
  goods_orders: number
  goods_first_day: number | null
  goods_last_day: number | null
  lead_last_day: number | null
  membership_first_day: number | null
  /** Since when the tag "interested" is there. */
  interested_tag_day: number | null
}

/** A class with the day since which it holds (null: it began before anything that is known) and what decided. */
export type Decided<V extends string> = { value: V; since_day: number | null; why: Record<string, unknown> }

/** The step of the ladder that the numbers say; a partner is made by an agent's record only. */
export function stageByOrders(n: Numbers): Decided<Stage> {
  if (n.membership_first_day !== null)
    return {
      value: "member",
      since_day: n.membership_first_day,
      why: { rule: "bought_membership", membership_first_day: n.membership_first_day },
    }
  if (n.goods_orders > 0)
    return {
      value: "customer",
      since_day: n.goods_first_day,
      why: { rule: "bought_goods", goods_orders: n.goods_orders, goods_first_day: n.goods_first_day },
    }
  return { value: "prospect", since_day: null, why: { rule: "no_goods_order", orders: n.orders } }
}

/** Up by itself, never down: what was reached stays until somebody decides otherwise. */
export function climb(present: Stage | null, decided: Decided<Stage>): Decided<Stage> | null {
  if (present === null) return decided
  return STAGES.indexOf(decided.value) > STAGES.indexOf(present) ? decided : null
}

/** The last day on which interest showed: a lead product bought, or the tag given by hand. */
export function interestedDay(n: Numbers): number | null {
  const days = [n.lead_last_day, n.interested_tag_day].filter((day) => day !== null)
  return days.length === 0 ? null : Math.max(...days)
}

export function standingOf(n: Numbers, today: number): Decided<Standing> {
  const why = { goods_orders: n.goods_orders }
  if (n.goods_orders >= 2) return { value: "repeat", since_day: null, why: { rule: "two_orders", ...why } }
  if (n.goods_orders === 1)
    return { value: "paid", since_day: n.goods_first_day, why: { rule: "one_order", ...why } }
  const day = interestedDay(n)
  if (day !== null && today - day <= INTERESTED_DAYS)
    return { value: "interested", since_day: day, why: { rule: "showed_interest", interested_day: day } }
  if (day !== null)
    return {
      value: "general",
      since_day: day + INTERESTED_DAYS + 1,
      why: { rule: "interest_lapsed", interested_day: day },
    }
  return { value: "general", since_day: null, why: { rule: "no_sign_of_interest" } }
}

export function activityOf(n: Numbers, today: number): Decided<Activity> {
  const last = n.goods_last_day
  if (n.goods_orders === 0 || last === null)
    return { value: "prospect", since_day: null, why: { rule: "no_goods_order", orders: n.orders } }
  const why = { goods_orders: n.goods_orders, goods_last_day: last }
  const age = today - last
  if (age > SLEEPING_DAYS)
    return { value: "lost", since_day: last + SLEEPING_DAYS + 1, why: { rule: "over_365_days", ...why } }
  if (age > QUIET_DAYS)
    return { value: "sleeping", since_day: last + QUIET_DAYS + 1, why: { rule: "181_to_365_days", ...why } }
  if (age > ACTIVE_DAYS)
    return { value: "quiet", since_day: last + ACTIVE_DAYS + 1, why: { rule: "91_to_180_days", ...why } }
  return n.goods_orders >= 2
    ? { value: "repeat", since_day: last, why: { rule: "within_90_days_again", ...why } }
    : { value: "one_time", since_day: last, why: { rule: "within_90_days_once", ...why } }
}
