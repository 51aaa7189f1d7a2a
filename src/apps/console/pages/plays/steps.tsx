import { Badge } from "../../../../ui/badge.tsx"
import { formatNumber } from "../../../../ui/format.ts"
import { Time } from "../../../../ui/now.tsx"
import { Section } from "../../../../ui/page.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useCodeWord, useSay } from "../../lib/words.ts"
import { type Play, type SaidStep, useWays, type Version } from "./said.ts"

/** What a version does step by step, who stands at each of them now, and what each has come to. */
export function Steps(props: { play: Play; version: Version }) {
  const { t } = useTranslation()
  const { steps } = props.version.said
  return (
    <Section
      title={t("plays.steps_of", { n: props.version.version })}
      extra={
        props.version.version > 1 && props.version.state !== "draft" ? (
          <span className="secondary small">{t("plays.outcomes_all")}</span>
        ) : null
      }
    >
      <ol className="todo" aria-label={t("plays.steps")}>
        {steps.map((step, n) => (
          <Step key={step.node} {...props} steps={steps} n={n} step={step} />
        ))}
      </ol>
    </Section>
  )
}

/** Moves that only mean that somebody came by. */
const PASSING = new Set(["passed", "listens"])

function Step(props: {
  play: Play
  version: Version
  steps: readonly SaidStep[]
  n: number
  step: SaidStep
}) {
  const { t } = useTranslation()
  const say = useSay()
  const word = useCodeWord()
  const ways = useWays()(props.steps, props.n)
  const { play, step, n } = props
  const here = play.standing.find((one) => one.node === step.node && one.version === props.version.version)
  // Nobody has been through a draft; its steps may bear the names of steps of the version before.
  const outcomes =
    props.version.state === "draft"
      ? []
      : play.steps.filter((one) => one.node === step.node && !PASSING.has(one.outcome))
  return (
    <li>
      <span className="row">
        <span className="secondary num">{n + 1}</span>
        <Badge>{word("node_kind", step.kind)}</Badge>
        <span className="pre">{say(step.words)}</span>
      </span>
      {ways.length > 0 ? <span className="secondary small">{ways.join(" · ")}</span> : null}
      {here || outcomes.length > 0 ? (
        <span className="row secondary small num">
          {here ? <Badge tone="info">{t("plays.waiting", { n: formatNumber(here.waiting) })}</Badge> : null}
          {here?.due_next ? (
            <span>
              {t("plays.due_next")} <Time at={here.due_next} />
            </span>
          ) : null}
          <span>
            {outcomes.map((one) => `${word("step_outcome", one.outcome)} ${formatNumber(one.n)}`).join(" · ")}
          </span>
        </span>
      ) : null}
    </li>
  )
}
