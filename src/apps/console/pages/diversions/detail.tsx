import { LeftOutlined } from "@ant-design/icons"
import { Link, useParams } from "@tanstack/react-router"
import { Button } from "antd"
import { useState } from "react"
import type { CallAnswer } from "../../../../kernel/client.ts"
import { cancelDiversion, readDiversion } from "../../../../modules/plans/diversions/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { Chart } from "../../../../ui/chart.tsx"
import { ConfirmConsequence } from "../../../../ui/confirm.tsx"
import { formatNumber, formatShare } from "../../../../ui/format.ts"
import { Time } from "../../../../ui/now.tsx"
import { Facts, Section, Page as Sheet } from "../../../../ui/page.tsx"
import { Ready } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useAddress } from "../../lib/search.ts"
import { useSession } from "../../lib/session.tsx"
import { stepsOption } from "../data/options.ts"
import { DayList } from "./day-list.tsx"
import { Days } from "./days.tsx"
import { StateBadge } from "./list.tsx"

type One = CallAnswer<typeof readDiversion>
const REFRESH_MS = 15_000

export function Page() {
  const { t } = useTranslation()
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useRead(readDiversion, { params: { id } }, { keep: true, every_ms: REFRESH_MS })
  return (
    <Sheet
      title={query.data?.name ?? t("diversions.one")}
      back={
        <Link to="/diversions" search={{}} className="small">
          <LeftOutlined /> {t("diversions.title")}
        </Link>
      }
      actions={query.data?.state === "running" ? <Stop one={query.data} /> : null}
    >
      <Ready query={query}>{(one) => <Shown one={one} />}</Ready>
    </Sheet>
  )
}

function Shown(props: { one: One }) {
  const { t } = useTranslation()
  const [address] = useAddress()
  const { one } = props
  const day = address.day ?? one.days[0]?.day ?? one.last_day
  return (
    <div className="stack">
      <div className="grid-2">
        <Section title={t("diversions.funnel")}>
          <Funnel one={one} />
        </Section>
        <Section title={t("diversions.about")}>
          <Facts
            items={[
              [t("diversions.state"), <StateBadge key="state" state={one.state} />],
              [t("diversions.opening"), one.opening],
              [
                t("diversions.accounts"),
                <span key="accounts" className="row">
                  {one.accounts.map((a) => (
                    <Badge key={a.id} {...(a.usable ? {} : { tone: "bad" as const })}>
                      {a.usable ? a.name : t("diversions.out_of_use", { name: a.name })}
                    </Badge>
                  ))}
                </span>,
              ],
              [
                t("diversions.span"),
                one.first_day
                  ? t("diversions.from_to", { from: one.first_day, to: one.last_day ?? "" })
                  : one.from,
              ],
              [t("diversions.made"), <Time key="made" at={one.made_at} />],
              [t("diversions.made_by"), one.made_by_name ?? ""],
            ]}
          />
        </Section>
      </div>
      {one.days.length > 0 ? (
        <Section title={t("diversions.days")}>
          <Days days={one.days} accounts={one.accounts} of={one.id} />
        </Section>
      ) : null}
      {day ? <DayList id={one.id} day={day} /> : null}
    </div>
  )
}

function Funnel(props: { one: One }) {
  const { t } = useTranslation()
  const { funnel } = props.one
  const steps = (["planned", "invited", "added", "grouped"] as const).map((key) => ({
    name: t(`diversions.${key}`),
    value: funnel[key],
  }))
  return (
    <div className="stack-s">
      <Chart
        label={t("diversions.funnel")}
        sentence={t("diversions.funnel_sentence", {
          planned: formatNumber(funnel.planned),
          added: formatNumber(funnel.added),
        })}
        height={180}
        option={stepsOption(steps)}
        table={{
          head: [t("data.step"), t("data.people"), t("diversions.of_planned")],
          rows: steps.map((s) => [s.name, formatNumber(s.value), formatShare(s.value, funnel.planned)]),
        }}
      />
      {funnel.held > 0 ? (
        <p className="danger">{t("diversions.held", { n: formatNumber(funnel.held) })}</p>
      ) : null}
      {funnel.dropped > 0 ? (
        <p className="secondary">{t("diversions.dropped", { n: formatNumber(funnel.dropped) })}</p>
      ) : null}
    </div>
  )
}

function Stop(props: { one: One }) {
  const { t } = useTranslation()
  const { can } = useSession()
  const cancel = useChange(cancelDiversion, ["plans"])
  const [asking, setAsking] = useState(false)
  if (!can("plans.write")) return null
  return (
    <>
      <Button danger onClick={() => setAsking(true)}>
        {t("diversions.stop")}
      </Button>
      <ConfirmConsequence
        open={asking}
        danger
        title={t("diversions.stop_title", { name: props.one.name })}
        verb={t("diversions.stop")}
        onClose={() => setAsking(false)}
        onConfirm={async () => {
          const { dropped } = await cancel.mutateAsync({ params: { id: props.one.id }, body: {} })
          toast(t("diversions.stopped", { n: formatNumber(dropped) }))
        }}
      >
        <p>{t("diversions.stop_text")}</p>
      </ConfirmConsequence>
    </>
  )
}
