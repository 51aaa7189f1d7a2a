import { Button, Select } from "antd"
import { useId } from "react"
import type { CallAnswer } from "../../../../kernel/client.ts"
import type { readCatalogue } from "../../../../modules/segments/contract.ts"
import type { SchemaHelp } from "../../../../ui/schema-form.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useSay } from "../../lib/words.ts"
import type { Where } from "./definition.ts"
import type { Listened } from "./draft-play.ts"

export type FactOffer = CallAnswer<typeof readCatalogue>["facts"][number]

/** What happens with a customer, and what is asked of it: drawn from what the modules tell. */
export function FactField(props: {
  label: string
  value: Listened
  facts: readonly FactOffer[]
  help: SchemaHelp
  onChange: (value: Listened) => void
  onRemove?: () => void
}) {
  const { t } = useTranslation()
  const say = useSay()
  const id = useId()
  const { value } = props
  const offer = props.facts.find((one) => one.type === value.fact)
  return (
    <div className="schema-inline">
      <div className="schema-field">
        <label htmlFor={id}>{props.label}</label>
        <Select
          id={id}
          showSearch={{ optionFilterProp: "label" }}
          popupMatchSelectWidth={false}
          style={{ minWidth: 160 }}
          placeholder={t("plays.choose_fact")}
          value={value.fact === "" ? null : value.fact}
          options={props.facts.map((one) => ({ value: one.type, label: say(one.label) }))}
          onChange={(fact: string) => props.onChange({ fact, where: {} })}
        />
      </div>
      {(offer?.fields ?? []).map((field) => (
        <WhereField
          key={field.name}
          field={field}
          value={value.where[field.name]}
          help={props.help}
          onChange={(next) => {
            const { [field.name]: _, ...rest } = value.where
            props.onChange({
              fact: value.fact,
              where: next === undefined ? rest : { ...rest, [field.name]: next },
            })
          }}
        />
      ))}
      {props.onRemove ? (
        <Button
          size="small"
          type="text"
          onClick={props.onRemove}
          aria-label={`${t("ui.remove")}: ${offer ? say(offer.label) : props.label}`}
        >
          {t("ui.remove")}
        </Button>
      ) : null}
    </div>
  )
}

function WhereField(props: {
  field: FactOffer["fields"][number]
  value: Where[string] | undefined
  help: SchemaHelp
  onChange: (value: Where[string] | undefined) => void
}) {
  const { t } = useTranslation()
  const say = useSay()
  const id = useId()
  const { field, value } = props
  const options = field.values
    ? Object.entries(field.values).map(([one, words]) => ({ value: one, label: say(words) }))
    : (props.help.options(field.kind ?? "", field.name) ?? [])
  return (
    <div className="schema-field">
      <label htmlFor={id}>{say(field.label)}</label>
      <Select
        id={id}
        allowClear
        showSearch={{ optionFilterProp: "label" }}
        popupMatchSelectWidth={false}
        style={{ minWidth: 120 }}
        placeholder={t("plays.whichever")}
        value={value === undefined || value === null ? null : String(value)}
        options={options}
        onChange={(next: string | undefined) => props.onChange(next === undefined ? undefined : typed(next))}
      />
    </div>
  )
}

const typed = (text: string) => (text === "true" ? true : text === "false" ? false : text)
