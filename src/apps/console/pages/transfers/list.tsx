import { Link } from "@tanstack/react-router"
import { listTransfers } from "../../../../modules/transfers/contract.ts"
import { DataTable } from "../../../../ui/data-table.tsx"
import { Time } from "../../../../ui/now.tsx"
import { Page as Sheet } from "../../../../ui/page.tsx"
import { Empty } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import { useList } from "../../lib/search.ts"
import { Leavings } from "./leavings.tsx"
import { Progress } from "./state.tsx"
import { Unowned } from "./unowned.tsx"

const REFRESH_MS = 10_000

export function Page() {
  const { t } = useTranslation()
  const list = useList([])
  const query = useRead(
    listTransfers,
    { query: { cursor: list.cursor } },
    { keep: true, every_ms: REFRESH_MS },
  )
  return (
    <Sheet title={t("transfers.title")} purpose={t("transfers.purpose")}>
      <div className="stack">
        <Unowned />
        <Leavings />
        <DataTable
          name="transfers"
          label={t("transfers.list")}
          rows={query.data?.rows}
          rowKey={(r) => r.id}
          error={query.error}
          onRetry={() => void query.refetch()}
          refreshing={query.isPlaceholderData}
          paging={list.paging(query.data?.next_cursor)}
          empty={
            <Empty
              title={t("transfers.empty")}
              action={
                <Link to="/customers" search={{}}>
                  {t("transfers.to_customers")}
                </Link>
              }
            >
              {t("transfers.empty_text")}
            </Empty>
          }
          columns={[
            {
              key: "to",
              title: t("transfers.to"),
              fixed: true,
              render: (r) => (
                <Link to="/transfers/$id" params={{ id: r.id }} search={{}} className="name">
                  {r.to_account_name}
                </Link>
              ),
            },
            { key: "reason", title: t("transfers.reason"), render: (r) => t(`transfers.reason_${r.reason}`) },
            { key: "progress", title: t("transfers.progress"), render: (r) => <Progress row={r} /> },
            { key: "at", title: t("transfers.effective_at"), render: (r) => <Time at={r.effective_at} /> },
            { key: "by", title: t("transfers.made_by"), render: (r) => r.made_by_name },
            {
              key: "made",
              title: t("transfers.made_at"),
              folded: true,
              render: (r) => <Time at={r.made_at} />,
            },
          ]}
        />
      </div>
    </Sheet>
  )
}
