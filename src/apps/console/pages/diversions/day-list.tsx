import { Link } from "@tanstack/react-router"
import { readDiversionDay } from "../../../../modules/plans/diversions/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { DataTable } from "../../../../ui/data-table.tsx"
import { MISSING } from "../../../../ui/format.ts"
import { Empty } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import { useList } from "../../lib/search.ts"

/** Who adds whom on one day, and with which words. */
export function DayList(props: { id: string; day: string }) {
  const { t } = useTranslation()
  const { id, day } = props
  const list = useList(["day"])
  const query = useRead(
    readDiversionDay,
    { params: { id, day }, query: { cursor: list.cursor } },
    { keep: true },
  )
  const title = t("diversions.day_list", { day })
  return (
    <section className="stack-s" aria-label={title}>
      <h2>{title}</h2>
      <DataTable
        name="diversion-day"
        label={title}
        rows={query.data?.rows}
        rowKey={(r) => r.customer_id}
        error={query.error}
        onRetry={() => void query.refetch()}
        refreshing={query.isPlaceholderData}
        paging={list.paging(query.data?.next_cursor)}
        empty={<Empty title={t("diversions.day_empty")}>{t("diversions.day_empty_text")}</Empty>}
        columns={[
          {
            key: "customer",
            title: t("diversions.customer"),
            fixed: true,
            render: (r) => (
              <Link to="/customers/$id" params={{ id: r.customer_id }} search={{}} className="name">
                {r.customer_name || MISSING}
              </Link>
            ),
          },
          { key: "account", title: t("diversions.by_account"), render: (r) => r.account_name || MISSING },
          { key: "assignee", title: t("diversions.who_adds"), render: (r) => r.assignee_name ?? MISSING },
          {
            key: "state",
            title: t("diversions.reached"),
            render: (r) => (
              <Badge {...(TONE[r.state] ? { tone: TONE[r.state]! } : {})}>
                {t(`diversions.${STATE[r.state]}`)}
              </Badge>
            ),
          },
          {
            key: "opening",
            title: t("diversions.opening"),
            render: (r) => <span className="wrap-cell">{r.opening}</span>,
          },
        ]}
      />
    </section>
  )
}

const STATE = {
  planned: "planned",
  invited: "invited",
  added: "added",
  grouped: "grouped",
  dropped: "state_dropped",
} as const
const TONE: Record<keyof typeof STATE, "good" | "warn" | "info" | null> = {
  planned: null,
  invited: "info",
  added: "good",
  grouped: "good",
  dropped: null,
}
