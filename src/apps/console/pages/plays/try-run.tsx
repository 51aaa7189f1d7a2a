import { Button, Segmented, Select } from "antd"
import { useId, useState } from "react"
import type { CallAnswer } from "../../../../kernel/client.ts"
import { tryPlay } from "../../../../modules/plans/plays/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { Time } from "../../../../ui/now.tsx"
import { Section } from "../../../../ui/page.tsx"
import { problemText } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange } from "../../lib/client.ts"
import { useCodeWord, useSay } from "../../lib/words.ts"
import { PersonField } from "../customers/person-field.tsx"
import type { Play } from "./said.ts"

type Told = CallAnswer<typeof tryPlay>

/** How one customer would fare in a version: step by step, with the words they would read. Nothing is done. */
export function TryRun(props: { play: Play }) {
  const { t } = useTranslation()
  const field = useId()
  const newest = props.play.versions[0]?.version ?? 1
  const [person, setPerson] = useState<string | null>(null)
  const [version, setVersion] = useState(newest)
  const [answers, setAnswers] = useState(false)
  const attempt = useChange(tryPlay)
  return (
    <Section title={t("plays.try_title")}>
      <div className="stack-s">
        <p className="secondary">{t("plays.try_text")}</p>
        <PersonField
          value={person}
          onChange={(id) => {
            attempt.reset()
            setPerson(id)
          }}
        />
        <div className="row">
          {props.play.versions.length > 1 ? (
            <div className="field">
              <label htmlFor={field}>{t("plays.try_version")}</label>
              <Select
                id={field}
                value={version}
                options={props.play.versions.map((one) => ({
                  value: one.version,
                  label: `${t("plays.version_n", { n: one.version })} · ${t(`play_state.${one.state}`)}`,
                }))}
                onChange={setVersion}
                style={{ minWidth: 160 }}
              />
            </div>
          ) : null}
          <div className="field">
            <span>{t("plays.try_answers")}</span>
            <Segmented
              aria-label={t("plays.try_answers")}
              value={answers ? "hears" : "silent"}
              options={[
                { value: "silent", label: t("plays.try_silent") },
                { value: "hears", label: t("plays.try_hears") },
              ]}
              onChange={(value) => setAnswers(value === "hears")}
            />
          </div>
        </div>
        <div>
          <Button
            disabled={person === null}
            loading={attempt.isPending}
            onClick={() =>
              person &&
              attempt.mutate({
                params: { id: props.play.id },
                body: { customer_id: person, version, answers },
              })
            }
          >
            {t("plays.try_ask")}
          </Button>
        </div>
        <div aria-live="polite">
          {attempt.error ? <p className="danger">{problemText(attempt.error)}</p> : null}
          {attempt.data ? <Told told={attempt.data} /> : null}
        </div>
      </div>
    </Section>
  )
}

function Told(props: { told: Told }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const { told } = props
  const before = [
    told.matches_entry === false ? t("plays.try_not_matching") : null,
    told.kept_out_by ? t(`plays.try_${told.kept_out_by}`) : null,
    told.stopped_at_once ? t("plays.try_stopped") : null,
    told.condition && !told.condition.holds ? t("plays.try_not_condition") : null,
  ].filter((one) => one !== null)
  return (
    <div className="stack-s">
      {before.map((one) => (
        <p key={one} className="warn">
          {one}
        </p>
      ))}
      {told.steps.length > 0 && before.length > 0 ? <p className="secondary">{t("plays.try_if")}</p> : null}
      {told.steps.length > 0 ? (
        <ol className="timeline" aria-label={t("plays.try_way")}>
          {told.steps.map((step) => (
            <Step key={`${step.node}:${String(step.at)}`} step={step} />
          ))}
          <li>
            <span />
            <span className="secondary">
              {t("plays.try_end", { reason: word("step_outcome", told.ended) })}
            </span>
          </li>
        </ol>
      ) : null}
    </div>
  )
}

/** What a play waits out; the rest keeps a message from arriving at all. */
const POSTPONES = new Set(["quiet", "capped", "month_full", "no_room", "no_account"])

function Step(props: { step: Told["steps"][number] }) {
  const { t } = useTranslation()
  const say = useSay()
  const word = useCodeWord()
  const { step } = props
  const { hindered_by } = step
  return (
    <li>
      <span className="timeline-time secondary small">
        <Time at={step.at} />
      </span>
      <div className="stack-s">
        <span className="row">
          <span>{say(step.words)}</span>
          {step.answer ? <Badge>{word("step_outcome", step.answer)}</Badge> : null}
        </span>
        {step.text ? <span className="bubble pre">{step.text}</span> : null}
        {step.through ? (
          <span className="secondary small">{t("plays.try_through", { name: step.through })}</span>
        ) : null}
        {hindered_by ? (
          <span className="warn small">
            {t(POSTPONES.has(hindered_by) ? "plays.try_postponed" : "plays.try_hindered", {
              reason: word("left_out", hindered_by),
            })}
          </span>
        ) : null}
      </div>
    </li>
  )
}
