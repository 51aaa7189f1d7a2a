import { PlainTable } from "../../../../../ui/chart.tsx"
import { formatMoney, formatNumber } from "../../../../../ui/format.ts"
import { Time } from "../../../../../ui/now.tsx"
import { Section } from "../../../../../ui/page.tsx"
import { useTranslation } from "../../../../../ui/words/use.ts"
import type { Rfm } from "./rules.ts"

/** By what customers were scored: four cut points each, the rule for ties, over which orders, and when. */
export function Cuts(props: { rfm: Rfm }) {
  const { t } = useTranslation()
  const { cuts } = props.rfm.now
  if (!cuts) return null
  const earlier = props.rfm.against?.cuts ?? null
  const rowsOf = (of: NonNullable<typeof cuts>, day: string) => [
    [t("rfm.r_days"), day, ...of.days.map((n) => t("rfm.n_days", { n: formatNumber(n) }))],
    [t("rfm.f_orders"), day, ...of.orders.map((n) => t("rfm.n_orders", { n: formatNumber(n) }))],
    [t("rfm.m_money"), day, ...of.net_fen.map((fen) => formatMoney(fen))],
  ]
  return (
    <Section
      title={t("rfm.cuts")}
      extra={
        cuts.computed_at ? (
          <span className="secondary small">
            {t("rfm.computed_at")} <Time at={cuts.computed_at} />
          </span>
        ) : null
      }
    >
      <p className="secondary small">
        {t("rfm.cuts_sentence", { day: cuts.day, n: formatNumber(cuts.customers) })}
      </p>
      <PlainTable
        label={t("rfm.cuts")}
        words={[1]}
        head={[t("rfm.figure"), t("rfm.of_day"), "20%", "40%", "60%", "80%"]}
        rows={[...rowsOf(cuts, cuts.day), ...(earlier ? rowsOf(earlier, earlier.day) : [])]}
      />
      <ul className="secondary small stack-s">
        <li>{t("rfm.tie_rule")}</li>
        <li>{t("rfm.r_mirrored")}</li>
        <li>{t("rfm.window")}</li>
      </ul>
    </Section>
  )
}
