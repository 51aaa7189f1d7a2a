import { Link } from "@tanstack/react-router"
import { Button } from "antd"
import { listSegments } from "../../../../modules/segments/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { DataTable } from "../../../../ui/data-table.tsx"
import { Time } from "../../../../ui/now.tsx"
import { Page as Sheet } from "../../../../ui/page.tsx"
import { Empty } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"
import { useSay } from "../../lib/words.ts"

export function Page() {
  const { t } = useTranslation()
  const say = useSay()
  const { can } = useSession()
  const query = useRead(listSegments, {})
  const make = can("segments.write") ? (
    <Link to="/segments/$id" params={{ id: "new" }} search={{}}>
      <Button type="primary">{t("segments.make")}</Button>
    </Link>
  ) : null
  return (
    <Sheet
      title={t("segments.title")}
      purpose={t("segments.purpose")}
      actions={
        <>
          <Link to="/segments/compare" search={{}}>
            <Button>{t("compare.title")}</Button>
          </Link>
          {make}
        </>
      }
    >
      <DataTable
        views
        name="segments"
        label={t("segments.list")}
        rows={query.data?.rows}
        rowKey={(r) => r.id}
        error={query.error}
        onRetry={() => void query.refetch()}
        total={query.data?.rows.length ?? null}
        empty={
          <Empty title={t("segments.empty")} action={make}>
            {t("segments.empty_text")}
          </Empty>
        }
        columns={[
          {
            key: "name",
            title: t("segments.name"),
            fixed: true,
            render: (r) => (
              <Link to="/segments/$id" params={{ id: r.id }} search={{}} className="name">
                {r.name}
              </Link>
            ),
          },
          {
            key: "sentence",
            title: t("segments.sentence"),
            render: (r) =>
              r.broken ? (
                <Badge tone="bad">{t("segments.broken")}</Badge>
              ) : (
                <span className="wrap-cell">{say(r.sentence)}</span>
              ),
          },
          {
            key: "kind",
            title: t("segments.kind"),
            render: (r) => (
              <Badge tone={r.frozen ? "plain" : "good"}>
                {t(r.frozen ? "segments.frozen" : "segments.dynamic")}
              </Badge>
            ),
          },
          {
            key: "version",
            title: t("segments.version"),
            numeric: true,
            folded: true,
            render: (r) => r.version,
          },
          { key: "updated", title: t("segments.updated"), render: (r) => <Time at={r.updated_at} /> },
        ]}
      />
    </Sheet>
  )
}
