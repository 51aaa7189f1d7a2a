import { Button, Progress } from "antd"
import { useState } from "react"
import type { CallAnswer } from "../../../../kernel/client.ts"
import { GOAL_MAX, readGoals, setGoals } from "../../../../modules/analytics/goals/contract.ts"
import { PlainTable } from "../../../../ui/chart.tsx"
import { FormDrawer } from "../../../../ui/form-drawer.tsx"
import { formatMoney, formatNumber, formatShare, MISSING } from "../../../../ui/format.ts"
import { type Bounds, fenOf, yuanOf, yuanWithin } from "../../../../ui/number.ts"
import { NumberItem } from "../../../../ui/number-field.tsx"
import { Section } from "../../../../ui/page.tsx"
import { AsOf } from "../../../../ui/stat.tsx"
import { Ready } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
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

function SetGoals(props: { answer: Answer; onClose: () => void }) {
  const { t } = useTranslation()
  const say = useSay()
  const set = useChange(setGoals, ["analytics.goals"])
  const of = (measure: Goal["measure"]) => props.answer.goals.find((goal) => goal.measure === measure)
  const money = of("net_gmv_fen")?.target ?? null
  const field = (name: keyof Values, measure: Goal["measure"], bounds: Bounds, unit: string) => (
    <NumberItem
      name={name}
      label={say(of(measure)?.label)}
      hint={say(of(measure)?.definition)}
      {...bounds}
      unit={unit}
    />
  )
  return (
    <FormDrawer<Values>
      open
      title={t("goals.set_title", { month: props.answer.month })}
      verb={t("goals.save")}
      initial={{
        net_gmv_yuan: money === null ? null : yuanOf(money),
        orders: of("orders")?.target ?? null,
        customers_new: of("customers_new")?.target ?? null,
      }}
      onClose={props.onClose}
      onSubmit={async ({ net_gmv_yuan, orders, customers_new }) => {
        const net_gmv_fen = typeof net_gmv_yuan === "number" ? fenOf(net_gmv_yuan) : null
        await set.mutateAsync({
          body: {
            month: props.answer.month,
            targets: { net_gmv_fen, orders: orders ?? null, customers_new: customers_new ?? null },
          },
        })
        toast(t("goals.saved"))
        props.onClose()
      }}
    >
      <p className="secondary">{t("goals.hint")}</p>
      {field("net_gmv_yuan", "net_gmv_fen", yuanWithin({ min: 1, max: GOAL_MAX }), t("goals.yuan"))}
      {field("orders", "orders", PIECES, t("goals.pieces"))}
      {field("customers_new", "customers_new", PIECES, t("goals.people"))}
    </FormDrawer>
  )
}
