import { dayNumber } from "../../../kernel/day.ts"
import type { FactHandler } from "../../../spine/facts/index.ts"
import { touchDelivered } from "../../../spine/outbox/index.ts"
import { addSaid } from "./store.ts"

/** Counts what an account said that reached somebody. An answer to a question is conversation and counts for neither side. */
export const mixHandler: FactHandler = {
  name: "accounts.mix",
  types: [touchDelivered.type],
  origins: "live",
  async handle(t, facts) {
    const said = facts.filter(touchDelivered.is).flatMap(({ payload, occurred_at }) => {
      const { account_id, nature } = payload
      return account_id === null || nature === "answer"
        ? []
        : [{ account_id, day: dayNumber(occurred_at), selling: nature === "selling" }]
    })
    if (said.length > 0) await addSaid(t, said)
  },
}
