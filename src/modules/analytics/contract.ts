import { z } from "zod"
import { defineEndpoint } from "../../kernel/contract.ts"

const words = z.object({ zh: z.string(), en: z.string() })
const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .optional()

export const dashboard = defineEndpoint({
  id: "analytics.dashboard",
  method: "GET",
  path: "/api/dashboard",
  permission: "analytics.read",
  summary: { zh: "经营看板：入口路径、转化、成交、RFM", en: "Dashboard: entry path, conversion, GMV, RFM" },
  query: z.object({ from: day, to: day }),
  answer: z.object({
    from: z.string(),
    to: z.string(),
    /** The shop's moment at which these numbers were read. */
    as_of: z.date(),
    numbers: z.array(
      z.object({
        name: z.string(),
        label: words,
        definition: words,
        unit: z.enum(["fen", "people", "times", "share"]),
        value: z.number().nullable(),
      }),
    ),
    funnel: z.array(z.object({ step: z.string(), label: words, people: z.number().int() })),
    sources: z.array(
      z.object({
        source: z.string(),
        added: z.number().int(),
        joined: z.number().int(),
        spoke: z.number().int(),
        ordered: z.number().int(),
        repeated: z.number().int(),
      }),
    ),
    /** What sends of the range earned by now: orders of people they reached, within the window, by last touch. */
    sends: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        send_at: z.date(),
        orders: z.number().int(),
        customers: z.number().int(),
        gmv_fen: z.number().int(),
        net_fen: z.number().int(),
      }),
    ),
    series: z.array(
      z.object({
        measure: z.string(),
        label: words,
        points: z.array(z.object({ day: z.string(), value: z.number() })),
      }),
    ),
    /** When groups speak: messages by weekday (0 is Monday) and hour of the shop; only hours in which there were any. */
    hours: z.array(
      z.object({ weekday: z.number().int(), hour: z.number().int(), messages: z.number().int() }),
    ),
    /** The score cube R × F with customers and their GMV; empty until somebody has bought. */
    rfm: z.array(
      z.object({
        r: z.number().int(),
        f: z.number().int(),
        customers: z.number().int(),
        gmv_fen: z.number().int(),
      }),
    ),
    ladder: z.array(z.object({ stage: z.string(), label: words, customers: z.number().int() })),
  }),
  refusals: {
    range_invalid: {
      status: 400,
      zh: "日期范围不对：从早到晚，最多 400 天。",
      en: "The range is wrong: from early to late, 400 days at most.",
    },
  },
})
