import { z } from "zod"
import { defineEndpoint } from "../../../kernel/contract.ts"
import { QUOTA_DEFAULTS } from "../rules.ts"

const count = (max: number) => z.number().int().min(0).max(max)
const share = z.number().int().min(0).max(100)

/** What a team may set about its accounts; the page is drawn from it. */
export const accountsSettings = z.object({
  ready_level: z
    .number()
    .int()
    .min(0)
    .max(5)
    .default(1)
    .meta({
      label: { zh: "达到几级才能待用", en: "Level from which an account is ready" },
      hint: { zh: "每级是 30 个活跃天；1 级约一个月", en: "A level is 30 active days; 1 is about a month" },
    }),
  small_team: z
    .boolean()
    .default(false)
    .meta({
      label: { zh: "小团队：允许自己检查自己", en: "Small team: people may check themselves" },
      hint: {
        zh: "关闭时，起号、养号、盘号、还号都不能由保管人自己做；打开后会标记为自查",
        en: "Off: nobody starts, nurtures, counts or takes back what they hold; on, it is marked as self-checked",
      },
    }),
  friends_base: count(1_000)
    .default(QUOTA_DEFAULTS.friends_base)
    .meta({ label: { zh: "新号每日加好友", en: "Friends a new account may add a day" } }),
  friends_step: count(1_000)
    .default(QUOTA_DEFAULTS.friends_step)
    .meta({ label: { zh: "每升一级多加", en: "More for each level" } }),
  private_messages: count(10_000)
    .default(QUOTA_DEFAULTS.private_messages)
    .meta({ label: { zh: "每日私聊", en: "Private messages a day" } }),
  group_messages: count(10_000)
    .default(QUOTA_DEFAULTS.group_messages)
    .meta({ label: { zh: "每日群发", en: "Group messages a day" } }),
  moments: count(100)
    .default(QUOTA_DEFAULTS.moments)
    .meta({ label: { zh: "每日朋友圈", en: "Moments a day" } }),
  active_items: z
    .number()
    .int()
    .min(1)
    .max(8)
    .default(3)
    .meta({
      label: { zh: "完成几项算活跃一天", en: "Items that make a day active" },
      hint: { zh: "养号清单共 8 项", en: "The nurture list has 8" },
    }),
  agreement_days: z
    .number()
    .int()
    .min(1)
    .max(365)
    .default(30)
    .meta({ label: { zh: "补归属协议的期限", en: "Time to bring a missing agreement" }, unit: "days" }),
  finding_days: z
    .number()
    .int()
    .min(1)
    .max(365)
    .default(7)
    .meta({ label: { zh: "盘点问题的处理期限", en: "Time to settle what a stocktake found" }, unit: "days" }),
  friends_tolerance_percent: share
    .default(5)
    .meta({ label: { zh: "好友数允许相差（%）", en: "Friends may differ by (%)" } }),
  backup_days: z
    .number()
    .int()
    .min(1)
    .max(365)
    .default(31)
    .meta({ label: { zh: "聊天备份最长间隔", en: "Longest time between chat backups" }, unit: "days" }),
  selling_percent_ip: share.default(20).meta({
    label: { zh: "IP 号每周营销内容上限（%）", en: "Selling posts of an IP account a week (%)" },
  }),
  selling_percent_sales: share.default(100).meta({
    label: { zh: "成交号每周营销内容上限（%）", en: "Selling posts of a sales account a week (%)" },
  }),
  selling_percent_member: share.default(100).meta({
    label: { zh: "会员号每周营销内容上限（%）", en: "Selling posts of a member account a week (%)" },
  }),
  selling_percent_agent: share.default(100).meta({
    label: { zh: "代理号每周营销内容上限（%）", en: "Selling posts of an agent account a week (%)" },
  }),
})
export type AccountsSettings = z.output<typeof accountsSettings>

const answer = z.object({ settings: accountsSettings, schema: z.record(z.string(), z.unknown()) })

export const readAccountsSettings = defineEndpoint({
  id: "accounts.settings",
  method: "GET",
  path: "/api/accounts/settings",
  permission: "accounts.read",
  summary: { zh: "账号规则：额度、期限、自查", en: "Rules of accounts: quotas, times, who may check" },
  answer,
})

export const saveAccountsSettings = defineEndpoint({
  id: "accounts.save_settings",
  method: "PUT",
  path: "/api/accounts/settings",
  permission: "settings.write",
  summary: { zh: "修改账号规则", en: "Change the rules of accounts" },
  body: accountsSettings.extend({ based_on: accountsSettings.optional() }),
  answer,
  refusals: {
    version_changed: {
      status: 409,
      zh: "别人刚刚改过这些规则，请看看再存。",
      en: "Somebody has changed these rules meanwhile; look at them and save again.",
    },
  },
})
