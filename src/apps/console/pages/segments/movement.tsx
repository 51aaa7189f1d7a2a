import { Link, useNavigate } from "@tanstack/react-router"
import { Segmented } from "antd"
import { Fragment, useMemo, useState } from "react"
import type { CallAnswer } from "../../../../kernel/client.ts"
import { readMovement } from "../../../../modules/segments/movement/contract.ts"
import { Chart } from "../../../../ui/chart.tsx"
import { formatNumber, MISSING } from "../../../../ui/format.ts"
import { Section } from "../../../../ui/page.tsx"
import { Ready } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import { inOutOption } from "../data/options.ts"

type Days = CallAnswer<typeof readMovement>["days"]
const RANGES = [14, 30, 90]

/** How many came and went, day by day; each day leads to who it was. */
export function Movement(props: { id: string }) {
  const { t } = useTranslation()
  const [range, setRange] = useState(30)
  const query = useRead(readMovement, { params: { id: props.id }, query: { days: range } }, { keep: true })
  return (
    <Section
      title={t("movement.title")}
      extra={
        <Segmented
          size="small"
          aria-label={t("movement.range")}
          value={range}
          options={RANGES.map((n) => ({ value: n, label: t("movement.days", { n }) }))}
          onChange={(value) => setRange(value)}
        />
      }
    >
      <Ready query={query}>
        {({ days, broken }) => (
          <div className="stack-s">
            {broken ? <p className="danger">{t("movement.broken")}</p> : null}
            {days.length === 0 ||
            (days.length === 1 && days[0]?.begun && days[0].came + days[0].went === 0) ? (
              broken ? null : (
                <p className="secondary">{t("movement.first_night")}</p>
              )
            ) : (
              <Picture id={props.id} days={days} range={range} />
            )}
            <p className="secondary small">{t("movement.definition")}</p>
          </div>
        )}
      </Ready>
    </Section>
  )
}

function Picture(props: { id: string; days: Days; range: number }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { days } = props
  const [came, went] = [sum(days.map((d) => d.came)), sum(days.map((d) => d.went))]
  const option = useMemo(
    () =>
      inOutOption(
        days.map((d) => d.day.slice(5)),
        { name: t("movement.came"), values: days.map((d) => d.came) },
        { name: t("movement.went"), values: days.map((d) => d.went) },
      ),
    [days, t],
  )
  const of = { id: props.id }
  return (
    <Chart
      label={t("movement.title")}
      sentence={
        <>
          {t(came + went === 0 ? "movement.nobody" : "movement.sentence", {
            days: props.range,
            came: formatNumber(came),
            went: formatNumber(went),
          })}{" "}
          {came + went === 0 ? null : t("movement.pick")}
        </>
      }
      option={option}
      height={220}
      onPick={(n) => {
        const day = days[n]?.day
        if (day) void navigate({ to: "/segments/$id/days/$day", params: { ...of, day }, search: {} })
      }}
      table={{
        head: [t("movement.day"), t("movement.came"), t("movement.went"), t("movement.people")],
        rows: [...days].reverse().map((d) => [
          <Fragment key="day">
            <Link to="/segments/$id/days/$day" params={{ ...of, day: d.day }} search={{}}>
              {d.day}
            </Link>
            {d.begun ? <span className="secondary small"> {t("movement.begun_short")}</span> : null}
          </Fragment>,
          formatNumber(d.came),
          formatNumber(d.went),
          d.people === null ? MISSING : formatNumber(d.people),
        ]),
      }}
    />
  )
}

const sum = (list: number[]) => list.reduce((a, b) => a + b, 0)
