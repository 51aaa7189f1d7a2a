import { Button } from "antd"
import { useTranslation } from "../../../../ui/words/use.ts"
import { RuleBuilder } from "../segments/builder.tsx"
import type { DraftPlay } from "./draft-play.ts"
import type { Offered } from "./entry-fields.tsx"
import { FactField } from "./fact-field.tsx"

const STOP_FACTS_MAX = 20

/** What ends the play for a person: facts, and a rule that comes to hold. */
export function StopFields(props: Offered & { draft: DraftPlay; onChange: (draft: DraftPlay) => void }) {
  const { t } = useTranslation()
  const { draft, onChange } = props
  const { stop } = draft
  const set = (next: Partial<DraftPlay["stop"]>) => onChange({ ...draft, stop: { ...stop, ...next } })
  return (
    <div className="stack-s">
      {stop.facts.map((one, n) => (
        <FactField
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is known by its place and nothing else
          key={n}
          label={t("plays.stop_fact")}
          value={one}
          facts={props.facts}
          help={props.help}
          onChange={(next) => set({ facts: stop.facts.map((old, at) => (at === n ? next : old)) })}
          onRemove={() => set({ facts: stop.facts.filter((_, at) => at !== n) })}
        />
      ))}
      <div>
        <Button
          size="small"
          disabled={stop.facts.length >= STOP_FACTS_MAX}
          onClick={() => set({ facts: [...stop.facts, { fact: "", where: {} }] })}
        >
          {t("plays.add_stop_fact")}
        </Button>
      </div>
      <p className="secondary small">{t("plays.stop_rule_hint")}</p>
      <RuleBuilder
        value={stop.rule}
        onChange={(rule) => set({ rule })}
        conditions={props.conditions}
        help={props.help}
      />
    </div>
  )
}
