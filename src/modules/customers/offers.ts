import { z } from "zod"
import { defineCondition, type Offers } from "../../spine/offers/index.ts"
import { accountsById } from "../accounts/index.ts"
import { staffNames } from "../staff/index.ts"
import {
  contactAdded,
  contactRemoved,
  customersMerged,
  customersParted,
  ownerChanged,
  profileChanged,
} from "./events.ts"

const days = z.number().int().min(0).max(36_500)
const texts = z.array(z.string().trim().min(1).max(60)).min(1).max(50)
const GENDERS = {
  unknown: { zh: "未知", en: "unknown" },
  male: { zh: "男", en: "male" },
  female: { zh: "女", en: "female" },
}
type Gender = keyof typeof GENDERS

export const offers: Offers = {
  module: "customers",
  facts: [
    {
      type: contactAdded.type,
      label: { zh: "加为好友", en: "Became a contact" },
      fields: {
        first: {
          label: { zh: "是不是第一次", en: "For the first time or not" },
          values: {
            true: { zh: "第一次加我们", en: "for the first time" },
            false: { zh: "之前加过别的账号", en: "known to another account before" },
          },
        },
        account_id: { label: { zh: "加的账号", en: "Account" }, kind: "account" },
      },
    },
    {
      type: contactRemoved.type,
      label: { zh: "删除好友", en: "Contact ended" },
      fields: {
        by: {
          label: { zh: "谁删的", en: "By whom" },
          values: {
            customer: { zh: "客户删的", en: "by the customer" },
            staff: { zh: "员工删的", en: "by staff" },
            transfer: { zh: "因为交接", en: "by a transfer" },
          },
        },
        account_id: { label: { zh: "哪个账号", en: "Account" }, kind: "account" },
      },
    },
    { type: profileChanged.type, label: { zh: "资料变化", en: "Profile changed" } },
    { type: ownerChanged.type, label: { zh: "换了负责人", en: "Owner changed" } },
    { type: customersMerged.type, label: { zh: "合并了重复客户", en: "Merged with a duplicate" } },
    { type: customersParted.type, label: { zh: "合并已撤销", en: "A merge was undone" } },
  ],
  traits: [
    { name: "customers.region", kind: "text", label: { zh: "地区", en: "Region" } },
    { name: "customers.source_code", kind: "text", label: { zh: "来源", en: "Source" } },
    { name: "customers.gender", kind: "text", label: { zh: "性别", en: "Gender" }, values: GENDERS },
    { name: "customers.owner", kind: "text", label: { zh: "负责人", en: "Owner" } },
    { name: "customers.friend_since_day", kind: "day", label: { zh: "成为好友", en: "Friend since" } },
    { name: "customers.accounts", kind: "tags", label: { zh: "所加账号", en: "Friend of accounts" } },
    { name: "customers.opted_out", kind: "boolean", label: { zh: "已退订", en: "Opted out" } },
  ],
  names: [
    {
      kind: "staff",
      lookup: async (q, ids) =>
        new Map([...(await staffNames(q, [...ids]))].map(([id, name]) => [id, { name }])),
    },
    {
      kind: "account",
      lookup: async (q, ids) =>
        new Map((await accountsById(q, [...ids])).map((a) => [a.id, { name: a.name }])),
    },
  ],
  conditions: [
    defineCondition({
      name: "customers.region_is",
      version: 1,
      label: { zh: "地区是", en: "Region is" },
      args: z.strictObject({ regions: texts }),
      compile: ({ regions }) => ({ trait: "customers.region", op: "in", values: regions }),
      sentence: ({ regions }) => `地区是${regions.join("或")}`,
      sentence_en: ({ regions }) => `region is ${regions.join(" or ")}`,
      sentence_not: ({ regions }) => `地区不是${regions.join("或")}`,
      sentence_not_en: ({ regions }) => `region is not ${regions.join(" or ")}`,
    }),
    defineCondition({
      name: "customers.source_is",
      version: 1,
      label: { zh: "来源是", en: "Came by the source" },
      args: z.strictObject({ sources: texts }),
      compile: ({ sources }) => ({ trait: "customers.source_code", op: "in", values: sources }),
      sentence: ({ sources }) => `来自「${sources.join("」或「")}」`,
      sentence_en: ({ sources }) => `came by ${sources.join(" or ")}`,
      sentence_not: ({ sources }) => `不是来自「${sources.join("」或「")}」`,
      sentence_not_en: ({ sources }) => `did not come by ${sources.join(" or ")}`,
    }),
    defineCondition({
      name: "customers.gender_is",
      version: 1,
      label: { zh: "性别是", en: "Gender is" },
      args: z.strictObject({ gender: z.enum(Object.keys(GENDERS) as [Gender, ...Gender[]]) }),
      compile: ({ gender }) => ({ trait: "customers.gender", op: "is", value: gender }),
      sentence: ({ gender }) => `性别${GENDERS[gender].zh}`,
      sentence_en: ({ gender }) => `gender ${GENDERS[gender].en}`,
    }),
    defineCondition({
      name: "customers.owner_is",
      version: 1,
      label: { zh: "负责人是", en: "Looked after by" },
      args: z.strictObject({
        staff_ids: z
          .array(z.uuid().meta({ kind: "staff" }))
          .min(1)
          .max(50),
      }),
      refs: ({ staff_ids }) => staff_ids.map((id) => ({ kind: "staff", id })),
      compile: ({ staff_ids }) => ({ trait: "customers.owner", op: "in", values: staff_ids }),
      sentence: ({ staff_ids }, names) => `由${staff_ids.map((id) => names.of("staff", id)).join("或")}负责`,
      sentence_en: ({ staff_ids }, names) =>
        `looked after by ${staff_ids.map((id) => names.of("staff", id)).join(" or ")}`,
    }),
    defineCondition({
      name: "customers.friend_of",
      version: 1,
      label: { zh: "是账号的好友", en: "Friend of an account" },
      args: z.strictObject({
        account_ids: z
          .array(z.uuid().meta({ kind: "account" }))
          .min(1)
          .max(50),
      }),
      refs: ({ account_ids }) => account_ids.map((id) => ({ kind: "account", id })),
      compile: ({ account_ids }) => ({ trait: "customers.accounts", op: "in", values: account_ids }),
      sentence: ({ account_ids }, names) =>
        `是${account_ids.map((id) => `「${names.of("account", id)}」`).join("或")}的好友`,
      sentence_en: ({ account_ids }, names) =>
        `friend of ${account_ids.map((id) => names.of("account", id)).join(" or ")}`,
      sentence_not: ({ account_ids }, names) =>
        `不是${account_ids.map((id) => `「${names.of("account", id)}」`).join("或")}的好友`,
      sentence_not_en: ({ account_ids }, names) =>
        `not a friend of ${account_ids.map((id) => names.of("account", id)).join(" or ")}`,
    }),
    defineCondition({
      name: "customers.friend_days",
      version: 1,
      label: { zh: "成为好友的天数", en: "Days since becoming a friend" },
      args: z.strictObject({ min: days, max: days }).refine((a) => a.min <= a.max, "an upside-down range"),
      compile: ({ min, max }, { day }) => ({
        trait: "customers.friend_since_day",
        op: "between",
        min: day - max,
        max: day - min,
      }),
      sentence: ({ min, max }) => `成为好友 ${min}–${max} 天`,
      sentence_en: ({ min, max }) => `a friend for ${min}–${max} days`,
    }),
    defineCondition({
      name: "customers.is_friend",
      version: 1,
      label: { zh: "是好友", en: "Is a friend" },
      args: z.strictObject({}),
      compile: () => ({ trait: "customers.accounts", op: "known" }),
      sentence: () => "是好友",
      sentence_en: () => "is a friend",
      sentence_not: () => "不是任何账号的好友",
      sentence_not_en: () => "is no friend of any account",
    }),
    defineCondition({
      name: "customers.opted_out",
      version: 1,
      label: { zh: "已退订", en: "Opted out" },
      args: z.strictObject({}),
      compile: () => ({ trait: "customers.opted_out", op: "is", value: true }),
      sentence: () => "已退订",
      sentence_en: () => "has opted out",
      sentence_not: () => "未退订",
      sentence_not_en: () => "has not opted out",
    }),
  ],
}
