import { Link } from "@tanstack/react-router"
import { Input, Segmented, Select } from "antd"
import { fillHoles, NAME_HOLE } from "../../../../kernel/holes.ts"
import { listSegments } from "../../../../modules/segments/contract.ts"
import { MinuteField } from "../../../../ui/day-field.tsx"
import { formatDay } from "../../../../ui/format.ts"
import { LabelledField } from "../../../../ui/labelled-field.tsx"
import { useLanguage, useNow } from "../../../../ui/now.tsx"
import { NumberField } from "../../../../ui/number-field.tsx"
import { Section } from "../../../../ui/page.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import { useSay } from "../../lib/words.ts"
import { LIFE_BOUNDS, type SendDraft } from "./draft.ts"

type StepProps = { draft: SendDraft; onChange: (change: Partial<SendDraft>) => void }
const FUNCTIONS = ["ip", "sales", "member", "agent"] as const

export function AudienceStep({ draft, onChange }: StepProps) {
  const { t } = useTranslation()
  const say = useSay()
  const query = useRead(listSegments, {})
  const rows = (query.data?.rows ?? []).filter((one) => one.broken === null)
  const chosen = rows.find((one) => one.id === draft.segment_id)
  return (
    <Section title={t("sends.step_audience")}>
      <div className="stack-s form-column">
        <LabelledField label={t("sends.choose_segment")} hint={t("sends.choose_segment_hint")}>
          {(id) => (
            <Select
              id={id}
              loading={query.isPending}
              value={chosen ? draft.segment_id : null}
              showSearch={{ optionFilterProp: "label" }}
              options={rows.map((one) => ({ value: one.id, label: one.name }))}
              onChange={(segment_id) => onChange({ segment_id })}
            />
          )}
        </LabelledField>
        {chosen ? <p>{say(chosen.sentence)}</p> : null}
        {!draft.segment_id && draft.rule ? <p className="secondary">{t("sends.rule_kept")}</p> : null}
        <Link to="/segments/$id" params={{ id: "new" }} search={{}}>
          {t("sends.go_segments")}
        </Link>
      </div>
    </Section>
  )
}

export function ContentStep({ draft, onChange }: StepProps) {
  const { t } = useTranslation()
  const language = useLanguage()
  return (
    <Section title={t("sends.step_content")}>
      <div className="stack-s form-column">
        <LabelledField label={t("sends.name")} hint={t("sends.name_hint")}>
          {(id) => (
            <Input
              id={id}
              value={draft.name}
              maxLength={60}
              onChange={(event) => onChange({ name: event.target.value })}
            />
          )}
        </LabelledField>
        <LabelledField label={t("sends.text")} hint={t("sends.text_hint", { hole: NAME_HOLE[language] })}>
          {(id) => (
            <Input.TextArea
              id={id}
              value={draft.text}
              autoSize={{ minRows: 5, maxRows: 14 }}
              onChange={(event) => onChange({ text: event.target.value })}
            />
          )}
        </LabelledField>
        <Segmented
          aria-label={t("sends.nature")}
          value={draft.nature}
          options={[
            { value: "selling", label: t("sends.selling") },
            { value: "service", label: t("sends.service") },
          ]}
          onChange={(value) => onChange({ nature: value === "service" ? "service" : "selling" })}
          style={{ alignSelf: "flex-start" }}
        />
        <p className="secondary small">{t("sends.nature_hint")}</p>
      </div>
    </Section>
  )
}

export function TimeStep({ draft, onChange }: StepProps) {
  const { t } = useTranslation()
  const today = formatDay(useNow())
  return (
    <Section title={t("sends.step_time")}>
      <div className="stack-s form-column">
        <LabelledField label={t("sends.at")} hint={t("sends.at_hint")}>
          {(id) => (
            <MinuteField
              id={id}
              value={draft.at}
              width={220}
              from={today}
              onChange={(at) => onChange({ at })}
            />
          )}
        </LabelledField>
        <LabelledField label={t("sends.account")}>
          {(id) => (
            <Select
              id={id}
              allowClear
              placeholder={t("sends.account_any")}
              value={draft.account_function}
              style={{ width: 260 }}
              options={FUNCTIONS.map((value) => ({ value, label: t(`account_function.${value}`) }))}
              onChange={(value) => onChange({ account_function: value ?? null })}
            />
          )}
        </LabelledField>
        <LabelledField label={t("sends.life")}>
          {(id) => (
            <NumberField
              id={id}
              {...LIFE_BOUNDS}
              value={draft.life_days}
              onChange={(life_days) => onChange({ life_days })}
            />
          )}
        </LabelledField>
      </div>
    </Section>
  )
}

/** The text as it stands on the customer's phone. */
export function Phone(props: { text: string }) {
  const { t } = useTranslation()
  const shown = fillHoles(props.text, { name: t("sends.preview_name") })
  return (
    <figure className="phone" aria-label={t("sends.preview")}>
      <figcaption className="secondary small">{t("sends.preview")}</figcaption>
      <div className="phone-screen">{shown.trim() ? <p className="bubble pre">{shown}</p> : null}</div>
    </figure>
  )
}
