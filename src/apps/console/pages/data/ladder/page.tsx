import type { CallAnswer } from "../../../../../kernel/client.ts"
import { readLadder } from "../../../../../modules/classes/ladder/contract.ts"
import { STAGE_WORDS, STAGES } from "../../../../../modules/classes/shared.ts"
import { Chart, PlainTable } from "../../../../../ui/chart.tsx"
import { formatNumber, formatShare, MISSING } from "../../../../../ui/format.ts"
import { Section, Page as Sheet } from "../../../../../ui/page.tsx"
import { AsOf } from "../../../../../ui/stat.tsx"
import { Empty, Ready } from "../../../../../ui/states.tsx"
import { useTranslation } from "../../../../../ui/words/use.ts"
import { useRead } from "../../../lib/client.ts"
import { useSay } from "../../../lib/words.ts"
import { Source } from "../../customers/source.tsx"
import { stepsOption } from "../options.ts"
import { StepDowns } from "./step-downs.tsx"

type Ladder = CallAnswer<typeof readLadder>
type Row = Ladder["all"]

/** How far customers come and how long each step takes; and the steps down that wait for somebody's word. */
export function Page() {
  const { t } = useTranslation()
  const query = useRead(readLadder, {})
  return (
    <Sheet title={t("ladder.title")} purpose={t("ladder.purpose")}>
      <Ready query={query}>
        {(ladder) =>
          ladder.all.people === 0 ? (
            <Empty title={t("ladder.nobody")}>{t("ladder.nobody_text")}</Empty>
          ) : (
            <div className="stack">
              {ladder.open > 0 ? <StepDowns open={ladder.open} /> : null}
              <Funnel ladder={ladder} />
              <Section title={t("ladder.by_source")}>
                <Table
                  label={t("ladder.by_source")}
                  first={t("ladder.source")}
                  rows={ladder.sources}
                  sources
                />
              </Section>
              <Section title={t("ladder.by_operator")}>
                <Table label={t("ladder.by_operator")} first={t("ladder.operator")} rows={ladder.operators} />
              </Section>
              {ladder.open > 0 ? null : <StepDowns open={0} />}
            </div>
          )
        }
      </Ready>
    </Sheet>
  )
}

const reached = (row: Row) => [row.people, row.customers, row.members, row.partners]

function Funnel(props: { ladder: Ladder }) {
  const { t } = useTranslation()
  const say = useSay()
  const { all, as_of } = props.ladder
  const counts = reached(all)
  const steps = STAGES.map((stage, n) => ({ name: say(STAGE_WORDS[stage]), value: counts[n] ?? 0 }))
  const median = [null, all.to_customer, all.to_member, all.to_partner]
  return (
    <Section title={t("ladder.funnel")} extra={<AsOf at={as_of} />}>
      <Chart
        label={t("ladder.funnel")}
        sentence={t("ladder.funnel_sentence", {
          n: formatNumber(all.people),
          customers: formatNumber(all.customers),
          members: formatNumber(all.members),
        })}
        height={200}
        option={stepsOption(steps)}
        table={{
          head: [t("data.stage"), t("data.people"), t("ladder.of_before"), t("ladder.median_before")],
          rows: steps.map((step, n) => [
            step.name,
            formatNumber(step.value),
            n === 0 ? MISSING : formatShare(step.value, counts[n - 1] ?? 0),
            daysOf(median[n], t),
          ]),
        }}
      />
      <p className="secondary small">{t("ladder.definition")}</p>
    </Section>
  )
}

function daysOf(days: number | null | undefined, t: ReturnType<typeof useTranslation>["t"]): string {
  return days === null || days === undefined ? MISSING : t("ladder.n_days", { n: formatNumber(days) })
}

function Table(props: { label: string; first: string; rows: Row[]; sources?: boolean }) {
  const { t } = useTranslation()
  return (
    <PlainTable
      label={props.label}
      head={[
        props.first,
        t("ladder.people"),
        t("ladder.customers"),
        t("ladder.customers_share"),
        t("ladder.to_customer"),
        t("ladder.members"),
        t("ladder.members_share"),
        t("ladder.to_member"),
      ]}
      rows={props.rows.map((row) => [
        !row.name ? t("ladder.unknown") : props.sources ? <Source key="s" state={row.name} /> : row.name,
        formatNumber(row.people),
        formatNumber(row.customers),
        formatShare(row.customers, row.people),
        daysOf(row.to_customer, t),
        formatNumber(row.members),
        formatShare(row.members, row.customers),
        daysOf(row.to_member, t),
      ])}
    />
  )
}
