import { z } from "zod"
import { defineEndpoint } from "../../../kernel/contract.ts"
import { SCRIPT_LETTERS_MAX } from "../limits.ts"
import { SITUATIONS } from "./rules.ts"

export { SCRIPT_LETTERS_MAX } from "../limits.ts"
export { SITUATIONS, type Situation } from "./rules.ts"

const params = z.object({ id: z.uuid() })

const script = z.object({
  id: z.string(),
  situation: z.enum(SITUATIONS),
  /** `{{name}}` stands for the customer. */
  text: z.string(),
  /** Every account of the function says it. */
  shared: z.boolean(),
  /** For people who wear this tag; null: for everybody. */
  persona_tag_id: z.string().nullable(),
  made_by_name: z.string().nullable(),
  made_at: z.date(),
})
const answer = z.object({ rows: z.array(script) })

const refusals = {
  unknown_variable: {
    status: 400,
    zh: "话术里只能用 {{称呼}} 代表客户的名字。",
    en: "A script may only use {{name}}, for the customer's name.",
  },
  too_many_scripts: {
    status: 409,
    zh: "话术条数已到上限。",
    en: "There are as many scripts as there may be.",
  },
} as const

export const listScripts = defineEndpoint({
  id: "accounts.scripts",
  method: "GET",
  path: "/api/accounts/:id/scripts",
  permission: "accounts.read",
  summary: {
    zh: "账号的话术：自己的，和同功能账号共用的",
    en: "What an account says: its own lines and those that its function shares",
  },
  params,
  answer,
})

export const addScript = defineEndpoint({
  id: "accounts.add_script",
  method: "POST",
  path: "/api/accounts/:id/scripts",
  permission: "accounts.write",
  summary: { zh: "写一条话术，或用新的替换旧的", en: "Add a script, or put a new one in an old one's place" },
  params,
  body: z.strictObject({
    situation: z.enum(SITUATIONS),
    text: z.string().trim().min(1).max(SCRIPT_LETTERS_MAX),
    shared: z.boolean().default(false),
    /** A tag of the persona groups: the line is for people who wear it. */
    persona_tag_id: z.uuid().nullable().default(null),
    /** The line that goes out of use with it. */
    replaces: z.uuid().nullable().default(null),
  }),
  answer,
  refusals,
})

export const dropScript = defineEndpoint({
  id: "accounts.drop_script",
  method: "POST",
  path: "/api/accounts/:id/scripts/:script_id/retire",
  permission: "accounts.write",
  summary: { zh: "停用一条话术", en: "Take a script out of use" },
  params: z.object({ id: z.uuid(), script_id: z.uuid() }),
  body: z.strictObject({}),
  answer,
})
