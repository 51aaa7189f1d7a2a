import { z } from "zod"
import { defineEndpoint } from "../../kernel/contract.ts"
import { fileRow } from "./files/contract.ts"
import { STATES } from "./life/rules.ts"
import { NAME_MAX } from "./limits.ts"
import { FUNCTIONS } from "./rules.ts"

export { STATES } from "./life/rules.ts"
export { FUNCTIONS } from "./rules.ts"
export { SITUATIONS, type Situation } from "./scripts/rules.ts"

export const HAZARDS = ["none", "restricted", "banned", "lost"] as const

const quotas = z.object({
  friends: z.number().int(),
  private_messages: z.number().int(),
  group_messages: z.number().int(),
  moments: z.number().int(),
})

export const accountRow = z.object({
  id: z.string(),
  name: z.string(),
  function: z.enum(FUNCTIONS),
  /** What else it is for, in a small team. */
  also_functions: z.array(z.enum(FUNCTIONS)),
  channel: z.string(),
  /** The channel's own name of it; null until it is registered. */
  channel_ref: z.string().nullable(),
  state: z.enum(STATES),
  origin: z.enum(["directory", "requested", "imported"]),
  hazard: z.enum(HAZARDS),
  custodian_staff_id: z.string().nullable(),
  custodian_name: z.string().nullable(),
  /** Handed over, and the custodian has not signed yet. */
  unsigned: z.boolean(),
  nurture_level: z.number().int(),
  contacts: z.number().int(),
  quotas,
})

const params = z.object({ id: z.uuid() })

export const listAccounts = defineEndpoint({
  id: "accounts.list",
  method: "GET",
  path: "/api/accounts",
  permission: "accounts.read",
  summary: { zh: "功能账号", en: "Functional accounts" },
  query: z.object({
    state: z.enum(STATES).optional(),
    function: z.enum(FUNCTIONS).optional(),
    hazard: z.enum(HAZARDS).optional(),
    custodian_staff_id: z.uuid().optional(),
    /** Part of the name. */
    q: z.string().trim().max(NAME_MAX).optional(),
  }),
  answer: z.object({
    rows: z.array(accountRow),
    /** By state, of all that the other filters let through. */
    counts: z.record(z.enum(STATES), z.number().int()),
  }),
})

export const readAccount = defineEndpoint({
  id: "accounts.read",
  method: "GET",
  path: "/api/accounts/:id",
  permission: "accounts.read",
  summary: { zh: "一个功能账号", en: "One account" },
  params,
  answer: accountRow.extend({
    created_at: z.date(),
    state_since: z.date().nullable(),
    tended_by_name: z.string().nullable(),
    /** Where it may go from here. */
    next: z.array(z.enum(STATES)),
    agreement: fileRow.nullable(),
    /** Only for those who keep the accounts, and for whoever holds this one. */
    registration: z
      .object({
        holder_name: z.string(),
        phone_masked: z.string().nullable(),
        sim_owner: z.string(),
        device: z.string(),
        active_days_before: z.number().int(),
      })
      .nullable(),
    /** What of today's quotas is used; null where nobody counts it. */
    used: z.object({ friends: z.number().int().nullable(), private_messages: z.number().int() }),
    /** What it said in seven days that reached somebody, how much of it sold, how much may, and whether that is too much. */
    mix: z.object({
      messages: z.number().int(),
      selling: z.number().int(),
      selling_percent: z.number().int(),
      over: z.boolean(),
    }),
  }),
})
