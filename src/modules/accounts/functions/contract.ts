import { z } from "zod"
import { defineEndpoint } from "../../../kernel/contract.ts"
import { FUNCTIONS } from "../rules.ts"

const functions = z.object({
  /** What it is for first of all. */
  function: z.enum(FUNCTIONS),
  /** What else it is for, in a small team; its own is not told twice. */
  also_functions: z.array(z.enum(FUNCTIONS)).max(FUNCTIONS.length),
})

const n = z.number().int()

export const readFunctions = defineEndpoint({
  id: "accounts.functions",
  method: "GET",
  path: "/api/accounts/functions",
  permission: "accounts.read",
  summary: { zh: "功能矩阵：每种功能有多少号", en: "The function matrix: accounts by what they are for" },
  answer: z.object({
    rows: z.array(
      z.object({
        function: z.enum(FUNCTIONS),
        /** Accounts that play it, be it beside another; of them in use; of those in use without a hazard. */
        accounts: n,
        in_use: n,
        usable: n,
        /** Of those in use: whose first impression was checked in every item and found good. */
        impression_good: n,
        /** How much of what an account says in seven days may sell; of those in use, how many sold more. */
        selling_percent: n,
        overselling: n,
        /** To which function it hands over. */
        hands_over_to: z.enum(FUNCTIONS).nullable(),
      }),
    ),
  }),
})

export const setFunctions = defineEndpoint({
  id: "accounts.set_functions",
  method: "POST",
  path: "/api/accounts/:id/functions",
  permission: "accounts.write",
  summary: {
    zh: "改一个账号的功能（小团队可以一号多用）",
    en: "What an account is for; in a small team several things",
  },
  params: z.object({ id: z.uuid() }),
  body: functions,
  answer: functions,
})
