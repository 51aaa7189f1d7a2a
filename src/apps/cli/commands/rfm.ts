import { dayString, parseDay } from "../../../kernel/day.ts"
import { computeRfm, cubeOf, RFM_RULES, rfmCsv, segmentSizes } from "../../../modules/orders/index.ts"
import { writeWhole } from "../../../platform/files/write-whole.ts"
import { type Command, type ExitCode, neededText, oneOf, text, WrongCall } from "../command.ts"

export const rfmCommand: Command = {
  name: "rfm",
  usage: "rfm --as-of YYYY-MM-DD [--rule value|r|ntile] --out FILE.csv [--json]",
  summary: "按已提交的订单计算 RFM / score recency, frequency and money from committed orders",
  options: { "as-of": { type: "string" }, rule: { type: "string" }, out: { type: "string" } },
  async run(env, values) {
    const asOf = neededText(values, "as-of")
    const day = parseDay(asOf)
    if (day === null) throw new WrongCall(`--as-of ${JSON.stringify(asOf)} is no day; write YYYY-MM-DD`)
    const rule = oneOf(values, "rule", RFM_RULES, "value")
    const out = text(values, "out")
    if (!out && !env.json) throw new WrongCall("--out is needed")
    return env.withDatabase<ExitCode>(async (db) => {
      const { base, scores } = await computeRfm(db, day, rule)
      if (out) await writeWhole(out, rfmCsv(base, scores))
      const segments = segmentSizes(base, scores)
      const cuts = scores.cuts && {
        recency_days: scores.cuts.recency.map((c) => c / 5),
        orders: scores.cuts.frequency.map((c) => c / 5),
        monetary_fen: scores.cuts.monetary.map((c) => c / 5),
      }
      env.answer(
        {
          as_of: dayString(day),
          rule,
          customers: base.count,
          out: out ?? null,
          cut_points: cuts,
          segments,
          cube: cubeOf(base, scores),
        },
        [
          `${dayString(day)} ${rule}：${base.count} 位客户 (customers)${out ? ` → ${out}` : ""}`,
          ...segments.map((s) => `${s.name}\t${s.customers}`),
        ].join("\n"),
      )
      return 0
    })
  },
}
