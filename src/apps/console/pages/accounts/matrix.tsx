import { LeftOutlined } from "@ant-design/icons"
import { Link } from "@tanstack/react-router"
import { readFunctions } from "../../../../modules/accounts/functions/contract.ts"
import { introductions } from "../../../../modules/plans/contract.ts"
import { PlainTable } from "../../../../ui/chart.tsx"
import { formatNumber, formatShare, formatTime, MISSING } from "../../../../ui/format.ts"
import { useLanguage, useNow } from "../../../../ui/now.tsx"
import { Section, Page as Sheet } from "../../../../ui/page.tsx"
import { Ready } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import { useCodeWord } from "../../lib/words.ts"

const FUNNEL = ["proposed", "introduced", "closed"] as const

/** What accounts are for, how many play each part, and how customers get from one to the next. */
export function Page() {
  const { t } = useTranslation()
  const language = useLanguage()
  const now = useNow()
  const word = useCodeWord()
  const matrix = useRead(readFunctions, {})
  const funnel = useRead(introductions, {})
  return (
    <Sheet
      title={t("matrix.title")}
      purpose={t("matrix.purpose")}
      back={
        <Link to="/accounts" className="small">
          <LeftOutlined /> {t("accounts.title")}
        </Link>
      }
    >
      <div className="stack">
        <Ready query={matrix}>
          {({ rows }) => (
            <Section title={t("matrix.functions")}>
              <PlainTable
                label={t("matrix.functions")}
                words={[1, 2, 7]}
                head={[
                  t("accounts.function"),
                  t("matrix.serves"),
                  t("matrix.does"),
                  t("matrix.accounts"),
                  t("matrix.in_use"),
                  t("matrix.impression"),
                  t("matrix.selling"),
                  t("matrix.hands_over"),
                ]}
                rows={rows.map((r) => [
                  word("account_function", r.function),
                  word("function_serves", r.function),
                  word("function_does", r.function),
                  <Link key="all" to="/accounts" search={{ function: r.function }}>
                    {formatNumber(r.accounts)}
                  </Link>,
                  r.usable === r.in_use ? (
                    formatNumber(r.in_use)
                  ) : (
                    <span key="use" className="warn">
                      {t("matrix.usable_of", { n: formatNumber(r.usable), of: formatNumber(r.in_use) })}
                    </span>
                  ),
                  t("matrix.of", { n: formatNumber(r.impression_good), of: formatNumber(r.in_use) }),
                  <span key="mix" className="stack-s">
                    {r.selling_percent < 100 ? formatShare(r.selling_percent, 100) : t("matrix.no_bound")}
                    {r.overselling > 0 ? (
                      <span className="warn">
                        {t("matrix.overselling", { n: formatNumber(r.overselling) })}
                      </span>
                    ) : null}
                  </span>,
                  r.hands_over_to ? word("account_function", r.hands_over_to) : MISSING,
                ])}
              />
            </Section>
          )}
        </Ready>
        <Ready query={funnel}>
          {({ rows, dropped_lately }) => (
            <Section title={t("matrix.funnel")}>
              {rows.length === 0 ? (
                <p className="secondary">{t("matrix.funnel_none")}</p>
              ) : (
                <PlainTable
                  label={t("matrix.funnel")}
                  head={[
                    t("matrix.to"),
                    ...FUNNEL.map((step) => t(`matrix.${step}`)),
                    t("matrix.rate"),
                    t("matrix.dropped"),
                  ]}
                  rows={rows.map((r) => [
                    word("account_function", r.function),
                    ...FUNNEL.map((step) => formatNumber(r[step])),
                    r.proposed > 0 ? formatShare(r.closed, r.proposed) : MISSING,
                    formatNumber(r.dropped),
                  ])}
                />
              )}
              <p className="secondary small">{t("matrix.funnel_hint")}</p>
              {dropped_lately.length > 0 && (
                <PlainTable
                  label={t("matrix.dropped_lately")}
                  words={[1, 2, 3, 4]}
                  head={[
                    t("matrix.customer"),
                    t("matrix.to"),
                    t("matrix.dropped_why"),
                    t("matrix.dropped_by"),
                    t("matrix.dropped_at"),
                  ]}
                  rows={dropped_lately.map((d) => [
                    <Link key="who" to="/customers/$id" params={{ id: d.customer_id }} search={{}}>
                      {d.customer_name ?? MISSING}
                    </Link>,
                    word("account_function", d.function),
                    d.reason ?? MISSING,
                    d.assignee_name ?? MISSING,
                    formatTime(d.dropped_at, now, language),
                  ])}
                />
              )}
            </Section>
          )}
        </Ready>
      </div>
    </Sheet>
  )
}
