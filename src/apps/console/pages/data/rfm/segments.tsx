import { Link } from "@tanstack/react-router"
import { PlainTable } from "../../../../../ui/chart.tsx"
import { formatMoney, formatNumber, formatShare } from "../../../../../ui/format.ts"
import { Section } from "../../../../../ui/page.tsx"
import { useTranslation } from "../../../../../ui/words/use.ts"
import { ruleWord } from "../../../lib/rule-word.ts"
import { useSay } from "../../../lib/words.ts"
import { Change } from "./change.tsx"
import { type Rfm, segmentRule } from "./rules.ts"

/** The eight segments: who they are, how many, what they brought; each name leads to its people. */
export function Segments(props: { rfm: Rfm }) {
  const { t } = useTranslation()
  const say = useSay()
  const { segments } = props.rfm.now
  const before = new Map(props.rfm.against?.segments.map((one) => [one.code, one]))
  const people = segments.reduce((sum, one) => sum + one.customers, 0)
  const money = segments.reduce((sum, one) => sum + one.gmv_fen, 0)
  const compared = props.rfm.against !== null
  return (
    <Section title={t("rfm.segments")}>
      <p className="secondary small">{t("rfm.segments_sentence")}</p>
      <PlainTable
        label={t("rfm.segments")}
        words={[1]}
        head={[
          t("rfm.segment"),
          t("rfm.who"),
          t("rfm.people"),
          t("rfm.share"),
          ...(compared ? [t("rfm.people_change")] : []),
          t("rfm.gmv"),
          t("rfm.gmv_share"),
          ...(compared ? [t("rfm.gmv_change")] : []),
          t("rfm.average"),
        ]}
        rows={segments.map((one) => {
          const earlier = before.get(one.code)
          return [
            <Link
              key="name"
              to="/segments/$id"
              params={{ id: "new" }}
              search={{ rule: ruleWord(segmentRule(one.code)), name: say(one.label) }}
            >
              {say(one.label)}
            </Link>,
            t(`rfm.is_${one.code as "111"}`),
            formatNumber(one.customers),
            formatShare(one.customers, people),
            ...(compared ? [<Change key="people" now={one.customers} before={earlier?.customers} />] : []),
            formatMoney(one.gmv_fen),
            formatShare(one.gmv_fen, money),
            ...(compared ? [<Change key="money" now={one.gmv_fen} before={earlier?.gmv_fen} money />] : []),
            one.customers > 0 ? formatMoney(Math.round(one.gmv_fen / one.customers)) : formatMoney(null),
          ]
        })}
      />
    </Section>
  )
}
