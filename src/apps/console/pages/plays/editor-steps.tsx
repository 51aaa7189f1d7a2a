import { Button, Dropdown, Select } from "antd"
import { useId, useState } from "react"
import { firstArgs } from "../../../../ui/schema.ts"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useCodeWord, useSay } from "../../lib/words.ts"
import { type DraftPlay, type DraftStep, moveStep, newStep, type On, removeStep } from "./draft-play.ts"
import type { Offered } from "./entry-fields.tsx"
import { type Action, StepFields } from "./step-fields.tsx"

type Props = Offered & {
  actions: ReadonlyMap<string, Action>
  draft: DraftPlay
  /** What is wrong with a step, by its key. */
  wrong: ReadonlyMap<string, string>
  onChange: (draft: DraftPlay) => void
}

/** The steps as a list: added, moved by buttons or Alt and the arrow keys, taken out. */
export function EditorSteps(props: Props) {
  const { t } = useTranslation()
  const [moved, setMoved] = useState("")
  const { draft } = props
  const set = (steps: DraftStep[]) => props.onChange({ ...draft, steps })
  const move = (key: string, by: -1 | 1) => {
    const steps = moveStep(draft.steps, key, by)
    set(steps)
    setMoved(t("plays.moved", { n: steps.findIndex((s) => s.key === key) + 1 }))
  }
  return (
    <div className="stack-s">
      <ol className="stack-s" aria-label={t("plays.steps")}>
        {draft.steps.map((step, n) => (
          <Step key={step.key} {...props} step={step} n={n} onMove={(by) => move(step.key, by)} onSet={set} />
        ))}
      </ol>
      <span className="visually-hidden" aria-live="polite">
        {moved}
      </span>
      <AddStep {...props} onAdd={(step) => set([...draft.steps, step])} />
    </div>
  )
}

function Step(
  props: Props & {
    step: DraftStep
    n: number
    onMove: (by: -1 | 1) => void
    onSet: (steps: DraftStep[]) => void
  },
) {
  const { t } = useTranslation()
  const title = useStepTitle(props.actions)
  const { step, n, draft, onSet } = props
  const wrong = props.wrong.get(step.key)
  const name = t("plays.step_n", { n: n + 1 })
  const change = (next: Partial<DraftStep>) =>
    onSet(draft.steps.map((one) => (one.key === step.key ? { ...one, ...next } : one)))
  return (
    <li>
      <fieldset
        className="tree-group"
        aria-label={`${name} ${title(step)}`}
        aria-invalid={wrong !== undefined}
        onKeyDown={(event) => {
          if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return
          event.preventDefault()
          props.onMove(event.key === "ArrowUp" ? -1 : 1)
        }}
      >
        <div className="tree-head">
          <span className="secondary num">{n + 1}</span>
          <strong>{title(step)}</strong>
          <span className="grow" />
          <Button
            size="small"
            type="text"
            disabled={n === 0}
            aria-label={`${t("plays.move_up")}: ${name}`}
            title={t("plays.move_hint")}
            onClick={() => props.onMove(-1)}
          >
            {t("plays.move_up")}
          </Button>
          <Button
            size="small"
            type="text"
            disabled={n === draft.steps.length - 1}
            aria-label={`${t("plays.move_down")}: ${name}`}
            title={t("plays.move_hint")}
            onClick={() => props.onMove(1)}
          >
            {t("plays.move_down")}
          </Button>
          <Button
            size="small"
            type="text"
            aria-label={`${t("ui.remove")}: ${name}`}
            onClick={() => onSet(removeStep(draft.steps, step.key))}
          >
            {t("ui.remove")}
          </Button>
        </div>
        <StepFields {...props} work={step.work} onChange={(work) => change({ work })} />
        <Ways {...props} title={title} onChange={(ways) => change({ ways })} />
        {wrong ? (
          <p className="danger small" role="alert">
            {wrong}
          </p>
        ) : null}
      </fieldset>
    </li>
  )
}

/** Where a step leads: to the one below, the end, or any other. */
function Ways(
  props: Omit<Props, "onChange"> & {
    step: DraftStep
    n: number
    title: (step: DraftStep) => string
    onChange: (ways: DraftStep["ways"]) => void
  },
) {
  const { t } = useTranslation()
  const id = useId()
  const { step, draft } = props
  const options = [
    { value: "next", label: t(props.n === draft.steps.length - 1 ? "plays.to_end" : "plays.to_next") },
    ...(props.n === draft.steps.length - 1 ? [] : [{ value: "end", label: t("plays.to_end") }]),
    ...draft.steps
      .filter((one) => one.key !== step.key)
      .map((one) => ({
        value: one.key,
        label: `${t("plays.to_step", { n: draft.steps.indexOf(one) + 1 })} · ${props.title(one)}`,
      })),
  ]
  const ways = Object.entries(step.ways) as [On, string][]
  if (ways.length === 0) return null
  return (
    <div className="schema-inline">
      {ways.map(([on, to]) => (
        <div key={on} className="schema-field">
          <label htmlFor={`${id}${on}`}>{t(`plays.leads_${on}`)}</label>
          <Select
            id={`${id}${on}`}
            size="small"
            value={to}
            style={{ minWidth: 120 }}
            popupMatchSelectWidth={false}
            options={options}
            onChange={(target: string) => props.onChange({ ...step.ways, [on]: target })}
          />
        </div>
      ))}
    </div>
  )
}

function AddStep(props: Props & { onAdd: (step: DraftStep) => void }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const say = useSay()
  const kinds = ["wait", "wait_for", "branch", "stop"] as const
  return (
    <div>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: [
            ...[...props.actions.values()].map((one) => ({ key: one.name, label: say(one.label) })),
            { type: "divider" as const },
            ...kinds.map((kind) => ({ key: kind, label: word("node_kind", kind) })),
          ],
          onClick: ({ key }) => {
            const action = props.actions.get(key)
            const kind = kinds.find((one) => one === key)
            if (action)
              props.onAdd(
                newStep(
                  {
                    kind: "action",
                    offer: action.name,
                    version: action.version,
                    args: firstArgs(action.args),
                  },
                  props.draft.steps,
                ),
              )
            else if (kind) props.onAdd(newStep(kind, props.draft.steps))
          },
        }}
      >
        <Button>{t("plays.add_step")}</Button>
      </Dropdown>
    </div>
  )
}

function useStepTitle(actions: ReadonlyMap<string, Action>): (step: DraftStep) => string {
  const word = useCodeWord()
  const say = useSay()
  return ({ work }) => {
    const action = work.kind === "action" ? actions.get(work.offer) : undefined
    return action ? say(action.label) : word("node_kind", work.kind)
  }
}
