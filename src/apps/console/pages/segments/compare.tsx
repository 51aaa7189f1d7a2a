import { LeftOutlined } from "@ant-design/icons"
import { Link } from "@tanstack/react-router"
import { Button, Select } from "antd"
import { useId } from "react"
import type { CallAnswer } from "../../../../kernel/client.ts"
import { compareSegments } from "../../../../modules/segments/compare/contract.ts"
import { listSegments } from "../../../../modules/segments/contract.ts"
import { PlainTable } from "../../../../ui/chart.tsx"
import { formatNumber, formatShare } from "../../../../ui/format.ts"
import { Time } from "../../../../ui/now.tsx"
import { Section, Page as Sheet } from "../../../../ui/page.tsx"
import { Ready } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import { ruleWord } from "../../lib/rule-word.ts"
import { useAddress } from "../../lib/search.ts"
import { useSession } from "../../lib/session.tsx"
import { useSay } from "../../lib/words.ts"

type Answer = CallAnswer<typeof compareSegments>
const PARTS = ["only_a", "both", "only_b"] as const
const NAME_MAX = 40

/** Two segments side by side: how many they share, and each part as the start of a segment of its own. */
export function Page() {
  const { t } = useTranslation()
  const [{ a, b }, change] = useAddress()
  const both = Boolean(a && b && a !== b)
  const query = useRead(compareSegments, { query: { a: a ?? "", b: b ?? "" } }, { enabled: both })
  return (
    <Sheet
      title={t("compare.title")}
      purpose={t("compare.purpose")}
      back={
        <Link to="/segments" className="small">
          <LeftOutlined /> {t("segments.back")}
        </Link>
      }
    >
      <div className="stack">
        <div className="row">
          <Choice label={t("compare.a")} value={a} not={b} onChange={(id) => change({ a: id })} />
          <Choice label={t("compare.b")} value={b} not={a} onChange={(id) => change({ b: id })} />
        </div>
        {both ? (
          <Ready query={query}>{(answer) => <Parts answer={answer} />}</Ready>
        ) : (
          <p className="secondary">{t("compare.choose_two")}</p>
        )}
      </div>
    </Sheet>
  )
}

function Choice(props: {
  label: string
  value: string | undefined
  not: string | undefined
  onChange: (id: string | undefined) => void
}) {
  const { t } = useTranslation()
  const id = useId()
  const segments = useRead(listSegments, {})
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      <Select
        id={id}
        showSearch
        allowClear
        optionFilterProp="label"
        style={{ width: 280, maxWidth: "100%" }}
        placeholder={t("compare.choose")}
        value={props.value ?? null}
        onChange={(value) => props.onChange(value ?? undefined)}
        options={(segments.data?.rows ?? [])
          .filter((one) => one.id !== props.not && one.broken === null)
          .map((one) => ({ value: one.id, label: one.name }))}
      />
    </div>
  )
}

function Parts(props: { answer: Answer }) {
  const { t } = useTranslation()
  const say = useSay()
  const { can } = useSession()
  const { a, b, parts, at } = props.answer
  const all = parts.only_a.people + parts.both.people + parts.only_b.people
  const called = {
    only_a: t("compare.only", { name: a.name }),
    both: t("compare.both"),
    only_b: t("compare.only", { name: b.name }),
  }
  const names = {
    only_a: t("compare.part_name", { a: a.name, b: b.name }),
    both: t("compare.both_name", { a: a.name, b: b.name }),
    only_b: t("compare.part_name", { a: b.name, b: a.name }),
  }
  return (
    <Section
      title={t("compare.parts")}
      extra={
        <span className="secondary small">
          <Time at={at} />
        </span>
      }
    >
      <div className="stack-s">
        <p>{t("compare.sentence", { a: a.name, b: b.name, both: formatNumber(parts.both.people) })}</p>
        <PlainTable
          label={t("compare.parts")}
          head={[
            t("compare.part"),
            t("compare.people"),
            t("compare.share"),
            t("compare.reads"),
            t("compare.make"),
          ]}
          words={[3, 4]}
          rows={PARTS.map((which) => {
            const part = parts[which]
            return [
              called[which],
              formatNumber(part.people),
              formatShare(part.people, all),
              part.sentence ? (
                <span key="reads" className="wrap-cell">
                  {say(part.sentence)}
                </span>
              ) : (
                t("compare.no_rule")
              ),
              part.rule && can("segments.write") ? (
                <Link
                  key="make"
                  to="/segments/$id"
                  params={{ id: "new" }}
                  search={{ rule: ruleWord(part.rule), name: names[which].slice(0, NAME_MAX) }}
                >
                  <Button size="small">{t("compare.make")}</Button>
                </Link>
              ) : null,
            ]
          })}
        />
      </div>
    </Section>
  )
}
