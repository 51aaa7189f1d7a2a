import { z } from "zod"
import { dayNumber } from "../../kernel/day.ts"
import { formatYuan } from "../../kernel/money.ts"
import {
  type ConditionOffer,
  defineCondition,
  type Offers,
  type TraitOffer,
} from "../../spine/offers/index.ts"
import { orderCancelled, orderExtended, orderPaid, orderRefunded, productKind } from "./events.ts"
import { FEN_MAX } from "./limits.ts"
import { rfmReasons } from "./rfm/reasons.ts"
import { SEGMENT_WORDS, type SegmentCode } from "./rfm/rules.ts"
import { measures } from "./store-measures.ts"
import { judgedOf } from "./store-traits.ts"

const trait = (
  name: string,
  kind: TraitOffer["kind"],
  zh: string,
  en: string,
  unit?: TraitOffer["unit"],
): TraitOffer => ({
  name: `orders.${name}`,
  kind,
  label: { zh, en },
  ...(unit ? { unit } : {}),
})

const codes = Object.keys(SEGMENT_WORDS) as [SegmentCode, ...SegmentCode[]]

const traits: TraitOffer[] = [
  { ...trait("count", "number", "订单数", "Orders", "times"), listed: true },
  trait("goods_count", "number", "正价订单数", "Orders beyond lead products", "times"),
  { ...trait("gmv_fen", "number", "累计成交额", "Money paid", "fen"), listed: true },
  trait("net_fen", "number", "累计净额", "Money paid less refunds", "fen"),
  trait("first_day", "day", "首单日期", "First order"),
  { ...trait("last_day", "day", "最近购买日期", "Last order"), listed: true },
  trait("goods_first_day", "day", "首次正价购买日期", "First order beyond lead products"),
  trait("goods_last_day", "day", "最近正价购买日期", "Last order beyond lead products"),
  trait("products", "number", "买过的商品种数", "Different products bought, lead products aside"),
  trait("last_paid_fen", "number", "最近一单金额", "Money of the last order", "fen"),
  trait("rfm_r", "number", "RFM 近度分", "RFM recency score"),
  trait("rfm_f", "number", "RFM 频度分", "RFM frequency score"),
  trait("rfm_m", "number", "RFM 金额分", "RFM money score"),
  {
    ...trait("rfm_segment", "text", "RFM 分群", "RFM segment"),
    values: SEGMENT_WORDS,
  },
]

const count = z.number().int().min(0).max(1_000_000)
const fen = z.number().int().min(-FEN_MAX).max(FEN_MAX)
const days = z.number().int().min(0).max(36_500)
const score = z.number().int().min(1).max(5)
const ordered = (range: { min?: number | undefined; max?: number | undefined }) =>
  (range.min !== undefined || range.max !== undefined) &&
  (range.min === undefined || range.max === undefined || range.min <= range.max)
const rangeOf = <T extends z.ZodNumber>(one: T) =>
  z.object({ min: one.optional(), max: one.optional() }).refine(ordered, "an empty or upside-down range")

type Range = { min?: number | undefined; max?: number | undefined }
const zh = ({ min, max }: Range, word: (n: number) => string) =>
  min === undefined
    ? `不超过 ${word(max!)}`
    : max === undefined
      ? `不少于 ${word(min)}`
      : `${word(min)} 到 ${word(max)}`
const en = ({ min, max }: Range, word: (n: number) => string) =>
  min === undefined
    ? `at most ${word(max!)}`
    : max === undefined
      ? `at least ${word(min)}`
      : `${word(min)} to ${word(max)}`

function numberCondition<T extends z.ZodNumber>(
  name: string,
  of: { zh: string; en: string },
  one: T,
  word: { zh: (n: number) => string; en: (n: number) => string },
): ConditionOffer {
  return defineCondition<Range>({
    name: `orders.${name}`,
    version: 1,
    label: of,
    args: rangeOf(one),
    compile: ({ min, max }) => ({
      trait: `orders.${name}`,
      op: "between",
      min: min ?? null,
      max: max ?? null,
    }),
    sentence: (range) => `${of.zh}${zh(range, word.zh)}`,
    sentence_en: (range) => `${of.en.toLowerCase()} ${en(range, word.en)}`,
  })
}

const times = { zh: (n: number) => `${n} 次`, en: (n: number) => String(n) }
const kinds = { zh: (n: number) => `${n} 种`, en: (n: number) => String(n) }
const money = { zh: formatYuan, en: formatYuan }
const plain = { zh: (n: number) => `${n} 分`, en: (n: number) => String(n) }

