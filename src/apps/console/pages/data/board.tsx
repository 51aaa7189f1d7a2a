import { Link } from "@tanstack/react-router"
import { Segmented, Select } from "antd"
import { useState } from "react"
import type { CallAnswer } from "../../../../kernel/client.ts"
import { dayNumber, dayString } from "../../../../kernel/day.ts"
import { dashboard } from "../../../../modules/analytics/contract.ts"
import { Chart, PlainTable } from "../../../../ui/chart.tsx"
import { formatMoney, formatMoneyShort, formatNumber, formatShare, MISSING } from "../../../../ui/format.ts"
import { Time, useLanguage, useNow } from "../../../../ui/now.tsx"
import { Section, Page as Sheet } from "../../../../ui/page.tsx"
import { AsOf, Stat } from "../../../../ui/stat.tsx"
import { Ready } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import { useAddress } from "../../lib/search.ts"
import { useSay } from "../../lib/words.ts"
import { Source } from "../customers/source.tsx"
import { Unowned } from "../transfers/unowned.tsx"
import { Goals } from "./goals.tsx"
import { heatOption, ladderOption, lineOption, stepsOption } from "./options.ts"

type Board = CallAnswer<typeof dashboard>
const RANGES = ["7", "30", "90", "365"] as const
const REFRESH_MS = 30_000

export function Page() {
  const { t } = useTranslation()
  const [address, change] = useAddress()
  const today = dayNumber(useNow())
  const days = RANGES.find((one) => one === address.days) ?? "30"
  const query = useRead(
    dashboard,
    { query: { from: dayString(today - Number(days) + 1), to: dayString(today) } },
    { keep: true, every_ms: REFRESH_MS },
  )
  return (
    <Sheet
      title={t("data.title")}
      purpose={t("data.purpose")}
      actions={
        <Segmented
          aria-label={t("data.range")}
          value={days}
          options={RANGES.map((value) => ({ value, label: t(`data.days_${value}`) }))}
          onChange={(value) => change({ days: value }, { replace: true })}
        />
      }
    >
      <Ready query={query}>{(board) => <Board board={board} />}</Ready>
    </Sheet>
  )
}

function Board(props: { board: Board }) {
  const { t } = useTranslation()
  const { board } = props
  return (
    <div className="stack">
      <Section title={t("data.numbers")} extra={<AsOf at={board.as_of} />}>
        <Numbers board={board} />
      </Section>
      <Unowned />
      <div className="grid-2">
        <Section title={t("data.funnel")}>
          <Funnel board={board} />
        </Section>
        <Section title={t("data.ladder")}>
          <Ladder board={board} />
        </Section>
      </div>
      <Goals />
      <Trend board={board} />
      <div className="grid-2">
        <Section title={t("data.rfm")}>
          <Rfm board={board} />
        </Section>
        <Section title={t("data.sources")}>
          <Sources board={board} />
        </Section>
        <Section title={t("data.sends")}>
          <Sends board={board} />
        </Section>
      </div>
      <Section title={t("data.hours")}>
        <Hours board={board} />
      </Section>
    </div>
  )
}

function Numbers(props: { board: Board }) {
  const say = useSay()
  const language = useLanguage()
  return (
    <div className="grid-stats grid-stats-4">
      {props.board.numbers.map((n) => {
        const fen = n.unit === "fen"
        const value =
          n.value === null
            ? MISSING
            : fen
              ? formatMoneyShort(n.value, language)
              : n.unit === "share"
                ? formatShare(n.value, 1)
                : formatNumber(n.value)
        return (
          <Stat
            key={n.name}
            label={say(n.label)}
            value={value}
            {...(fen && n.value !== null ? { exact: formatMoney(n.value) } : {})}
            definition={say(n.definition)}
            at={props.board.as_of}
            behind={<Behind name={n.name} board={props.board} />}
          />
        )
      })}
    </div>
  )
}

/** What a number is made of: the list behind it, of the same days where the list knows days. */
function Behind(props: { name: string; board: Board }) {
  const { t } = useTranslation()
  const { from, to } = props.board
  if (props.name === "contacts_removed")
    return (
      <Link to="/customers" search={{ left_from: from, left_to: to }}>
        {t("data.see_left")}
      </Link>
    )
  const orders = /gmv|orders|average/.test(props.name)
  const place = orders ? "/orders" : props.name === "group_messages" ? "/groups" : "/customers"
  return (
    <Link to={place} search={orders ? { from, to } : {}}>
      {t(orders ? "data.see_orders" : place === "/groups" ? "data.see_groups" : "data.see_customers")}
    </Link>
  )
}

const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const

/** When groups speak: whoever plans a touch sees when people are there. */
function Hours(props: { board: Board }) {
  const { t } = useTranslation()
  const { hours } = props.board
  if (hours.length === 0) return <p className="secondary">{t("data.no_hours")}</p>
  const busiest = [...hours].sort((a, b) => b.messages - a.messages)[0]
  const clock = (hour: number) => `${String(hour).padStart(2, "0")}:00`
  const weekday = (n: number) => t(`weekday.${WEEKDAYS[n] ?? "mon"}`)
  return (
    <Chart
      label={t("data.hours")}
      sentence={t("data.hours_sentence", {
        day: busiest ? weekday(busiest.weekday) : "",
        hour: busiest ? clock(busiest.hour) : "",
        n: formatNumber(busiest?.messages ?? 0),
      })}
      option={heatOption(
        Array.from({ length: 24 }, (_, hour) => String(hour)),
        // The first row stands at the bottom.
        [6, 5, 4, 3, 2, 1, 0].map(weekday),
        hours.map((cell) => [cell.hour, 6 - cell.weekday, cell.messages]),
      )}
      table={{
        head: [t("data.weekday"), t("data.hour"), t("data.messages")],
        rows: hours.map((cell) => [weekday(cell.weekday), clock(cell.hour), formatNumber(cell.messages)]),
      }}
    />
  )
}

