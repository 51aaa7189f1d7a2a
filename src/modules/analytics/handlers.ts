import { dayNumber, minuteOfDay } from "../../kernel/day.ts"
import type { Fact, FactHandler } from "../../spine/facts/index.ts"
import { type CountedFact, dailySums, pathSteps } from "./rules.ts"
import { addSteps, addSums } from "./store.ts"

const COUNTED = [
  "customer.contact_added",
  "customer.contact_removed",
  "group.member_joined",
  "group.member_left",
  "group.message_sent",
  "order.paid",
  "order.extended",
  "order.refunded",
  "order.cancelled",
]

const counted = (f: Fact): CountedFact => ({
  type: f.type,
  subject: f.subject,
  day: dayNumber(f.occurred_at),
  hour: Math.floor(minuteOfDay(f.occurred_at) / 60),
  payload: f.payload as Record<string, unknown>,
})

export const handlers: FactHandler[] = [
  {
    name: "analytics.daily",
    types: COUNTED,
    origins: "all",
    batch: 2_000,
    async handle(t, facts) {
      const all = facts.map(counted)
      const sums = dailySums(all)
      if (sums.length > 0) await addSums(t, sums)
      const steps = pathSteps(all)
      if (steps.length > 0) await addSteps(t, steps)
    },
  },
]
