import { z } from "zod"
import { formatYuan } from "../../kernel/money.ts"
import { defineCondition, type Offers, type TraitOffer } from "../../spine/offers/index.ts"
import { HORIZONS } from "./rules.ts"

const FEN_MAX = 10_000_000_000
const fen = z.number().int().min(0).max(FEN_MAX)
type Range = { min?: number | undefined; max?: number | undefined }

const expected = (days: number): TraitOffer => ({
  name: `value.expected_${days}`,
  kind: "number",
  label: { zh: `预计 ${days} 天内购买（百分之一次）`, en: `Purchases expected in ${days} days (hundredths)` },
  hint: {
    zh: "每晚按全公司的购买历史推算：150 表示预计买 1.5 次",
    en: "Reckoned each night from the company's orders: 150 means 1.5 purchases",
  },
})

export const offers: Offers = {
  module: "value",
  traits: [
    ...HORIZONS.map(expected),
    {
      name: "value.predicted_fen",
      kind: "number",
      label: { zh: "预计未来一年消费", en: "Expected to spend in a year" },
      unit: "fen",
      hint: {
        zh: "预计购买次数 × 预计每次金额，未减退款；是推算，不是承诺",
        en: "Purchases expected times money expected each, before refunds; an estimate",
      },
    },
  ],
  conditions: [
    defineCondition<Range>({
      name: "value.predicted_fen",
      version: 1,
      label: { zh: "预计未来一年消费", en: "Expected to spend in a year" },
      args: z
        .object({ min: fen.optional(), max: fen.optional() })
        .refine(
          ({ min, max }) =>
            (min !== undefined || max !== undefined) &&
            (min === undefined || max === undefined || min <= max),
          "an empty or upside-down range",
        ),
      compile: ({ min, max }) => ({
        trait: "value.predicted_fen",
        op: "between",
        min: min ?? null,
        max: max ?? null,
      }),
      sentence: ({ min, max }) =>
        `预计未来一年消费${min === undefined ? `不超过 ${formatYuan(max!)}` : max === undefined ? `不少于 ${formatYuan(min)}` : `${formatYuan(min)} 到 ${formatYuan(max)}`}`,
      sentence_en: ({ min, max }) =>
        `expected to spend ${min === undefined ? `at most ${formatYuan(max!)}` : max === undefined ? `at least ${formatYuan(min)}` : `${formatYuan(min)} to ${formatYuan(max)}`} in a year`,
    }),
  ],
}
