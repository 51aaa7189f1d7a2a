import { Button, Checkbox, Segmented, Select } from "antd"
import { TREE_MAX_DEPTH } from "../../../../kernel/tree.ts"
import { firstArgs } from "../../../../ui/schema.ts"
import { SchemaFields, type SchemaHelp } from "../../../../ui/schema-form.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useSay } from "../../lib/words.ts"
import { type Condition, type Draft, type DraftGroup, emptyGroup, nextKey } from "./draft.ts"

type Shared = { conditions: ReadonlyMap<string, Condition>; help: SchemaHelp }

/** A rule as nested groups of conditions, each drawn from its declaration. */
export function RuleBuilder(props: Shared & { value: DraftGroup; onChange: (value: DraftGroup) => void }) {
  return (
    <Group
      conditions={props.conditions}
      help={props.help}
      draft={props.value}
      depth={1}
      onChange={(next) => props.onChange(next as DraftGroup)}
    />
  )
}

type NodeProps = Shared & { onChange: (next: Draft) => void; onRemove?: () => void }

/** `depth`: on which level of the rule its conditions' group stands, each "not" being a level of its own. */
function Group(props: NodeProps & { draft: DraftGroup; depth: number }) {
  const { t } = useTranslation()
  const { draft, onChange } = props
  const depth = props.depth + (draft.not ? 1 : 0)
  const full = depth + 2 > TREE_MAX_DEPTH
  const setItem = (n: number, next: Draft) =>
    onChange({ ...draft, items: draft.items.map((one, at) => (at === n ? next : one)) })
  const dropItem = (n: number) => onChange({ ...draft, items: draft.items.filter((_, at) => at !== n) })
  return (
    <fieldset className={draft.not ? "tree-group is-not" : "tree-group"}>
      <legend className="visually-hidden">{t(draft.mode === "all" ? "segments.all" : "segments.any")}</legend>
      <div className="tree-head">
        <Segmented
          size="small"
          aria-label={t("segments.mode")}
          value={draft.mode}
          options={[
            { value: "all", label: t("segments.all") },
            { value: "any", label: t("segments.any") },
          ]}
          onChange={(mode) => onChange({ ...draft, mode: mode === "any" ? "any" : "all" })}
        />
        {props.onRemove ? (
          <>
            <Checkbox
              checked={draft.not}
              onChange={(event) => onChange({ ...draft, not: event.target.checked })}
            >
              {t("segments.not_group")}
            </Checkbox>
            <span className="grow" />
            <Button size="small" type="text" onClick={props.onRemove}>
              {t("segments.remove_group")}
            </Button>
          </>
        ) : null}
      </div>
      {draft.items.map((one, n) =>
        one.kind === "group" ? (
          <Group
            key={one.key}
            {...props}
            draft={one}
            depth={depth + 1}
            onChange={(next) => setItem(n, next)}
            onRemove={() => dropItem(n)}
          />
        ) : (
          <Leaf
            key={one.key}
            {...props}
            draft={one}
            onChange={(next) => setItem(n, next)}
            onRemove={() => dropItem(n)}
          />
        ),
      )}
      <div className="row">
        <AddCondition {...props} onAdd={(leaf) => onChange({ ...draft, items: [...draft.items, leaf] })} />
        <Button
          size="small"
          type="text"
          disabled={full}
          onClick={() => onChange({ ...draft, items: [...draft.items, { ...emptyGroup(), mode: "any" }] })}
        >
          {t("segments.add_group")}
        </Button>
        {full ? (
          <span className="secondary small">{t("segments.deepest", { n: TREE_MAX_DEPTH })}</span>
        ) : null}
      </div>
    </fieldset>
  )
}

function Leaf(props: NodeProps & { draft: Extract<Draft, { kind: "leaf" }> }) {
  const { t } = useTranslation()
  const say = useSay()
  const { draft, onChange } = props
  const condition = props.conditions.get(draft.offer)
  return (
    <div className="tree-leaf">
      <strong title={condition?.hint ? say(condition.hint) : undefined}>
        {condition ? say(condition.label) : draft.offer}
      </strong>
      {condition ? (
        <SchemaFields
          inline
          money={draft.offer.endsWith("_fen")}
          schema={condition.args}
          value={draft.args}
          help={props.help}
          onChange={(args) => onChange({ ...draft, args })}
        />
      ) : (
        <span className="danger">{t("segments.unknown_condition")}</span>
      )}
      <span className="grow" />
      <Checkbox checked={draft.not} onChange={(event) => onChange({ ...draft, not: event.target.checked })}>
        {t("segments.not")}
      </Checkbox>
      <Button
        size="small"
        type="text"
        onClick={props.onRemove}
        aria-label={`${t("ui.remove")}: ${say(condition?.label)}`}
      >
        {t("ui.remove")}
      </Button>
    </div>
  )
}

function AddCondition(props: Shared & { onAdd: (leaf: Draft) => void }) {
  const { t, i18n } = useTranslation()
  const say = useSay()
  const modules = new Map<string, { value: string; label: string }[]>()
  for (const one of props.conditions.values()) {
    const module = one.name.split(".")[0] ?? ""
    modules.set(module, [...(modules.get(module) ?? []), { value: one.name, label: say(one.label) }])
  }
  const title = (module: string) => {
    const word = i18n.getResource(i18n.language, "translation", `nav.${module}`) as unknown
    return typeof word === "string" ? word : module
  }
  return (
    <Select
      size="small"
      aria-label={t("segments.add_condition")}
      placeholder={t("segments.add_condition")}
      value={null}
      showSearch={{ optionFilterProp: "label" }}
      popupMatchSelectWidth={false}
      style={{ minWidth: 140 }}
      options={[...modules].map(([module, options]) => ({ label: title(module), options }))}
      onChange={(name: string | null) => {
        const one = name === null ? undefined : props.conditions.get(name)
        if (one)
          props.onAdd({
            key: nextKey(),
            not: false,
            kind: "leaf",
            offer: one.name,
            version: one.version,
            args: firstArgs(one.args),
          })
      }}
    />
  )
}
