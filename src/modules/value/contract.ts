import { z } from "zod"
import { defineEndpoint } from "../../kernel/contract.ts"

const n = z.number().int()
const row = z.object({
  key: z.string().nullable(),
  name: z.string(),
  customers: n,
  buyers: n,
  net_fen: n,
  /** Null where nothing is foretold. */
  predicted_fen: n.nullable(),
  /** Purchases expected in 90 days. */
  expected_90: z.number().nullable(),
})

export const readValue = defineEndpoint({
  id: "value.read",
  method: "GET",
  path: "/api/value",
  permission: "orders.read",
  summary: {
    zh: "客户价值：历史与预计，按来源、按负责人，以及推算准不准",
    en: "Customer value: past and expected, by source and by operator, and how well it is foretold",
  },
  answer: z.object({
    as_of: z.date(),
    all: row,
    sources: z.array(row),
    operators: z.array(row),
    /** Null before the first night. */
    fit: z
      .object({
        day: z.string(),
        fitted_at: z.date(),
        state: z.enum(["fitted", "too_little"]),
        buyers: n,
        repeaters: n,
        span_days: n,
        /** What there must be at least. */
        needed: z.object({ buyers: n, repeaters: n, span_days: n }),
        sample: n,
        of: n,
        /** BG/NBD's r, alpha, a, b in weeks, and gamma-gamma's p, q, v in yuan where money follows it. */
        purchases: z.object({ r: z.number(), alpha: z.number(), a: z.number(), b: z.number() }).nullable(),
        spend: z.object({ p: z.number(), q: z.number(), v: z.number() }).nullable(),
        log_likelihood: z.number().nullable(),
        correlation: z.number().nullable(),
        calibration: z
          .object({
            cutoff_day: z.string(),
            days: n,
            groups: z.array(
              z.object({
                repeats: n,
                or_more: z.boolean(),
                customers: n,
                /** Purchases of all of them together. */
                predicted: z.number(),
                actual: n,
              }),
            ),
          })
          .nullable(),
      })
      .nullable(),
  }),
})
