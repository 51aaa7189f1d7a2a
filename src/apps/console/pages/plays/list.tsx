import { Link } from "@tanstack/react-router"
import { Button } from "antd"
import { listPlays } from "../../../../modules/plans/plays/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { DataTable } from "../../../../ui/data-table.tsx"
import { formatNumber, MISSING } from "../../../../ui/format.ts"
import { Page as Sheet } from "../../../../ui/page.tsx"
import { Empty } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"

const REFRESH_MS = 15_000

export function Page() {
  const { t } = useTranslation()
  const { can } = useSession()
  const query = useRead(listPlays, {}, { every_ms: REFRESH_MS })
  return (
    <Sheet
      title={t("plays.title")}
      purpose={t("plays.purpose")}
      actions={
        can("plays.write") ? (
          <Link to="/plays/new">
            <Button type="primary">{t("plays.make")}</Button>
          </Link>
        ) : null
      }
    >
      <DataTable
        views
        name="plays"
        label={t("plays.list")}
        rows={query.data?.rows}
        rowKey={(r) => r.id}
        error={query.error}
        onRetry={() => void query.refetch()}
        total={query.data?.rows.length ?? null}
        empty={<Empty title={t("plays.empty")}>{t("plays.empty_text")}</Empty>}
        columns={[
          {
            key: "name",
            title: t("plays.name"),
            fixed: true,
            render: (r) => (
              <Link to="/plays/$id" params={{ id: r.id }} search={{}} className="name">
                {r.name}
              </Link>
            ),
          },
          {
            key: "state",
            title: t("plays.state"),
            render: (r) => (
              <Badge tone={r.running ? "good" : "plain"}>
                {t(r.running ? "plays.running" : "plays.stopped_state")}
              </Badge>
            ),
          },
          {
            key: "version",
            title: t("plays.published"),
            numeric: true,
            render: (r) => r.published ?? MISSING,
          },
          { key: "active", title: t("plays.active"), numeric: true, render: (r) => formatNumber(r.active) },
          { key: "done", title: t("plays.done"), numeric: true, render: (r) => formatNumber(r.done) },
          { key: "left", title: t("plays.left"), numeric: true, render: (r) => formatNumber(r.stopped) },
          { key: "failed", title: t("plays.failed"), numeric: true, render: (r) => formatNumber(r.failed) },
        ]}
      />
    </Sheet>
  )
}
