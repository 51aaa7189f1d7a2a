import { Link } from "@tanstack/react-router"
import { Button } from "antd"
import { useState } from "react"
import type { CallAnswer, CallInput } from "../../../../kernel/client.ts"
import type { Words } from "../../../../kernel/contract.ts"
import { listAccounts } from "../../../../modules/accounts/contract.ts"
import {
  ACTIVITY_WORDS,
  STAGE_WORDS,
  STAGES,
  STANDING_WORDS,
  STANDINGS,
} from "../../../../modules/classes/shared.ts"
import {
  COUNT_LIMIT,
  countCustomers,
  customerSorting,
  listCustomers,
} from "../../../../modules/customers/contract.ts"
import { listStaff } from "../../../../modules/staff/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { DataTable, NOTHING_SELECTED } from "../../../../ui/data-table.tsx"
import { FilterBar } from "../../../../ui/filters.tsx"
import { formatMoney, formatNumber, MISSING } from "../../../../ui/format.ts"
import { Time } from "../../../../ui/now.tsx"
import { Page as Sheet } from "../../../../ui/page.tsx"
import { Empty } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import { useList } from "../../lib/search.ts"
import { useSelection } from "../../lib/selection.ts"
import { useSession } from "../../lib/session.tsx"
import { useSay } from "../../lib/words.ts"
import { Batch } from "./batch.tsx"
import { ExportReason } from "./export-reason.tsx"
import { dayOf, TagList } from "./values.tsx"

type Row = CallAnswer<typeof listCustomers>["rows"][number]
const FILTERS = ["q", "stage", "standing", "owner_staff_id", "account_id", "left_from", "left_to"]

const text = (row: Row, trait: string) => {
  const value = row.traits[trait]
  return typeof value === "string" ? value : null
}
const number = (row: Row, trait: string) => {
  const value = row.traits[trait]
  return typeof value === "number" ? value : null
}

