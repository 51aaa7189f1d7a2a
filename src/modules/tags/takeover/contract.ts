import { z } from "zod"
import { defineEndpoint } from "../../../kernel/contract.ts"

const n = z.number().int()

export const readTakeover = defineEndpoint({
  id: "tags.takeover",
  method: "GET",
  path: "/api/accounts/:id/takeover",
  permission: "tags.read",
  summary: {
    zh: "接手账号：标签分布和最有价值的客户",
    en: "Taking an account over: its tags and its most valuable customers",
  },
  params: z.object({ id: z.uuid() }),
  answer: z.object({
    account: z.string(),
    /** Its friends, as far as they may be seen. */
    people: n,
    tagged: n,
    tags: z.array(z.object({ tag_id: z.string(), name: z.string(), group: z.string(), people: n })),
    valuable: z.array(
      z.object({
        customer_id: z.string(),
        name: z.string(),
        gmv_fen: n,
        tags: z.array(z.string()),
      }),
    ),
  }),
})
