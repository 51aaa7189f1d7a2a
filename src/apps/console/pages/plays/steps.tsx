import type { CallAnswer } from "../../../../kernel/client.ts"
import { playResults } from "../../../../modules/plans/plays/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { formatMoney, formatNumber } from "../../../../ui/format.ts"
import { Time } from "../../../../ui/now.tsx"
import { Section } from "../../../../ui/page.tsx"
import { Failed } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import { useCodeWord, useSay } from "../../lib/words.ts"
import { type Play, type SaidStep, useWays, type Version } from "./said.ts"
import { Stages } from "./stages.tsx"

type Result = CallAnswer<typeof playResults>["rows"][number]

/** Slower than who stands where: all that a play ever did is counted for it. */
const RESULTS_MS = 300_000

/** What a version does step by step, who stands at each of them now, what each has come to, and what its messages earned. */
export function Steps(props: { play: Play; version: Version }) {
  const { t } = useTranslation()
  const { steps } = props.version.said
  const query = useRead(playResults, { params: { id: props.play.id } }, { every_ms: RESULTS_MS })
  const resultOf = (node: string) =>
    query.data?.rows.find((one) => one.node === node && one.version === props.version.version)
  return (
    <Section
      title={t("plays.steps_of", { n: props.version.version })}
      extra={
        query.data ? (
          <span className="secondary small">{t("sends.window", { n: query.data.window_days })}</span>
        ) : null
      }
    >
      {query.error ? <Failed error={query.error} onRetry={() => void query.refetch()} /> : null}
      <Stages stages={(query.data?.stages ?? []).filter((one) => one.version === props.version.version)} />
      <ol className="todo" aria-label={t("plays.steps")}>
        {steps.map((step, n) => (
          <Step key={step.node} {...props} steps={steps} n={n} step={step} result={resultOf(step.node)} />
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
  result: Result | undefined
}) {
  const { t } = useTranslation()
  const say = useSay()
  const word = useCodeWord()
  const ways = useWays()(props.steps, props.n)
  const { play, step, n } = props
  const here = play.standing.find((one) => one.node === step.node && one.version === props.version.version)
  const outcomes = props.result?.outcomes.filter((one) => !PASSING.has(one.outcome)) ?? []
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
      {props.result ? <Effect result={props.result} /> : null}
    </li>
  )
}

/** Whom a step's messages reached, and what they earned; nothing is said of a step without messages. */
function Effect({ result: { touches, earned } }: { result: Result }) {
  const { t } = useTranslation()
  const { got, coming, not_got } = touches
  if (got + coming + not_got + earned.orders === 0) return null
  return (
    <span className="row secondary small num">
      <span>
        {t("plays.reached", {
          got: formatNumber(got),
          coming: formatNumber(coming),
          not_got: formatNumber(not_got),
        })}
      </span>
      <span>
        {earned.orders === 0
          ? t("plays.earned_nothing")
          : t("plays.earned", {
              orders: formatNumber(earned.orders),
              customers: formatNumber(earned.customers),
              gmv: formatMoney(earned.gmv_fen),
              net: formatMoney(earned.net_fen),
            })}
      </span>
    </span>
  )
}
