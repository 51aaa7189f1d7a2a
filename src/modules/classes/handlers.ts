import type { FactHandler } from "../../spine/facts/index.ts"
import { contactAdded } from "../customers/index.ts"
import { orderCancelled, orderExtended, orderPaid, orderRefunded } from "../orders/index.ts"
import { INTERESTED_TAG, tagAssigned, tagRemoved } from "../tags/index.ts"
import { classify } from "./compute.ts"

/** What keeps the classes; it acts on nobody. */
export const handlers: FactHandler[] = [
  {
    name: "classes.follow",
    types: [
      contactAdded.type,
      orderPaid.type,
      orderExtended.type,
      orderRefunded.type,
      orderCancelled.type,
      tagAssigned.type,
      tagRemoved.type,
    ],
    origins: "all",
    from: "start",
    async handle(t, facts, now) {
      const telling = facts.filter((f) =>
        tagAssigned.is(f) || tagRemoved.is(f) ? f.payload.tag_id === INTERESTED_TAG : true,
      )
      const live = new Set(telling.filter((f) => f.origin === "live").map((f) => f.subject))
      const past = new Set(telling.filter((f) => !live.has(f.subject)).map((f) => f.subject))
      await classify(t, [...live].sort(), now, "live")
      await classify(t, [...past].sort(), now, "history")
    },
  },
]
