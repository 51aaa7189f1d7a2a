import { Input, Select } from "antd"
import { ClockField } from "../../../../ui/day-field.tsx"
import { LabelledField } from "../../../../ui/labelled-field.tsx"
import { NumberField } from "../../../../ui/number-field.tsx"
import type { Schema } from "../../../../ui/schema.ts"
import { SchemaFields } from "../../../../ui/schema-form.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useSay } from "../../lib/words.ts"
import { RuleBuilder } from "../segments/builder.tsx"
import { BOUNDS, type DraftStep } from "./draft-play.ts"
import type { Offered } from "./entry-fields.tsx"
import { FactField } from "./fact-field.tsx"

/** An action as the server's catalogue describes it. */
export type Action = {
  name: string
  version: number
  label: { zh: string; en: string }
  hint: { zh: string; en: string } | null
  args: Schema
}
type Work = DraftStep["work"]
type Of<K extends Work["kind"]> = {
  work: Extract<Work, { kind: K }>
  onChange: (work: Extract<Work, { kind: K }>) => void
}

/** The form of one step, by its kind. */
export function StepFields(
  props: Offered & {
    actions: ReadonlyMap<string, Action>
    work: Work
    onChange: (work: Work) => void
  },
) {
  const { t } = useTranslation()
  const { work, onChange } = props
  switch (work.kind) {
    case "action":
      return (
        <div className="stack-s">
          <ActionFields {...props} work={work} />
          <StageField value={work.stage} onChange={(stage) => onChange({ ...work, stage })} />
        </div>
      )
    case "wait":
      return <WaitFields work={work} onChange={onChange} />
    case "wait_for":
      return (
        <div className="stack-s">
          <FactField
            label={t("plays.fact")}
            value={work}
            facts={props.facts}
            help={props.help}
            onChange={(next) => onChange({ ...work, ...next })}
          />
          <LabelledField label={t("plays.at_most_hours")}>
            {(id) => (
              <NumberField
                id={id}
                {...BOUNDS.at_most_hours}
                value={work.hours}
                onChange={(hours) => onChange({ ...work, hours })}
              />
            )}
          </LabelledField>
        </div>
      )
    case "branch":
      return (
        <div className="stack-s">
          <RuleBuilder
            value={work.rule}
            onChange={(rule) => onChange({ ...work, rule })}
            conditions={props.conditions}
            help={props.help}
          />
          <StageField value={work.stage} onChange={(stage) => onChange({ ...work, stage })} />
        </div>
      )
    case "stop":
      return (
        <LabelledField label={t("plays.stop_reason")} hint={t("plays.stop_reason_hint")}>
          {(id) => (
            <Input
              id={id}
              maxLength={80}
              value={work.reason === "stop_node" ? "" : work.reason}
              onChange={(event) => onChange({ ...work, reason: event.target.value })}
            />
          )}
        </LabelledField>
      )
  }
}

/** The name of the stage that begins here; results are told by stages. */
function StageField(props: { value: string | undefined; onChange: (stage: string) => void }) {
  const { t } = useTranslation()
  return (
    <LabelledField label={t("plays.stage")} hint={t("plays.stage_hint")}>
      {(id) => (
        <Input
          id={id}
          maxLength={20}
          value={props.value ?? ""}
          onChange={(event) => props.onChange(event.target.value)}
        />
      )}
    </LabelledField>
  )
}

function ActionFields(props: Of<"action"> & Offered & { actions: ReadonlyMap<string, Action> }) {
  const { t } = useTranslation()
  const say = useSay()
  const { work, onChange } = props
  const action = props.actions.get(work.offer)
  if (!action) return <p className="danger">{t("plays.unknown_action")}</p>
  return (
    <div className="stack-s">
      {action.hint ? <p className="secondary small">{say(action.hint)}</p> : null}
      <SchemaFields
        schema={action.args}
        value={work.args}
        help={props.help}
        onChange={(args) => onChange({ ...work, args })}
      />
    </div>
  )
}

function WaitFields(props: Of<"wait">) {
  const { t } = useTranslation()
  const { work, onChange } = props
  return (
    <div className="row">
      <LabelledField label={t("plays.counted_from")}>
        {(id) => (
          <Select
            id={id}
            value={work.from}
            style={{ minWidth: 160 }}
            options={[
              { value: "here" as const, label: t("plays.from_here") },
              { value: "anchor" as const, label: t("plays.from_anchor") },
            ]}
            onChange={(from) => onChange({ ...work, from })}
          />
        )}
      </LabelledField>
      <LabelledField label={t("plays.days")}>
        {(id) => (
          <NumberField
            id={id}
            {...BOUNDS.days}
            value={work.days}
            onChange={(days) => onChange({ ...work, days })}
          />
        )}
      </LabelledField>
      <LabelledField label={t("plays.hours")}>
        {(id) => (
          <NumberField
            id={id}
            {...BOUNDS.hours}
            value={work.hours}
            onChange={(hours) => onChange({ ...work, hours })}
          />
        )}
      </LabelledField>
      <LabelledField label={t("plays.until_clock")}>
        {(id) => (
          <ClockField
            id={id}
            label={t("plays.until_clock")}
            placeholder={t("plays.any_clock")}
            {...(work.at ? { value: work.at } : {})}
            onChange={(at) => onChange({ ...work, at: at ?? null })}
          />
        )}
      </LabelledField>
    </div>
  )
}
