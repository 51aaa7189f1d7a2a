import type { CallAnswer } from "../../../../kernel/client.ts"
import { readPointsSettings, savePointsSettings } from "../../../../modules/points/contract.ts"
import { PlainTable } from "../../../../ui/chart.tsx"
import { formatMoney, formatNumber, MISSING } from "../../../../ui/format.ts"
import { Section, Page as Sheet } from "../../../../ui/page.tsx"
import type { Schema } from "../../../../ui/schema.ts"
import { SettingsForm } from "../../../../ui/settings-form.tsx"
import { Ready } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { call, useChange, useRead } from "../../lib/client.ts"
import { useSchemaWords } from "../../lib/schema-help.ts"
import { useSession } from "../../lib/session.tsx"
import { useCodeWord } from "../../lib/words.ts"

type Answer = CallAnswer<typeof readPointsSettings>

export function Page() {
  const { t } = useTranslation()
  const { can } = useSession()
  const query = useRead(readPointsSettings, {})
  const save = useChange(savePointsSettings, ["points"])
  const help = useSchemaWords()
  return (
    <Sheet title={t("points.title")} purpose={t("points.purpose")}>
      <Ready query={query}>
        {(answer) => (
          <div className="grid-2">
            <Section title={t("points.settings")}>
              <SettingsForm
                schema={answer.schema as Schema}
                settings={answer.settings}
                help={help}
                may={can("settings.write")}
                save={async (settings, based_on) =>
                  (await save.mutateAsync({ body: { ...settings, based_on } })).settings
                }
                read={async () => (await call(readPointsSettings, {})).settings}
              />
            </Section>
            <Section title={t("points.budgets")}>
              <Months answer={answer} />
            </Section>
          </div>
        )}
      </Ready>
    </Sheet>
  )
}

function Months(props: { answer: Answer }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const { months } = props.answer
  if (months.length === 0) return <p className="secondary">{t("points.no_budgets")}</p>
  return (
    <PlainTable
      label={t("points.budgets")}
      head={[
        t("points.rule"),
        t("points.month"),
        t("points.given"),
        t("points.budget"),
        t("points.cost_so_far"),
      ]}
      rows={months.map((m) => [
        word("points_rule", m.rule),
        m.month,
        formatNumber(m.points),
        m.budget === null ? MISSING : formatNumber(m.budget),
        formatMoney(m.cost_fen),
      ])}
    />
  )
}
