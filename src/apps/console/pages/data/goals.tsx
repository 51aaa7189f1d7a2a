import { Button, Form, Progress } from "antd"
import { useRef, useState } from "react"
import { type CallAnswer, type CallInput, CallRefused } from "../../../../kernel/client.ts"
import { GOAL_MAX, readGoals, setGoals } from "../../../../modules/analytics/goals/contract.ts"
import { PlainTable } from "../../../../ui/chart.tsx"
import { FormDrawer } from "../../../../ui/form-drawer.tsx"
import { formatMoney, formatNumber, formatShare, MISSING } from "../../../../ui/format.ts"
import { type Bounds, fenOf, yuanOf, yuanWithin } from "../../../../ui/number.ts"
import { NumberItem } from "../../../../ui/number-field.tsx"
import { Section } from "../../../../ui/page.tsx"
import { SavedMeanwhile } from "../../../../ui/saved-meanwhile.tsx"
import { AsOf } from "../../../../ui/stat.tsx"
import { Ready } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { call, useChange, useRead } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"
import { useSay } from "../../lib/words.ts"

type Answer = CallAnswer<typeof readGoals>
type Goal = Answer["goals"][number]
const REFRESH_MS = 30_000
const PIECES: Bounds = { min: 1, max: GOAL_MAX, decimals: 0 }

/** This month against what it is meant to reach. */
export function Goals() {
  const { t } = useTranslation()
  const { can } = useSession()
  const query = useRead(readGoals, {}, { every_ms: REFRESH_MS })
  const [setting, setSetting] = useState<Answer | null>(null)
  return (
    <Section
      title={t("goals.title")}
      extra={
        query.data && can("analytics.write") ? (
          <Button size="small" onClick={() => setSetting(query.data ?? null)}>
            {t("goals.set")}
          </Button>
        ) : null
      }
    >
      <Ready query={query}>
        {(answer) => (
          <div className="stack-s">
            <p className="secondary">
              {t("goals.elapsed", { month: answer.month, share: formatShare(answer.elapsed, 1) })}{" "}
              <AsOf at={answer.as_of} />
            </p>
            {answer.goals.some((goal) => goal.target !== null) ? (
              <Table goals={answer.goals} />
            ) : (
              <p>{t("goals.none")}</p>
            )}
          </div>
        )}
      </Ready>
      {setting ? <SetGoals answer={setting} onClose={() => setSetting(null)} /> : null}
    </Section>
  )
}

const shown = (goal: Goal, value: number | null) =>
  value === null ? MISSING : goal.unit === "fen" ? formatMoney(value) : formatNumber(value)

function Table(props: { goals: Goal[] }) {
  const { t } = useTranslation()
  const say = useSay()
  return (
    <PlainTable
      label={t("goals.title")}
      head={[t("goals.goal"), t("goals.target"), t("goals.so_far"), t("goals.reached"), t("goals.forecast")]}
      rows={props.goals
        .filter((goal) => goal.target !== null)
        .map((goal) => [
          <span key="name" title={say(goal.definition)}>
            {say(goal.label)}
          </span>,
          shown(goal, goal.target),
          shown(goal, goal.so_far),
          <Reached key="reached" goal={goal} name={say(goal.label)} />,
          shown(goal, goal.forecast),
        ])}
    />
  )
}

function Reached(props: { goal: Goal; name: string }) {
  const { so_far, target } = props.goal
  return (
    <Progress
      percent={Math.max(0, Math.round((so_far / (target ?? 1)) * 100))}
      size="small"
      aria-label={props.name}
      format={() => formatShare(so_far, target ?? 0)}
      style={{ minWidth: 140 }}
    />
  )
}

type Values = { net_gmv_yuan: number | null; orders: number | null; customers_new: number | null }
type Targets = NonNullable<CallInput<typeof setGoals>["body"]>["targets"]

