import { Button, Input, Select } from "antd"
import { useEffect, useRef, useState } from "react"
import { DayField } from "./day-field.tsx"
import { useTranslation } from "./words/use.ts"

export type FilterValues = Record<string, string | undefined>

export type Filter =
  | { key: string; kind: "text"; label: string; width?: number }
  | { key: string; kind: "day"; label: string; width?: number }
  | {
      key: string
      kind: "choice"
      label: string
      options: { value: string; label: string }[]
      width?: number
    }

/** Filters in one row; what they hold lives in the address, so that a list can be sent to a colleague. */
export function FilterBar(props: {
  filters: Filter[]
  values: FilterValues
  onChange: (values: FilterValues) => void
}) {
  const { t } = useTranslation()
  const set = (key: string, value: string | undefined) =>
    props.onChange({ ...props.values, [key]: value || undefined })
  const any = props.filters.some((f) => props.values[f.key])
  return (
    <form className="filter-bar" onSubmit={(event) => event.preventDefault()}>
      {props.filters.map((f) =>
        f.kind === "choice" ? (
          <Select
            key={f.key}
            aria-label={f.label}
            placeholder={f.label}
            allowClear
            value={props.values[f.key]}
            options={f.options}
            style={{ minWidth: f.width ?? 120 }}
            popupMatchSelectWidth={false}
            onChange={(value) => set(f.key, value)}
          />
        ) : f.kind === "day" ? (
          <DayField
            key={f.key}
            label={f.label}
            width={f.width ?? 150}
            value={props.values[f.key]}
            onChange={(day) => set(f.key, day)}
          />
        ) : (
          <TextFilter
            key={f.key}
            filter={f}
            value={props.values[f.key] ?? ""}
            onChange={(v) => set(f.key, v)}
          />
        ),
      )}
      {any ? (
        <Button type="text" onClick={() => props.onChange({})}>
          {t("ui.clear")}
        </Button>
      ) : null}
    </form>
  )
}

const TYPING_PAUSE_MS = 300

/** Asks once the typing pauses, and never in the middle of a pinyin composition. */
function TextFilter(props: { filter: Filter; value: string; onChange: (value: string) => void }) {
  const [text, setText] = useState(props.value)
  const [composing, setComposing] = useState(false)
  const { value } = props
  // What is asked for after the pause is asked beside the filters as they stand then, not as they stood at the last letter.
  const latest = useRef(props.onChange)
  latest.current = props.onChange
  const ask = () => latest.current(text.trim())
  useEffect(() => setText(value), [value])
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another text is a reason to ask
  useEffect(() => {
    if (composing || text === value) return
    const timer = setTimeout(ask, TYPING_PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text, composing])
  return (
    <Input
      aria-label={props.filter.label}
      placeholder={props.filter.label}
      allowClear
      style={{ width: props.filter.width ?? 200 }}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onCompositionStart={() => setComposing(true)}
      onCompositionEnd={() => setComposing(false)}
      onPressEnter={ask}
    />
  )
}
