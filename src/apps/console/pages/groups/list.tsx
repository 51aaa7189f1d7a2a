import { Link } from "@tanstack/react-router"
import { type GroupSort, groupSorting, listGroups } from "../../../../modules/groups/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { DataTable } from "../../../../ui/data-table.tsx"
import { formatNumber, MISSING } from "../../../../ui/format.ts"
import { Time } from "../../../../ui/now.tsx"
import { Page as Sheet } from "../../../../ui/page.tsx"
import { Empty } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import { useList } from "../../lib/search.ts"

export function Page() {
  const { t } = useTranslation()
  const list = useList([])
  const query = useRead(listGroups, { query: { sort: list.sort as GroupSort } }, { keep: true })
  return (
    <Sheet title={t("groups.title")} purpose={t("groups.purpose")}>
      <DataTable
        views
        name="groups"
        label={t("groups.list")}
        sorted={list.sorted(groupSorting.first)}
        refreshing={query.isPlaceholderData}
        rows={query.data?.rows}
        rowKey={(r) => r.id}
        error={query.error}
        onRetry={() => void query.refetch()}
        total={query.data?.rows.length ?? null}
        empty={<Empty title={t("groups.empty")}>{t("groups.empty_text")}</Empty>}
        columns={[
          {
            key: "name",
            title: t("groups.name"),
            fixed: true,
            render: (r) => (
              <span className="row">
                <Link to="/groups/$id" params={{ id: r.id }} search={{}} className="name">
                  {r.name || t("groups.unnamed")}
                </Link>
                {r.dismissed_at ? <Badge>{t("groups.dismissed")}</Badge> : null}
              </span>
            ),
          },
          { key: "owner", title: t("groups.owner"), render: (r) => r.owner_name ?? r.owner_ref ?? MISSING },
          {
            key: "members",
            title: t("groups.members"),
            numeric: true,
            sort: "members",
            render: (r) => formatNumber(r.members),
          },
          {
            key: "customers",
            title: t("groups.customers"),
            numeric: true,
            sort: "customers",
            render: (r) => formatNumber(r.customers),
          },
          {
            key: "spoke",
            title: t("groups.spoke_7d"),
            numeric: true,
            sort: "spoke_7d",
            render: (r) => formatNumber(r.spoke_7d),
          },
          {
            key: "joined",
            title: t("groups.joined_7d"),
            numeric: true,
            sort: "joined_7d",
            render: (r) => formatNumber(r.joined_7d),
          },
          {
            key: "left",
            title: t("groups.left_7d"),
            numeric: true,
            sort: "left_7d",
            render: (r) => formatNumber(r.left_7d),
          },
          {
            key: "messages",
            title: t("groups.messages"),
            numeric: true,
            sort: "messages",
            folded: true,
            render: (r) => formatNumber(r.messages),
          },
          {
            key: "created",
            title: t("groups.created"),
            sort: "created_at",
            folded: true,
            render: (r) => <Time at={r.created_at} />,
          },
          {
            key: "last",
            title: t("groups.last_message"),
            sort: "last_message_at",
            render: (r) => <Time at={r.last_message_at} />,
          },
        ]}
      />
    </Sheet>
  )
}
