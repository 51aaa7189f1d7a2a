import { Link } from "@tanstack/react-router"
import { segmentMembers } from "../../../../modules/segments/contract.ts"
import { DataTable } from "../../../../ui/data-table.tsx"
import { MISSING } from "../../../../ui/format.ts"
import { Empty } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import { useList } from "../../lib/search.ts"

/** Whom the saved rule finds now, page by page. */
export function Members(props: { id: string }) {
  const { t } = useTranslation()
  const list = useList([])
  const query = useRead(
    segmentMembers,
    { params: { id: props.id }, query: { cursor: list.cursor } },
    { keep: true },
  )
  return (
    <section className="stack-s" aria-label={t("segments.members")}>
      <h2>{t("segments.members")}</h2>
      <DataTable
        name="segment-members"
        label={t("segments.members")}
        rows={query.data?.rows}
        rowKey={(row) => row.customer_id}
        error={query.error}
        onRetry={() => void query.refetch()}
        refreshing={query.isPlaceholderData}
        paging={list.paging(query.data?.next_cursor)}
        empty={<Empty title={t("segments.no_members")}>{t("segments.no_members_text")}</Empty>}
        columns={[
          {
            key: "name",
            title: t("segments.member"),
            fixed: true,
            render: (row) => (
              <Link to="/customers/$id" params={{ id: row.customer_id }} search={{}} className="name">
                {row.name || MISSING}
              </Link>
            ),
          },
          {
            key: "owner",
            title: t("segments.member_owner"),
            render: (row) => <span className="name">{row.owner_name ?? MISSING}</span>,
          },
        ]}
      />
    </section>
  )
}
