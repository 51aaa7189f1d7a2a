import type { CallAnswer } from "../../../../kernel/client.ts"
import { dayString } from "../../../../kernel/day.ts"
import type { previewSend } from "../../../../modules/sends/contract.ts"
import { PlainTable } from "../../../../ui/chart.tsx"
import { formatNumber, formatShare, formatTime, MISSING } from "../../../../ui/format.ts"
import { useLanguage, useNow } from "../../../../ui/now.tsx"
import { Section } from "../../../../ui/page.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useCodeWord } from "../../lib/words.ts"

export type DryRun = CallAnswer<typeof previewSend>

/** What a send would do, before it does it: who is reached, who is not and why, how long it takes. */
export function DryRunReport(props: { run: DryRun }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const now = useNow()
  const language = useLanguage()
  const { run } = props
  const nameOf = new Map(run.accounts.map((a) => [a.account_id, a.name]))
  return (
    <div className="stack">
      <Section title={t("sends.reached", { n: formatNumber(run.reached) })}>
        <p className="secondary">{t("sends.people", { n: formatNumber(run.people) })}</p>
        {run.moved_by_quiet_hours ? (
          <p className="warn">{t("sends.moved", { at: formatTime(run.starts_at, now, language) })}</p>
        ) : null}
        {run.by_hand > 0 ? (
          <p className="warn">{t("sends.by_hand", { n: formatNumber(run.by_hand) })}</p>
        ) : null}
      </Section>
      {run.overselling.length > 0 ? (
        <Section title={t("sends.overselling")}>
          <p className="warn">{t("sends.overselling_text")}</p>
          <PlainTable
            label={t("sends.overselling")}
            head={[t("sends.account_name"), t("sends.sells_after"), t("sends.may_sell")]}
            rows={run.overselling.map((one) => [
              nameOf.get(one.account_id) ?? MISSING,
              formatShare(one.selling, one.messages),
              formatShare(one.selling_percent, 100),
            ])}
          />
        </Section>
      ) : null}
      <Section title={t("sends.left_out")}>
        {run.left_out.length === 0 ? (
          <p className="secondary">{t("sends.nobody_left_out")}</p>
        ) : (
          <PlainTable
            label={t("sends.left_out")}
            head={[t("sends.reason"), t("sends.count")]}
            rows={run.left_out.map((one) => [word("left_out", one.reason), formatNumber(one.people)])}
          />
        )}
      </Section>
      <Section title={t("sends.days")}>
        <PlainTable
          label={t("sends.days")}
          head={[t("sends.day"), t("sends.count"), t("sends.parcels")]}
          rows={run.days.map((one) => [
            dayString(one.day),
            formatNumber(one.people),
            formatNumber(one.parcels),
          ])}
        />
      </Section>
      <Section title={t("sends.accounts")}>
        <PlainTable
          label={t("sends.accounts")}
          head={[
            t("sends.account_name"),
            t("sends.count"),
            t("sends.quota"),
            t("sends.used"),
            t("sends.parcels"),
          ]}
          rows={run.accounts.map((one) => [
            one.name,
            formatNumber(one.people),
            formatNumber(one.quota),
            formatNumber(one.used),
            formatNumber(one.parcels),
          ])}
        />
      </Section>
    </div>
  )
}