export function Page() {
  const { t } = useTranslation()
  const say = useSay()
  const said = (words: Record<string, Words>, value: string | null) => say(value ? words[value] : null)
  const { can } = useSession()
  const list = useList(FILTERS)
  const [selection, setSelection] = useSelection(list.filters)
  const filter = list.filters as NonNullable<CallInput<typeof listCustomers>["query"]>
  const inOrder = { ...filter, sort: list.sort as typeof filter.sort }
  const query = useRead(
    listCustomers,
    { query: { ...inOrder, cursor: list.cursor, with_total: "true" } },
    { keep: true },
  )
  const everybody = useRead(countCustomers, { query: filter }, { enabled: selection.kind === "query" })
  const people = useRead(listStaff, {}, { enabled: can("staff.read") })
  const accounts = useRead(listAccounts, {}, { enabled: can("accounts.read") })
  const filtered = FILTERS.some((key) => list.filters[key])
  const total = query.data?.total ?? null

  const [taking, setTaking] = useState(false)
  const whom = { filter, sort: inOrder.sort, customer_ids: selection.kind === "ids" ? selection.ids : null }

  return (
    <Sheet
      title={t("customers.title")}
      purpose={t("customers.purpose")}
      actions={
        can("imports.write") && can("customers.write") ? (
          <Link to="/imports/new" search={{ kind: "customers" }}>
            <Button>{t("customers.import")}</Button>
          </Link>
        ) : null
      }
    >
      <ExportReason open={taking} onClose={() => setTaking(false)} whom={whom} />
      <DataTable
        views
        name="customers"
        label={t("customers.list")}
        rows={query.data?.rows}
        rowKey={(r) => r.id}
        error={query.error}
        onRetry={() => void query.refetch()}
        refreshing={query.isPlaceholderData}
        total={total === null ? null : Math.min(total, COUNT_LIMIT)}
        totalIsBound={total !== null && total > COUNT_LIMIT}
        paging={list.paging(query.data?.next_cursor)}
        sorted={list.sorted(customerSorting.first)}
        {...(can("customers.export") || can("tags.write")
          ? {
              selection: {
                value: selection,
                onChange: setSelection,
                allByQuery: true,
                queryCount: everybody.data?.people,
                bar: (n: number) => (
                  <>
                    <Batch
                      selection={selection}
                      count={n}
                      filter={filter}
                      onDone={() => setSelection(NOTHING_SELECTED)}
                    />
                    {can("customers.export") ? (
                      <Button disabled={n === 0} onClick={() => setTaking(true)}>
                        {t("customers.export_selected", { n: formatNumber(n) })}
                      </Button>
                    ) : null}
                  </>
                ),
              },
            }
          : {})}
        empty={
          filtered ? (
            <Empty
              title={t("customers.nobody")}
              action={<Button onClick={() => list.setFilters({})}>{t("ui.clear")}</Button>}
            >
              {t("customers.nobody_text")}
            </Empty>
          ) : (
            <Empty title={t("customers.empty")}>{t("customers.empty_text")}</Empty>
          )
        }
        filters={
          <FilterBar
            values={list.filters}
            onChange={list.setFilters}
            filters={[
              { key: "q", kind: "text", label: t("customers.search"), width: 200 },
              {
                key: "stage",
                kind: "choice",
                label: t("customers.stage"),
                options: STAGES.map((value) => ({ value, label: say(STAGE_WORDS[value]) })),
              },
              {
                key: "standing",
                kind: "choice",
                label: t("customers.standing"),
                options: STANDINGS.map((value) => ({ value, label: say(STANDING_WORDS[value]) })),
              },
              {
                key: "owner_staff_id",
                kind: "choice",
                label: t("customers.owner"),
                options: (people.data?.rows ?? []).map((p) => ({ value: p.id, label: p.name })),
              },
              {
                key: "account_id",
                kind: "choice",
                label: t("customers.account"),
                options: (accounts.data?.rows ?? []).map((a) => ({ value: a.id, label: a.name })),
              },
              // Who left is asked for by a number of the dashboard; the bar has no room for two days more of everybody's.
              ...(list.filters.left_from || list.filters.left_to
                ? ([
                    { key: "left_from", kind: "day", label: t("customers.left_from"), width: 128 },
                    { key: "left_to", kind: "day", label: t("customers.left_to"), width: 128 },
                  ] as const)
                : []),
            ]}
          />
        }
        columns={[
          {
            key: "name",
            title: t("customers.name"),
            fixed: true,
            render: (r) => (
              <span>
                <Link to="/customers/$id" params={{ id: r.id }} search={{}} className="name">
                  {r.remark || r.name || MISSING}
                </Link>
                {r.remark && r.remark !== r.name ? <span className="secondary small"> {r.name}</span> : null}
              </span>
            ),
          },
          {
            key: "stage",
            title: t("customers.stage"),
            render: (r) => {
              const value = text(r, "customers.stage")
              return value ? (
                <Badge tone={value === "prospect" ? "plain" : "good"}>{said(STAGE_WORDS, value)}</Badge>
              ) : (
                MISSING
              )
            },
          },
          {
            key: "standing",
            title: t("customers.standing"),
            render: (r) => said(STANDING_WORDS, text(r, "customers.standing")),
          },
          {
            key: "activity",
            title: t("customers.activity"),
            render: (r) => said(ACTIVITY_WORDS, text(r, "customers.activity")),
          },
          {
            key: "tags",
            title: t("customers.tags"),
            render: (r) => <TagList value={r.traits["tags.all"]} max={3} />,
          },
          {
            key: "phone",
            title: t("customers.phone"),
            folded: true,
            render: (r) => r.phone_masked ?? MISSING,
          },
          {
            key: "source",
            title: t("customers.source"),
            folded: true,
            render: (r) => r.source_code ?? MISSING,
          },
          {
            key: "owner",
            title: t("customers.owner"),
            render: (r) => <span className="name">{r.owner_name ?? MISSING}</span>,
          },
          {
            key: "orders",
            title: t("customers.orders"),
            numeric: true,
            sort: "orders",
            render: (r) => formatNumber(number(r, "orders.count")),
          },
          {
            key: "gmv",
            title: t("customers.gmv"),
            numeric: true,
            sort: "gmv",
            render: (r) => formatMoney(number(r, "orders.gmv_fen")),
          },
          {
            key: "points",
            title: t("customers.points"),
            numeric: true,
            folded: true,
            sort: "points",
            render: (r) => formatNumber(number(r, "points.balance")),
          },
          {
            key: "last",
            title: t("customers.last_order"),
            sort: "last_order",
            render: (r) => dayOf(number(r, "orders.last_day")),
          },
          {
            key: "first",
            title: t("customers.first_contact"),
            sort: "first_contact",
            render: (r) => <Time at={r.first_contact_at} />,
          },
        ]}
      />
    </Sheet>
  )
}