export const offers: Offers = {
  module: "orders",
  async reasons(q, customer_id, now) {
    const judged = await judgedOf(q, customer_id, dayNumber(now))
    return judged ? rfmReasons(judged, dayNumber(now)) : {}
  },
  facts: [
    {
      type: orderPaid.type,
      label: { zh: "下单付款", en: "Paid an order" },
      fields: {
        lead_only: {
          label: { zh: "买了什么", en: "Of what" },
          values: {
            true: { zh: "只有引流品", en: "lead products only" },
            false: { zh: "不只引流品", en: "more than lead products" },
          },
        },
      },
    },
    { type: orderExtended.type, label: { zh: "订单补充商品", en: "More lines of an order" } },
    { type: orderRefunded.type, label: { zh: "退款", en: "Refunded" } },
    { type: orderCancelled.type, label: { zh: "取消订单", en: "Order cancelled" } },
  ],
  traits,
  conditions: [
    defineCondition<Range>({
      name: "orders.last_days_ago",
      version: 1,
      label: { zh: "最近一次购买在多少天前", en: "Days since the last order" },
      args: rangeOf(days),
      // Days ago count backwards: at least 60 days ago is at most the day 60 days back.
      compile: ({ min, max }, { day }) => ({
        trait: "orders.last_day",
        op: "between",
        min: max === undefined ? null : day - max,
        max: min === undefined ? null : day - min,
      }),
      sentence: ({ min, max }) =>
        min === undefined
          ? `最近 ${max} 天内买过`
          : max === undefined
            ? `最近一次购买在 ${min} 天以前`
            : `最近一次购买在 ${min}–${max} 天前`,
      sentence_en: ({ min, max }) =>
        min === undefined
          ? `bought within ${max} days`
          : max === undefined
            ? `last bought ${min} days ago or longer`
            : `last bought ${min}–${max} days ago`,
    }),
    numberCondition("count", { zh: "订单数", en: "Orders" }, count, times),
    numberCondition("goods_count", { zh: "正价订单数", en: "Orders beyond lead products" }, count, times),
    numberCondition("products", { zh: "买过的商品种数", en: "Different products" }, count, kinds),
    numberCondition("gmv_fen", { zh: "累计成交额", en: "Money paid" }, fen, money),
    numberCondition("net_fen", { zh: "累计净额", en: "Money paid less refunds" }, fen, money),
    numberCondition("last_paid_fen", { zh: "最近一单金额", en: "Money of the last order" }, fen, money),
    numberCondition("rfm_r", { zh: "RFM 近度", en: "RFM recency" }, score, plain),
    numberCondition("rfm_f", { zh: "RFM 频度", en: "RFM frequency" }, score, plain),
    numberCondition("rfm_m", { zh: "RFM 金额", en: "RFM money" }, score, plain),
    defineCondition<{ segments: SegmentCode[] }>({
      name: "orders.rfm_segment",
      version: 1,
      label: { zh: "RFM 分群", en: "RFM segment" },
      args: z.object({ segments: z.array(z.enum(codes)).min(1) }),
      compile: ({ segments }) => ({ trait: "orders.rfm_segment", op: "in", values: segments }),
      sentence: ({ segments }) => `RFM 属于${segments.map((s) => SEGMENT_WORDS[s].zh).join("、")}`,
      sentence_en: ({ segments }) =>
        `RFM segment is ${segments.map((s) => SEGMENT_WORDS[s].en).join(" or ")}`,
    }),
    defineCondition<{
      by: "sku" | "category" | "kind"
      values: string[]
      within_days?: number | undefined
      times: number
    }>({
      name: "orders.bought",
      version: 1,
      label: { zh: "买过某商品、类目或类型", en: "Bought a product, category or kind" },
      args: z
        .object({
          by: z.enum(["sku", "category", "kind"]),
          values: z.array(z.string().min(1).max(100)).min(1).max(50),
          within_days: days.optional(),
          times: z.number().int().min(1).max(1_000).default(1),
        })
        .refine((a) => a.by !== "kind" || a.values.every((v) => productKind.safeParse(v).success), {
          path: ["values"],
          message: "no such kind of product",
        }),
      compile: ({ by, values, within_days, times }, { day }) => ({
        view: "orders_bought",
        where: [
          { column: by, op: "in", values },
          ...(within_days === undefined
            ? []
            : [{ column: "day", op: "between" as const, min: day - within_days, max: null }]),
        ],
        at_least: { of: "count", min: times },
      }),
      sentence: ({ by, values, within_days, times }) =>
        `${within_days === undefined ? "" : `最近 ${within_days} 天`}买过${{ sku: "商品", category: "类目", kind: "类型" }[by]} ${values.join("、")}${times > 1 ? ` 不少于 ${times} 次` : ""}`,
      sentence_en: ({ by, values, within_days, times }) =>
        `bought ${by} ${values.join(" or ")}${times > 1 ? ` at least ${times} times` : ""}${within_days === undefined ? "" : ` within ${within_days} days`}`,
    }),
  ],
  views: [
    {
      name: "orders_bought",
      columns: {
        day: "number",
        sku: "text",
        name: "text",
        category: "text",
        kind: "text",
        qty: "number",
        fen: "number",
      },
    },
  ],
  measures,
}
