import { z } from "zod"
import { defineEndpoint, pageOf, pageQuery } from "../../../kernel/contract.ts"
import { cursorOf } from "../../../kernel/cursor.ts"
import { LAYERS } from "../layers/rules.ts"
import { REASON_MAX } from "../limits.ts"
import { STAGES } from "../shared.ts"

const n = z.number().int()
const median = n.nullable()
const row = z.object({
  key: z.string().nullable(),
  /** The operator's name, or the source's word; empty where nobody or nothing is known. */
  name: z.string(),
  people: n,
  customers: n,
  members: n,
  partners: n,
  to_customer: median,
  to_member: median,
  to_partner: median,
})

export const readLadder = defineEndpoint({
  id: "classes.ladder",
  method: "GET",
  path: "/api/classes/ladder",
  permission: "customers.read",
  summary: {
    zh: "客户阶梯：各步人数与中位天数，合计、按来源、按负责人",
    en: "The ladder: people and median days a step, altogether, by source and by operator",
  },
  answer: z.object({
    as_of: z.date(),
    all: row,
    sources: z.array(row),
    operators: z.array(row),
    /** The pyramid of the last night, head first; empty before the first. */
    layers: z.array(z.object({ layer: z.enum(LAYERS), customers: n, gmv_fen: n })),
    /** Questions about a step down that wait for somebody. */
    open: n,
  }),
})

export const stepDownCursor = cursorOf({ id: z.uuid() })

export const listStepDowns = defineEndpoint({
  id: "classes.step_downs",
  method: "GET",
  path: "/api/classes/step-downs",
  permission: "customers.read",
  summary: { zh: "待定与已定的降级建议", en: "Steps down that are proposed, and what was decided" },
  query: pageQuery(stepDownCursor).extend({
    state: z.enum(["open", "accepted", "declined", "lapsed"]).default("open"),
  }),
  answer: pageOf(
    z.object({
      id: z.string(),
      customer_id: z.string(),
      customer_name: z.string(),
      from_stage: z.enum(STAGES),
      to_stage: z.enum(STAGES),
      why: z.record(z.string(), z.unknown()),
      state: z.enum(["open", "accepted", "declined", "lapsed"]),
      proposed_at: z.date(),
      decided_at: z.date().nullable(),
      decided_by_name: z.string().nullable(),
      reason: z.string().nullable(),
    }),
  ),
})

export const decideStepDownEndpoint = defineEndpoint({
  id: "classes.decide_step_down",
  method: "POST",
  path: "/api/classes/step-downs/:id",
  permission: "customers.write",
  summary: { zh: "同意或不同意一条降级建议", en: "Accept or decline a step down" },
  params: z.object({ id: z.uuid() }),
  body: z.strictObject({ accept: z.boolean(), reason: z.string().trim().max(REASON_MAX).default("") }),
  answer: z.object({ id: z.string(), stage: z.enum(STAGES) }),
  refusals: {
    already_decided: {
      status: 409,
      zh: "这条建议已经有结论，或客户又买了、不用再定。",
      en: "This was decided already, or settled itself by a new order.",
    },
  },
})
