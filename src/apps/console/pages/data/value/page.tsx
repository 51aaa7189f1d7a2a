import { Link } from "@tanstack/react-router"
import { Button } from "antd"
import type { CallAnswer } from "../../../../../kernel/client.ts"
import { readValue } from "../../../../../modules/value/contract.ts"
import { PlainTable } from "../../../../../ui/chart.tsx"
import { formatMoney, formatMoneyShort, formatNumber, MISSING } from "../../../../../ui/format.ts"
import { useLanguage } from "../../../../../ui/now.tsx"
import { Section, Page as Sheet } from "../../../../../ui/page.tsx"
import { AsOf, Stat } from "../../../../../ui/stat.tsx"
import { Empty, Ready } from "../../../../../ui/states.tsx"
import { useTranslation } from "../../../../../ui/words/use.ts"
import { useRead } from "../../../lib/client.ts"
import { useSession } from "../../../lib/session.tsx"
import { Source } from "../../customers/source.tsx"
import { ModelSection } from "./model.tsx"

export type Value = CallAnswer<typeof readValue>
type Row = Value["all"]

/** What customers brought and are expected to bring, by where they came from and who looks after them; and how far to trust it. */
export function Page() {
  const { t } = useTranslation()
  const query = useRead(readValue, {})
  return (
    <Sheet title={t("value.title")} purpose={t("value.purpose")}>
      <Ready query={query}>{(value) => <Shown value={value} />}</Ready>
    </Sheet>
  )
}

function Shown(props: { value: Value }) {
  const { t } = useTranslation()
  const { can } = useSession()
  const { value } = props
  if (value.all.buyers === 0)
    return (
      <Empty
        title={t("rfm.no_orders")}
        action={
          can("imports.write") ? (
            <Link to="/imports/new" search={{ kind: "orders" }}>
              <Button type="primary">{t("rfm.import_orders")}</Button>
            </Link>
          ) : null
        }
      >
        {t("value.no_orders_text")}
      </Empty>
    )
  return (
    <div className="stack">
      <Section title={t("value.sums")} extra={<AsOf at={value.as_of} />}>
        <Sums all={value.all} />
      </Section>
      <ModelSection value={value} />
      <Section title={t("value.by_source")}>
        <Table label={t("value.by_source")} first={t("value.source")} rows={value.sources} sources />
      </Section>
      <Section title={t("value.by_operator")}>
        <Table label={t("value.by_operator")} first={t("value.operator")} rows={value.operators} />
      </Section>
    </div>
  )
}

function Sums(props: { all: Row }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { all } = props
  return (
    <div className="grid-stats grid-stats-4">
      <Stat
        label={t("value.buyers")}
        value={formatNumber(all.buyers)}
        definition={t("value.buyers_definition")}
      />
      <Stat
        label={t("value.net")}
        value={formatMoneyShort(all.net_fen, language)}
        exact={formatMoney(all.net_fen)}
        definition={t("value.net_definition")}
      />
      <Stat
        label={t("value.predicted")}
        value={formatMoneyShort(all.predicted_fen, language)}
        exact={formatMoney(all.predicted_fen)}
        definition={t("value.predicted_definition")}
      />
      <Stat
        label={t("value.expected_90")}
        value={all.expected_90 === null ? MISSING : formatNumber(Math.round(all.expected_90))}
        definition={t("value.expected_90_definition")}
      />
    </div>
  )
}

function Table(props: { label: string; first: string; rows: Row[]; sources?: boolean }) {
  const { t } = useTranslation()
  const each = (fen: number | null, of: number) =>
    fen === null || of === 0 ? MISSING : formatMoney(Math.round(fen / of))
  return (
    <PlainTable
      label={props.label}
      head={[
        props.first,
        t("value.customers"),
        t("value.buyers"),
        t("value.net"),
        t("value.net_each"),
        t("value.predicted"),
        t("value.predicted_each"),
      ]}
      rows={props.rows.map((row) => [
        !row.name ? t("ladder.unknown") : props.sources ? <Source key="s" state={row.name} /> : row.name,
        formatNumber(row.customers),
        formatNumber(row.buyers),
        formatMoney(row.net_fen),
        each(row.net_fen, row.buyers),
        formatMoney(row.predicted_fen),
        each(row.predicted_fen, row.buyers),
      ])}
    />
  )
}
