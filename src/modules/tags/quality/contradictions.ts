import type { ConditionTree } from "../../../kernel/tree.ts"

const leaf = (offer: string, args: Record<string, unknown> = {}): ConditionTree => ({
  offer,
  version: 1,
  args,
})
const PAID = "0196a000-0000-7000-8000-000000000103"
const REPEAT = "0196a000-0000-7000-8000-000000000104"

/**
 * What cannot be true together, as rules that find the people. Codes are words of the page. A condition that a later version drops
 * makes its line uncountable, not the others.
 */
export const CONTRADICTIONS: readonly { code: string; rule: ConditionTree }[] = [
  { code: "two_exclusive", rule: leaf("tags.doubled") },
  {
    code: "paid_without_order",
    rule: {
      all: [leaf("tags.has_any", { tag_ids: [PAID, REPEAT] }), { not: leaf("customers.has_paid") }],
    },
  },
  {
    code: "repeat_without_second_order",
    rule: {
      all: [leaf("tags.has", { tag_id: REPEAT }), { not: leaf("orders.goods_count", { min: 2 }) }],
    },
  },
]
