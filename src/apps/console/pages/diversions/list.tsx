import { Link } from "@tanstack/react-router"
import { Button } from "antd"
import type { CallAnswer } from "../../../../kernel/client.ts"
import { listDiversions } from "../../../../modules/plans/diversions/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { DataTable } from "../../../../ui/data-table.tsx"
import { formatNumber, formatShare } from "../../../../ui/format.ts"
import { Time } from "../../../../ui/now.tsx"
import { Page as Sheet } from "../../../../ui/page.tsx"
import { Empty } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import { useList } from "../../lib/search.ts"
import { useSession } from "../../lib/session.tsx"

export type Diversion = CallAnswer<typeof listDiversions>["rows"][number]
const REFRESH_MS = 15_000
const TONES = { running: "good", ended: "plain", cancelled: "warn" } as const

export function StateBadge(props: { state: Diversion["state"] }) {
  const { t } = useTranslation()
  const tone = TONES[props.state]
  return <Badge {...(tone === "plain" ? {} : { tone })}>{t(`diversions.is_${props.state}`)}</Badge>
}

/** Layers and segments that are being shared out over accounts, each with how far its people have come. */
export function Page() {
  const { t } = useTranslation()
  const { can } = useSession()
  const list = useList([])
  const query = useRead(
    listDiversions,
    { query: { cursor: list.cursor } },
    { keep: true, every_ms: REFRESH_MS },
  )
  const make = can("plans.write") ? (
    <Link to="/diversions/new" search={{}}>
      <Button type="primary">{t("diversions.make")}</Button>
    </Link>
  ) : null
  const share = (n: number, of: number) => `${formatNumber(n)} · ${formatShare(n, of)}`
  return (
    <Sheet title={t("diversions.title")} purpose={t("diversions.purpose")} actions={make}>
      <DataTable
        name="diversions"
        label={t("diversions.list")}
        rows={query.data?.rows}
        rowKey={(r) => r.id}
        error={query.error}
        onRetry={() => void query.refetch()}
        refreshing={query.isPlaceholderData}
        paging={list.paging(query.data?.next_cursor)}
        empty={
          <Empty title={t("diversions.empty")} action={make}>
            {t("diversions.empty_text")}
          </Empty>
        }
        columns={[
          {
            key: "name",
            title: t("diversions.name"),
            fixed: true,
            render: (r) => (
              <Link to="/diversions/$id" params={{ id: r.id }} search={{}} className="name">
                {r.name}
              </Link>
            ),
          },
          { key: "state", title: t("diversions.state"), render: (r) => <StateBadge state={r.state} /> },
          {
            key: "planned",
            title: t("diversions.planned"),
            numeric: true,
            render: (r) => t("diversions.n_people", { n: formatNumber(r.funnel.planned) }),
          },
          {
            key: "invited",
            title: t("diversions.invited"),
            numeric: true,
            render: (r) => share(r.funnel.invited, r.funnel.planned),
          },
          {
            key: "added",
            title: t("diversions.added"),
            numeric: true,
            render: (r) => share(r.funnel.added, r.funnel.planned),
          },
          {
            key: "grouped",
            title: t("diversions.grouped"),
            numeric: true,
            render: (r) => share(r.funnel.grouped, r.funnel.planned),
          },
          {
            key: "accounts",
            title: t("diversions.accounts"),
            numeric: true,
            render: (r) => t("diversions.n_accounts", { n: r.accounts.length }),
          },
          { key: "made", title: t("diversions.made"), render: (r) => <Time at={r.made_at} /> },
        ]}
      />
    </Sheet>
  )
}
