import { Link } from "@tanstack/react-router"
import { Button } from "antd"
import type { CallInput } from "../../../../kernel/client.ts"
import { exportOrders, listOrderSources, listOrders } from "../../../../modules/orders/contract.ts"
import { FilterBar } from "../../../../ui/filters.tsx"
import { formatDay } from "../../../../ui/format.ts"
import { Page as Sheet } from "../../../../ui/page.tsx"
import { Empty } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useList } from "../../lib/search.ts"
import { useSession } from "../../lib/session.tsx"
import { useExport } from "../../lib/use-export.ts"
import { useCodeWord } from "../../lib/words.ts"
import { OrderTable } from "./table.tsx"

const FILTERS = ["order_no", "source", "from", "to"]

export function Page() {
  const { t } = useTranslation()
  const { can } = useSession()
  const list = useList(FILTERS)
  const file = useExport()
  const record = useChange(exportOrders)
  const sources = useRead(listOrderSources, {})
  const word = useCodeWord()
  const filter = list.filters as NonNullable<CallInput<typeof listOrders>["query"]>
  const inOrder = { ...filter, sort: list.sort as typeof filter.sort }
  const download = () =>
    file.save(
      {
        name: t("orders.title"),
        record: () => record.mutateAsync({ body: { filter: list.filters } }),
        endpoint: listOrders,
        query: inOrder,
        columns: [
          [t("orders.order_no"), (r) => r.order_no ?? ""],
          [t("orders.customer"), (r) => r.customer],
          [t("orders.source"), (r) => word("order_source", r.source)],
          [t("orders.paid"), (r) => (r.paid_fen / 100).toFixed(2)],
          [t("orders.refunded"), (r) => (r.refunded_fen / 100).toFixed(2)],
          [t("orders.paid_at"), (r) => formatDay(r.paid_at)],
        ],
      },
      (n) => t("orders.exported", { n }),
    )
  const filtered = FILTERS.some((key) => list.filters[key])
  return (
    <Sheet
      title={t("orders.title")}
      purpose={t("orders.purpose")}
      actions={
        can("imports.write") ? (
          <Link to="/imports/new" search={{ kind: "orders" }}>
            <Button type="primary">{t("orders.import")}</Button>
          </Link>
        ) : null
      }
    >
      <OrderTable
        query={filter}
        list={list}
        actions={
          can("orders.export") ? (
            <Button loading={file.exporting} onClick={() => void download()}>
              {t("orders.export")}
            </Button>
          ) : null
        }
        empty={
          filtered ? (
            <Empty
              title={t("orders.nothing")}
              action={<Button onClick={() => list.setFilters({})}>{t("ui.clear")}</Button>}
            >
              {t("orders.nothing_text")}
            </Empty>
          ) : (
            <Empty title={t("orders.empty")}>{t("orders.empty_text")}</Empty>
          )
        }
        filters={
          <FilterBar
            values={list.filters}
            onChange={list.setFilters}
            filters={[
              { key: "order_no", kind: "text", label: t("orders.order_no") },
              {
                key: "source",
                kind: "choice",
                label: t("orders.source"),
                options: (sources.data?.rows ?? []).map(({ source }) => ({
                  value: source,
                  label: word("order_source", source),
                })),
              },
              { key: "from", kind: "day", label: t("orders.from") },
              { key: "to", kind: "day", label: t("orders.to") },
            ]}
          />
        }
      />
    </Sheet>
  )
}

/** The orders of one customer. */
export function CustomerOrders(props: { id: string }) {
  const { t } = useTranslation()
  const list = useList([])
  return (
    <OrderTable
      ofCustomer
      query={{ customer_id: props.id }}
      list={list}
      empty={<Empty title={t("orders.none_for_customer")}>{t("orders.none_for_customer_text")}</Empty>}
    />
  )
}
