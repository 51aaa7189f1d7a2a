import { z } from "zod"
import { defineEndpoint, type RefusalTable } from "../../kernel/contract.ts"
import { SITUATIONS } from "../accounts/contract.ts"
import { explained } from "../customers/contract.ts"
import { assignmentRow } from "../plans/contract.ts"
import { ROLES, sessionUser } from "../staff/contract.ts"
import { CODE_MAX, REF_MAX, SIGN_INS_PER_ADDRESS, STATE_MAX, URL_MAX } from "./limits.ts"
import { NEXT_STEPS } from "./rules.ts"

export { NEXT_STEPS, type NextStep } from "./rules.ts"

const n = z.number().int()
/** Our page's own address, as the browser has it. */
const pageUrl = z
  .url({ protocol: /^https?$/ })
  .max(URL_MAX)
  .refine((text) => URL.canParse(text) && new URL(text).pathname === "/sidebar", "is not the sidebar's")

/** Whether somebody is still to be written to, by the account of the chat. */
export const FRIENDSHIPS = ["friend", "left_us", "removed", "transferred", "never"] as const

const customer = z.object({
  id: z.string(),
  name: z.string(),
  remark: z.string(),
  phone_masked: z.string().nullable(),
  gender: n,
  region: z.string().nullable(),
  owner_name: z.string().nullable(),
  source_code: z.string().nullable(),
  first_contact_at: z.date().nullable(),
  opted_out_at: z.date().nullable(),
  traits: z.array(explained),
  tags: z.array(
    z.object({
      tag_id: z.string(),
      name: z.string(),
      group: z.string(),
      source: z.string(),
      assigned_at: z.date(),
      /** Whoever asks may take it off. */
      may_take: z.boolean(),
    }),
  ),
  next: z.object({
    step: z.enum(NEXT_STEPS),
    /** The moment of the relationship whose scripts fit. */
    situation: z.enum(SITUATIONS).nullable(),
    assignment_id: z.string().nullable(),
  }),
  assignments: z.array(
    assignmentRow.extend({
      /** What put it on the list: a play or a send, by its name. */
      cause: z.object({ kind: z.enum(["play", "send"]), id: z.string(), name: z.string() }).nullable(),
    }),
  ),
  last_touch: z.object({ at: z.date(), text: z.string() }).nullable(),
})

/**
 * All that the page beside a chat shows, by one request. Who is not known here or is a colleague's has no more than that state: the
 * name and number in the chat are the channel's, not ours.
 */
export const readSidebar = defineEndpoint({
  id: "sidebar.read",
  method: "GET",
  path: "/api/sidebar",
  permission: "customers.read",
  summary: {
    zh: "聊天侧边栏：这位是谁、为什么、下一步、说什么，一次给全",
    en: "Beside a chat: who this is, why, what to do next and what to say, all at once",
  },
  query: z.object({
    external_userid: z.string().trim().min(1).max(REF_MAX),
    /** Whose chat it is; left out, the account of whoever asks that has this friend. */
    account_id: z.uuid().optional(),
  }),
  answer: z.object({
    state: z.enum(["known", "unknown", "out_of_scope"]),
    shop_now: z.date(),
    /** Who asks: the mark on the page, and of which tags they have the right. */
    me: z.object({ name: z.string(), role: z.enum(ROLES) }),
    may: z.object({ tag: z.boolean(), finish: z.boolean() }),
    account: z
      .object({
        id: z.string(),
        name: z.string(),
        function: z.string(),
        persona: z.object({ tone: z.string(), taboo: z.string() }).nullable(),
        /** As this customer would read them. */
        scripts: z.array(
          z.object({ id: z.string(), situation: z.enum(SITUATIONS), text: z.string(), shared: z.boolean() }),
        ),
      })
      .nullable(),
    friendship: z
      .object({ state: z.enum(FRIENDSHIPS), since: z.date().nullable(), until: z.date().nullable() })
      .nullable(),
    customer: customer.nullable(),
  }),
})

const CHANNEL_REFUSALS: RefusalTable = {
  no_client: {
    status: 409,
    zh: "没有配置企业微信应用，聊天侧边栏只能在系统里打开。",
    en: "No WeCom application is configured; the sidebar opens inside this system only.",
  },
  client_silent: {
    status: 503,
    zh: "企业微信暂时没有应答，请稍后再试。",
    en: "WeCom does not answer just now; try again shortly.",
  },
}

/** How somebody who is not signed in may come in; where the client can say who it is, a state goes along and stays in a cookie. */
export const sidebarDoor = defineEndpoint({
  id: "sidebar.door",
  method: "GET",
  path: "/api/sidebar/door",
  permission: "public",
  summary: { zh: "聊天侧边栏：怎么登录", en: "Beside a chat: how to sign in" },
  query: z.object({ back: pageUrl }),
  answer: z.object({
    /** Where the client is to be sent; null where no application is configured. */
    authorize_url: z.string().nullable(),
  }),
})

export const sidebarSignIn = defineEndpoint({
  id: "sidebar.sign_in",
  method: "POST",
  path: "/api/sidebar/session",
  permission: "public",
  per_address: SIGN_INS_PER_ADDRESS,
  summary: { zh: "聊天侧边栏：用企业微信身份登录", en: "Beside a chat: sign in as whom WeCom says it is" },
  body: z.strictObject({
    code: z.string().min(1).max(CODE_MAX),
    state: z.string().min(1).max(STATE_MAX),
  }),
  answer: z.object({ user: sessionUser }),
  refusals: {
    ...CHANNEL_REFUSALS,
    stale_state: {
      status: 401,
      zh: "这次登录已过期或不是从这里发起的，请重新打开侧边栏。",
      en: "This sign-in has expired or did not begin here; open the sidebar again.",
    },
    code_spent: {
      status: 401,
      zh: "企业微信给的登录码已失效，请重新打开侧边栏。",
      en: "The code that WeCom gave is not good any more; open the sidebar again.",
    },
    not_a_member: {
      status: 403,
      zh: "你不是本企业的成员，不能打开侧边栏。",
      en: "You are no member of this company and cannot open the sidebar.",
    },
    functional_account: {
      status: 403,
      zh: "现在登录企业微信的是功能账号，不是员工：请用你自己的登录名登录。",
      en: "WeCom is signed in as a functional account, which is nobody: sign in with your own login.",
    },
    unknown_staff: {
      status: 403,
      zh: "系统里还没有你这位员工：等通讯录同步后再试，或联系负责人。",
      en: "You are not among the staff here yet: try again after the directory has come in, or ask your lead.",
    },
    staff_disabled: {
      status: 403,
      zh: "你的员工账号已停用或正在交接，请联系负责人。",
      en: "Your access was switched off or is being handed over; ask your lead.",
    },
  },
})

const signature = z.object({ timestamp: n, nonce: z.string(), signature: z.string() })

/** By which the page may ask the client beside which chat it stands. */
export const signPage = defineEndpoint({
  id: "sidebar.sign_page",
  method: "GET",
  path: "/api/sidebar/signature",
  permission: "signed_in",
  summary: { zh: "聊天侧边栏：页面签名", en: "Beside a chat: signatures of the page" },
  query: z.object({ url: pageUrl }),
  answer: z.object({ corp_id: z.string(), agent_id: z.string(), corp: signature, agent: signature }),
  refusals: CHANNEL_REFUSALS,
})
