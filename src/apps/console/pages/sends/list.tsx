import { Link } from "@tanstack/react-router"
import { Button } from "antd"
import { listSends, type SendSort, sendSorting } from "../../../../modules/sends/contract.ts"
import { DataTable } from "../../../../ui/data-table.tsx"
import { Time } from "../../../../ui/now.tsx"
import { Page as Sheet } from "../../../../ui/page.tsx"
import { Empty } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import { useList } from "../../lib/search.ts"
import { useSession } from "../../lib/session.tsx"
import { SendStateBadge } from "./state.tsx"

const REFRESH_MS = 10_000

export function Page() {
  const { t } = useTranslation()
  const { can } = useSession()
  const list = useList([])
  const query = useRead(
    listSends,
    { query: { sort: list.sort as SendSort, cursor: list.cursor } },
    { keep: true, every_ms: REFRESH_MS },
  )
  const make = can("sends.write") ? (
    <Link to="/sends/new" search={{}}>
      <Button type="primary">{t("sends.make")}</Button>
    </Link>
  ) : null
  return (
    <Sheet title={t("sends.title")} purpose={t("sends.purpose")} actions={make}>
      <DataTable
        views
        name="sends"
        label={t("sends.list")}
        rows={query.data?.rows}
        rowKey={(r) => r.id}
        error={query.error}
        onRetry={() => void query.refetch()}
        refreshing={query.isPlaceholderData}
        paging={list.paging(query.data?.next_cursor)}
        sorted={list.sorted(sendSorting.first)}
        empty={
          <Empty title={t("sends.empty")} action={make}>
            {t("sends.empty_text")}
          </Empty>
        }
        columns={[
          {
            key: "name",
            title: t("sends.name"),
            fixed: true,
            render: (r) => (
              <Link to="/sends/$id" params={{ id: r.id }} search={{}} className="name">
                {r.name}
              </Link>
            ),
          },
          { key: "state", title: t("sends.state"), render: (r) => <SendStateBadge state={r.state} /> },
          { key: "nature", title: t("sends.nature"), render: (r) => t(`sends.${r.nature}`) },
          { key: "text", title: t("sends.text"), render: (r) => <span className="clip">{r.text}</span> },
          { key: "at", title: t("sends.send_at"), sort: "send_at", render: (r) => <Time at={r.send_at} /> },
          {
            key: "created",
            title: t("sends.created"),
            sort: "created_at",
            folded: true,
            render: (r) => <Time at={r.created_at} />,
          },
        ]}
      />
    </Sheet>
  )
}
