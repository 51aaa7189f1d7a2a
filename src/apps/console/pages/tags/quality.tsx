import { Link } from "@tanstack/react-router"
import type { ConditionTree } from "../../../../kernel/tree.ts"
import { readQuality } from "../../../../modules/tags/quality/contract.ts"
import { readTagSettings, saveTagSettings } from "../../../../modules/tags/taxonomy/contract.ts"
import { PlainTable } from "../../../../ui/chart.tsx"
import { formatNumber, MISSING } from "../../../../ui/format.ts"
import { Time } from "../../../../ui/now.tsx"
import { Section, Page as Sheet } from "../../../../ui/page.tsx"
import type { Schema } from "../../../../ui/schema.ts"
import { SettingsForm } from "../../../../ui/settings-form.tsx"
import { Empty, Ready } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { call, useChange, useRead } from "../../lib/client.ts"
import { ruleWord } from "../../lib/rule-word.ts"
import { useSchemaWords } from "../../lib/schema-help.ts"
import { useSession } from "../../lib/session.tsx"
import { useCodeWord } from "../../lib/words.ts"
import { TagWays } from "./ways.tsx"

const WAITING_MS = 5_000

export function Page() {
  const { t } = useTranslation()
  const word = useCodeWord()
  const { can } = useSession()
  const query = useRead(readQuality, {}, { every_ms: (data) => (data && !data.body ? WAITING_MS : false) })
  const settings = useRead(readTagSettings, {})
  const save = useChange(saveTagSettings, ["tags"])
  const help = useSchemaWords()
  const percent = (part: number, of: number) =>
    of === 0 ? MISSING : `${Math.round((part * 1000) / of) / 10}%`
  return (
    <Sheet title={t("tag_quality.title")} purpose={t("tag_quality.purpose")}>
      <div className="stack">
        <TagWays />
        <Ready query={query}>
          {({ body, taken_at }) =>
            body === null ? (
              <div className="card">
                <Empty title={t("tag_quality.none")}>{t("tag_quality.none_text")}</Empty>
              </div>
            ) : (
              <div className="stack">
                <Section title={t("tag_quality.coverage")} extra={taken_at ? <Time at={taken_at} /> : null}>
                  {body.coverage.length === 0 ? (
                    <p className="secondary">{t("tag_quality.none_required")}</p>
                  ) : (
                    <PlainTable
                      label={t("tag_quality.coverage")}
                      head={[
                        t("tag_quality.group"),
                        t("tag_quality.share"),
                        t("tag_quality.covered"),
                        t("tag_quality.lacking"),
                      ]}
                      rows={body.coverage.map((c) => [
                        c.group,
                        percent(c.covered, body.people),
                        formatNumber(c.covered),
                        <People
                          key="people"
                          n={c.people}
                          rule={c.rule}
                          name={t("tag_quality.without", { group: c.group })}
                        />,
                      ])}
                    />
                  )}
                </Section>
                <Section title={t("tag_quality.doubtful")}>
                  <PlainTable
                    label={t("tag_quality.doubtful")}
                    head={[t("tag_quality.what"), t("tag_quality.people")]}
                    rows={[
                      [
                        t("tag_quality.stale", { n: body.stale.days }),
                        <People
                          key="stale"
                          n={body.stale.people}
                          rule={body.stale.rule}
                          name={t("tag_quality.stale", { n: body.stale.days })}
                        />,
                      ],
                      ...body.contradictions.map((c) => [
                        word("tag_contradiction", c.code),
                        <People
                          key={c.code}
                          n={c.people}
                          rule={c.rule}
                          name={word("tag_contradiction", c.code)}
                        />,
                      ]),
                    ]}
                  />
                </Section>
              </div>
            )
          }
        </Ready>
        <Ready query={settings} rows={3}>
          {(answer) => (
            <Section title={t("tag_quality.settings")}>
              <SettingsForm
                schema={answer.schema as Schema}
                settings={answer.settings}
                help={help}
                may={can("settings.write")}
                save={async (next, based_on) =>
                  (await save.mutateAsync({ body: { ...next, based_on } })).settings
                }
                read={async () => (await call(readTagSettings, {})).settings}
              />
            </Section>
          )}
        </Ready>
      </div>
    </Sheet>
  )
}

/** A number of people that leads to them: the rule, open in the builder of segments. */
function People(props: { n: number | null; rule: ConditionTree; name: string }) {
  const { t } = useTranslation()
  const { can } = useSession()
  if (props.n === null) return <span className="secondary">{t("tag_quality.uncountable")}</span>
  if (props.n === 0 || !can("segments.read")) return <>{formatNumber(props.n)}</>
  return (
    <Link to="/segments/$id" params={{ id: "new" }} search={{ rule: ruleWord(props.rule), name: props.name }}>
      {formatNumber(props.n)}
    </Link>
  )
}