const targetOf = (answer: Answer, measure: Goal["measure"]) =>
  answer.goals.find((goal) => goal.measure === measure)?.target ?? null
const targetsOf = (answer: Answer): Targets =>
  Object.fromEntries(answer.goals.map((goal) => [goal.measure, goal.target]))
const valuesOf = (answer: Answer): Values => {
  const fen = targetOf(answer, "net_gmv_fen")
  return {
    net_gmv_yuan: fen === null ? null : yuanOf(fen),
    orders: targetOf(answer, "orders"),
    customers_new: targetOf(answer, "customers_new"),
  }
}

function SetGoals(props: { answer: Answer; onClose: () => void }) {
  const { t } = useTranslation()
  const say = useSay()
  const set = useChange(setGoals, ["analytics.goals"])
  const { month, goals } = props.answer
  const based = useRef(props.answer)
  const [theirs, setTheirs] = useState<Answer | null>(null)
  const stand = (answer: Answer) => {
    based.current = answer
    setTheirs(null)
  }
  const field = (name: keyof Values, measure: Goal["measure"], bounds: Bounds, unit: string) => {
    const goal = goals.find((one) => one.measure === measure)
    return (
      <NumberItem name={name} label={say(goal?.label)} hint={say(goal?.definition)} {...bounds} unit={unit} />
    )
  }
  const save = async ({ net_gmv_yuan, orders, customers_new }: Values) => {
    setTheirs(null)
    const net_gmv_fen = typeof net_gmv_yuan === "number" ? fenOf(net_gmv_yuan) : null
    const targets = { net_gmv_fen, orders: orders ?? null, customers_new: customers_new ?? null }
    try {
      await set.mutateAsync({ body: { month, targets, based_on: targetsOf(based.current) } })
    } catch (error) {
      const changed = error instanceof CallRefused && error.problem.code === "version_changed"
      // Where theirs cannot be read now, the refusal still stands.
      const newest = changed ? await call(readGoals, { query: { month } }).catch(() => null) : null
      if (!newest) throw error
      setTheirs(newest)
      return
    }
    toast(t("goals.saved"))
    props.onClose()
  }
  return (
    <FormDrawer<Values>
      open
      title={t("goals.set_title", { month })}
      verb={t("goals.save")}
      initial={valuesOf(props.answer)}
      onClose={props.onClose}
      onSubmit={save}
    >
      <p className="secondary">{t("goals.hint")}</p>
      {field("net_gmv_yuan", "net_gmv_fen", yuanWithin({ min: 1, max: GOAL_MAX }), t("goals.yuan"))}
      {field("orders", "orders", PIECES, t("goals.pieces"))}
      {field("customers_new", "customers_new", PIECES, t("goals.people"))}
      {theirs ? <Theirs from={based.current} to={theirs} busy={set.isPending} onStand={stand} /> : null}
    </FormDrawer>
  )
}

/** What somebody else has set meanwhile, beside what is typed. */
function Theirs(props: { from: Answer; to: Answer; busy: boolean; onStand: (answer: Answer) => void }) {
  const { t } = useTranslation()
  const say = useSay()
  const form = Form.useFormInstance<Values>()
  const { from, to } = props
  const changed = to.goals.filter((goal) => goal.target !== targetOf(from, goal.measure))
  return (
    <SavedMeanwhile
      busy={props.busy}
      onMine={() => {
        props.onStand(to)
        form.submit()
      }}
      theirs={
        <Button
          onClick={() => {
            form.setFieldsValue(valuesOf(to))
            props.onStand(to)
          }}
        >
          {t("ui.take_theirs")}
        </Button>
      }
    >
      <p>{t("goals.changed")}</p>
      <ul className="secondary">
        {changed.map((goal) => (
          <li key={goal.measure}>
            {say(goal.label)} {goal.target === null ? t("goals.no_goal") : shown(goal, goal.target)}
          </li>
        ))}
      </ul>
    </SavedMeanwhile>
  )
}
