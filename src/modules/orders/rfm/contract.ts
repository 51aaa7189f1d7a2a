import { z } from "zod"
import { calendarDay, defineEndpoint } from "../../../kernel/contract.ts"

const n = z.number().int()
const words = z.object({ zh: z.string(), en: z.string() })
const four = z.array(z.number()).length(4)

/** By what customers were scored: four cut points each, below which a score of one to four ends. */
const cuts = z.object({
  rule: z.string(),
  /** The day as of which they were found, and when. */
  day: z.string(),
  computed_at: z.date().nullable(),
  /** Over how many customers; of the whole company, whoever asks. */
  customers: n,
  days: four,
  orders: four,
  net_fen: four,
})
const board = z.object({
  cuts: cuts.nullable(),
  cells: z.array(z.object({ r: n, f: n, customers: n, gmv_fen: n })),
  segments: z.array(z.object({ code: z.string(), label: words, customers: n, gmv_fen: n })),
})

export const readRfm = defineEndpoint({
  id: "orders.rfm",
  method: "GET",
  path: "/api/orders/rfm",
  permission: "orders.read",
  summary: {
    zh: "RFM：R×F 各格与八个分群的人数和成交额，可与另一天比较",
    en: "RFM: customers and GMV by R×F and by segment, beside those of another day",
  },
  query: z.object({
    /** A day that was kept; without one, as of now. */
    day: calendarDay.optional(),
    against: calendarDay.optional(),
  }),
  answer: z.object({
    as_of: z.date(),
    day: z.string().nullable(),
    now: board,
    against: board.extend({ day: z.string() }).nullable(),
    /** Days that can be shown and compared, the newest first. */
    days: z.array(z.string()),
    /** Whether anybody within sight has ordered at all: without it nothing can be scored. */
    anybody: z.boolean(),
  }),
  refusals: {
    rfm_day_not_kept: {
      status: 404,
      zh: "这一天没有留存 RFM，请选列表里的日期。",
      en: "RFM of that day was not kept; choose one of the days listed.",
    },
  },
})
