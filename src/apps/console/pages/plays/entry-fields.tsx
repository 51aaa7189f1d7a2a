import { Select } from "antd"
import { ClockField, MinuteField } from "../../../../ui/day-field.tsx"
import { LabelledField } from "../../../../ui/labelled-field.tsx"
import { NumberField } from "../../../../ui/number-field.tsx"
import type { SchemaHelp } from "../../../../ui/schema-form.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { RuleBuilder } from "../segments/builder.tsx"
import type { Condition } from "../segments/draft.ts"
import { BOUNDS, type DraftPlay, type EntryOn } from "./draft-play.ts"
import { FactField, type FactOffer } from "./fact-field.tsx"

export type Offered = {
  facts: readonly FactOffer[]
  conditions: ReadonlyMap<string, Condition>
  help: SchemaHelp
}
type Part = Offered & { draft: DraftPlay; onChange: (draft: DraftPlay) => void }

const ENTRIES: readonly EntryOn[] = ["fact", "entering", "daily", "once", "request"]

/** How people come in: by what happens, as they come to match, each day at an hour, once, or by hand. */
export function EntryFields(props: Part) {
  const { t } = useTranslation()
  const { draft, onChange } = props
  const { entry } = draft
  const set = (next: Partial<DraftPlay["entry"]>) => onChange({ ...draft, entry: { ...entry, ...next } })
  const asks = entry.on === "entering" || entry.on === "daily" || entry.on === "once"
  return (
    <div className="stack-s">
      <div className="row">
        <LabelledField label={t("plays.entry_on")}>
          {(id) => (
            <Select
              id={id}
              value={entry.on}
              style={{ minWidth: 220 }}
              popupMatchSelectWidth={false}
              options={ENTRIES.map((on) => ({ value: on, label: t(`plays.entry_${on}`) }))}
              onChange={(on) => set({ on })}
            />
          )}
        </LabelledField>
        {entry.on === "daily" ? (
          <LabelledField label={t("plays.clock")}>
            {(id) => (
              <ClockField id={id} value={entry.clock} onChange={(clock) => set({ clock: clock ?? "" })} />
            )}
          </LabelledField>
        ) : null}
        {entry.on === "once" ? (
          <LabelledField label={t("plays.minute")}>
            {(id) => (
              <MinuteField
                id={id}
                value={entry.minute}
                onChange={(minute) => set({ minute: minute ?? "" })}
              />
            )}
          </LabelledField>
        ) : null}
      </div>
      {entry.on === "fact" ? (
        <FactField
          label={t("plays.fact")}
          value={{ fact: entry.fact, where: entry.where }}
          facts={props.facts}
          help={props.help}
          onChange={set}
        />
      ) : null}
      {asks ? (
        <RuleBuilder
          value={entry.rule}
          onChange={(rule) => set({ rule })}
          conditions={props.conditions}
          help={props.help}
        />
      ) : null}
    </div>
  )
}

/** How often, and what the late get. */
export function AgainFields(props: Part) {
  const { t } = useTranslation()
  const { draft, onChange } = props
  return (
    <div className="row">
      <LabelledField label={t("plays.reentry")}>
        {(id) => (
          <Select
            id={id}
            value={draft.again.policy}
            style={{ minWidth: 180 }}
            options={[
              { value: "never" as const, label: t("plays.again_never") },
              { value: "after_end" as const, label: t("plays.again_after_end") },
            ]}
            onChange={(policy) => onChange({ ...draft, again: { ...draft.again, policy } })}
          />
        )}
      </LabelledField>
      {draft.again.policy === "after_end" ? (
        <LabelledField label={t("plays.again_days")}>
          {(id) => (
            <NumberField
              id={id}
              {...BOUNDS.again_days}
              value={draft.again.days}
              onChange={(days) => onChange({ ...draft, again: { ...draft.again, days } })}
            />
          )}
        </LabelledField>
      ) : null}
      <LabelledField label={t("plays.late")}>
        {(id) => (
          <Select
            id={id}
            value={draft.when_window_passed}
            style={{ minWidth: 220 }}
            popupMatchSelectWidth={false}
            options={(["next_window", "now", "report"] as const).map((one) => ({
              value: one,
              label: t(`plays.late_${one}`),
            }))}
            onChange={(when_window_passed) => onChange({ ...draft, when_window_passed })}
          />
        )}
      </LabelledField>
      {draft.when_window_passed === "now" ? null : (
        <LabelledField label={t("plays.window_minutes")}>
          {(id) => (
            <NumberField
              id={id}
              {...BOUNDS.window_minutes}
              value={draft.window_minutes}
              onChange={(window_minutes) => onChange({ ...draft, window_minutes })}
            />
          )}
        </LabelledField>
      )}
    </div>
  )
}