function Funnel(props: { board: Board }) {
  const { t } = useTranslation()
  const say = useSay()
  const { funnel } = props.board
  const last = funnel.at(-1)
  return (
    <Chart
      label={t("data.funnel")}
      sentence={t("data.funnel_sentence", {
        first: formatNumber(funnel[0]?.people ?? 0),
        last: formatNumber(last?.people ?? 0),
        step: last ? say(last.label) : "",
      })}
      option={stepsOption(funnel.map((s) => ({ name: say(s.label), value: s.people })))}
      table={{
        head: [t("data.step"), t("data.people")],
        rows: funnel.map((s) => [say(s.label), formatNumber(s.people)]),
      }}
    />
  )
}

function Ladder(props: { board: Board }) {
  const { t } = useTranslation()
  const say = useSay()
  const { ladder } = props.board
  if (ladder.length === 0) return <p className="secondary">{t("data.no_ladder")}</p>
  return (
    <Chart
      label={t("data.ladder")}
      sentence={t("data.ladder_sentence", {
        n: formatNumber(ladder.reduce((sum, s) => sum + s.customers, 0)),
      })}
      option={ladderOption(ladder.map((s) => ({ name: say(s.label), value: s.customers })))}
      table={{
        head: [t("data.stage"), t("data.people")],
        rows: ladder.map((s) => [say(s.label), formatNumber(s.customers)]),
      }}
    />
  )
}

function Trend(props: { board: Board }) {
  const { t } = useTranslation()
  const say = useSay()
  const { series, from, to } = props.board
  const [chosen, setChosen] = useState("gmv_fen")
  const one = series.find((s) => s.measure === chosen) ?? series[0]
  if (!one) return null
  const money = one.measure.endsWith("_fen")
  const shown = (value: number) => (money ? formatMoney(value) : formatNumber(value))
  return (
    <Section
      title={t("data.trend")}
      extra={
        <Select
          aria-label={t("data.measure")}
          value={one.measure}
          onChange={setChosen}
          style={{ minWidth: 140 }}
          options={series.map((s) => ({ value: s.measure, label: say(s.label) }))}
        />
      }
    >
      <Chart
        label={t("data.trend")}
        sentence={t("data.trend_sentence", { label: say(one.label), from, to })}
        option={lineOption(
          one.points.map((p) => p.day.slice(5)),
          one.points.map((p) => (money ? p.value / 100 : p.value)),
          (value) => shown(money ? Math.round(value * 100) : value),
        )}
        table={{
          head: [t("data.day"), say(one.label)],
          rows: one.points.map((p) => [p.day, shown(p.value)]),
        }}
      />
    </Section>
  )
}

function Rfm(props: { board: Board }) {
  const { t } = useTranslation()
  const { rfm } = props.board
  if (rfm.length === 0) return <p className="secondary">{t("data.rfm_empty")}</p>
  const scores = [1, 2, 3, 4, 5]
  return (
    <Chart
      label={t("data.rfm")}
      sentence={t("data.rfm_sentence")}
      height={300}
      option={heatOption(
        scores.map((n) => t("data.f_score", { n })),
        scores.map((n) => t("data.r_score", { n })),
        rfm.map((cell) => [cell.f - 1, cell.r - 1, cell.customers]),
      )}
      table={{
        head: [t("data.rfm"), t("data.people"), t("data.gmv")],
        rows: rfm.map((cell) => [
          `${t("data.r_score", { n: cell.r })} · ${t("data.f_score", { n: cell.f })}`,
          formatNumber(cell.customers),
          formatMoney(cell.gmv_fen),
        ]),
      }}
    />
  )
}

function Sources(props: { board: Board }) {
  const { t } = useTranslation()
  if (props.board.sources.length === 0) return <p className="secondary">{t("data.no_sources")}</p>
  return (
    <PlainTable
      label={t("data.sources")}
      head={[
        t("data.source"),
        t("data.added"),
        t("data.joined"),
        t("data.spoke"),
        t("data.ordered"),
        t("data.repeated"),
      ]}
      rows={props.board.sources.map((s) => [
        s.source ? <Source key="s" state={s.source} /> : t("data.source_unknown"),
        formatNumber(s.added),
        formatNumber(s.joined),
        formatNumber(s.spoke),
        formatNumber(s.ordered),
        formatNumber(s.repeated),
      ])}
    />
  )
}

function Sends(props: { board: Board }) {
  const { t } = useTranslation()
  if (props.board.sends.length === 0) return <p className="secondary">{t("data.no_sends")}</p>
  return (
    <PlainTable
      label={t("data.sends")}
      head={[
        t("data.send"),
        t("data.send_at"),
        t("data.orders"),
        t("data.buyers"),
        t("data.earned"),
        t("data.earned_net"),
      ]}
      rows={props.board.sends.map((s) => [
        s.name,
        <Time key="at" at={s.send_at} />,
        formatNumber(s.orders),
        formatNumber(s.customers),
        formatMoney(s.gmv_fen),
        formatMoney(s.net_fen),
      ])}
    />
  )
}
