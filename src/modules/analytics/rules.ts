export type CountedFact = {
  type: string
  subject: string
  day: number /** of the day in the shop */
  hour: number
  payload: Record<string, unknown>
}
export type DailySum = { day: number; measure: string; dimension: string; value: number }
export type PathStep = {
  customer_id: string
  source: string
  added_day: number | null
  joined_day: number | null
  spoke_day: number | null
  order_days: number[]
}

/** Pure: what a batch of facts adds to the sums by day. */
export function dailySums(facts: readonly CountedFact[]): DailySum[] {
  const sums = new Map<string, DailySum>()
  const add = (day: number, measure: string, value: number, dimension = "") => {
    const key = `${measure}\u0000${day}\u0000${dimension}`
    const sum = sums.get(key)
    if (sum) sum.value += value
    else sums.set(key, { day, measure, dimension, value })
  }
  for (const { type, day, hour, payload } of facts) {
    if (type === "customer.contact_added") {
      add(day, "contacts_added", 1, String(payload.state ?? ""))
      if (payload.first === true) add(day, "customers_new", 1)
    } else if (type === "customer.contact_removed") add(day, "contacts_removed", 1)
    else if (type === "group.member_joined") add(day, "group_joins", 1)
    else if (type === "group.member_left") add(day, "group_leaves", 1)
    else if (type === "group.message_sent") add(day, "group_messages", 1, String(hour))
    else if (type === "order.paid") {
      add(day, "orders", 1)
      add(day, "gmv_fen", Number(payload.paid_fen))
    } else if (type === "order.extended") add(day, "gmv_fen", Number(payload.added_fen))
    else if (type === "order.refunded" || type === "order.cancelled")
      add(day, "refund_fen", Number(payload.refund_fen))
  }
  return [...sums.values()].filter((s) => s.value !== 0).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

const keyOf = (s: DailySum) => `${s.measure}\u0000${String(s.day).padStart(8, "0")}\u0000${s.dimension}`

const least = (a: number | null, b: number) => (a === null ? b : Math.min(a, b))

/** Pure: the steps of the entry path that a batch of facts tells of, a row a person. */
export function pathSteps(facts: readonly CountedFact[]): PathStep[] {
  const steps = new Map<string, PathStep>()
  const of = (customer_id: string) => {
    let step = steps.get(customer_id)
    if (!step) {
      step = { customer_id, source: "", added_day: null, joined_day: null, spoke_day: null, order_days: [] }
      steps.set(customer_id, step)
    }
    return step
  }
  for (const { type, subject, day, payload } of facts) {
    // Facts of a group's own staff have the group as their subject: nobody's path.
    if (type.startsWith("group.") && payload.group_id === subject) continue
    if (type === "customer.contact_added") {
      const step = of(subject)
      if (step.added_day === null || day < step.added_day) step.source = String(payload.state ?? "")
      step.added_day = least(step.added_day, day)
    } else if (type === "group.member_joined") of(subject).joined_day = least(of(subject).joined_day, day)
    else if (type === "group.message_sent") of(subject).spoke_day = least(of(subject).spoke_day, day)
    else if (type === "order.paid") of(subject).order_days.push(day)
  }
  return [...steps.values()].sort((a, b) => (a.customer_id < b.customer_id ? -1 : 1))
}
