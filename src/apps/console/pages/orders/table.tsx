import { Link } from "@tanstack/react-router"
import type { ReactNode } from "react"
import type { CallAnswer, CallInput } from "../../../../kernel/client.ts"
import { listOrders, orderSorting, readOrder } from "../../../../modules/orders/contract.ts"
import { Badge, type Tone } from "../../../../ui/badge.tsx"
import { PlainTable } from "../../../../ui/chart.tsx"
import { DataTable } from "../../../../ui/data-table.tsx"
import { formatMoney, formatNumber, MISSING } from "../../../../ui/format.ts"
import type { Column } from "../../../../ui/grid.tsx"
import { Time } from "../../../../ui/now.tsx"
import { Ready } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import type { useList } from "../../lib/search.ts"
import { useCodeWord } from "../../lib/words.ts"

export type Order = CallAnswer<typeof listOrders>["rows"][number]
type Query = NonNullable<CallInput<typeof listOrders>["query"]>

/** Orders as a list: on their own page, and on a customer's. */
export function OrderTable(props: {
  query: Query
  list: ReturnType<typeof useList>
  ofCustomer?: boolean
  filters?: ReactNode
  actions?: ReactNode
  empty: ReactNode
}) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const { list } = props
  const query = useRead(
    listOrders,
    { query: { ...props.query, sort: list.sort as Query["sort"], cursor: list.cursor } },
    { keep: true },
  )
  const customer: Column<Order> = {
    key: "customer",
    title: t("orders.customer"),
    render: (r) => (
      <Link to="/customers/$id" params={{ id: r.customer_id }} search={{}} className="name">
        {r.customer_name || r.customer}
      </Link>
    ),
  }
  return (
    <DataTable
      views={!props.ofCustomer}
      name={props.ofCustomer ? "customer-orders" : "orders"}
      label={t("orders.list")}
      rows={query.data?.rows}
      rowKey={(r) => r.order_id}
      error={query.error}
      onRetry={() => void query.refetch()}
      refreshing={query.isPlaceholderData}
      paging={list.paging(query.data?.next_cursor)}
      sorted={list.sorted(orderSorting.first)}
      total={query.data?.total ?? null}
      filters={props.filters}
      actions={props.actions}
      empty={props.empty}
      expand={(r) => <Lines order={r} />}
      columns={[
        {
          key: "no",
          title: t("orders.order_no"),
          fixed: true,
          render: (r) => (
            <span className="num">{r.order_no ?? t("orders.no_number", { n: formatNumber(r.line) })}</span>
          ),
        },
        ...(props.ofCustomer ? [] : [customer]),
        { key: "status", title: t("orders.status"), render: (r) => <Status order={r} /> },
        {
          key: "paid",
          title: t("orders.paid"),
          numeric: true,
          sort: "paid_fen",
          render: (r) => formatMoney(r.paid_fen),
        },
        {
          key: "refunded",
          title: t("orders.refunded"),
          numeric: true,
          render: (r) => (r.refunded_fen === 0 ? MISSING : formatMoney(r.refunded_fen)),
        },
        { key: "source", title: t("orders.source"), render: (r) => word("order_source", r.source) },
        {
          key: "code",
          title: t("orders.source_code"),
          folded: true,
          render: (r) => r.source_code ?? MISSING,
        },
        { key: "at", title: t("orders.paid_at"), sort: "paid_at", render: (r) => <Time at={r.paid_at} /> },
      ]}
    />
  )
}

function Status(props: { order: Order }) {
  const { t } = useTranslation()
  const { cancelled, refunded_fen, paid_fen, lead_only } = props.order
  const [tone, word]: [Tone, "cancelled" | "all_refunded" | "part_refunded" | "paid_ok"] = cancelled
    ? ["plain", "cancelled"]
    : refunded_fen > 0
      ? ["warn", refunded_fen >= paid_fen ? "all_refunded" : "part_refunded"]
      : ["good", "paid_ok"]
  return (
    <span className="row">
      <Badge tone={tone}>{t(`orders.${word}`)}</Badge>
      {lead_only ? <Badge>{t("orders.lead_only")}</Badge> : null}
    </span>
  )
}

function Lines(props: { order: Order }) {
  const { t } = useTranslation()
  const { customer_id, order_id } = props.order
  const query = useRead(readOrder, { params: { customer_id, order_id } })
  return (
    <Ready query={query} rows={2}>
      {(order) => (
        <div className="stack-s">
          <PlainTable
            label={t("orders.lines")}
            head={[t("orders.product"), t("orders.qty"), t("orders.amount")]}
            rows={order.lines.map((line) => [
              line.name || line.sku,
              formatNumber(line.qty),
              formatMoney(line.fen),
            ])}
          />
          {order.refunds.length > 0 ? (
            <PlainTable
              label={t("orders.refunds")}
              head={[t("orders.refund_no"), t("orders.paid_at"), t("orders.amount")]}
              rows={order.refunds.map((one) => [
                one.refund_no,
                <Time key="at" at={one.at} />,
                formatMoney(one.refund_fen),
              ])}
            />
          ) : null}
        </div>
      )}
    </Ready>
  )
}
