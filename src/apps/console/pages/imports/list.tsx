import { Link } from "@tanstack/react-router"
import { Button } from "antd"
import { listImportKinds, listImports } from "../../../../modules/imports/contract.ts"
import { DataTable } from "../../../../ui/data-table.tsx"
import { formatNumber, MISSING } from "../../../../ui/format.ts"
import { Time } from "../../../../ui/now.tsx"
import { Page as Sheet } from "../../../../ui/page.tsx"
import { Empty } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import { useList } from "../../lib/search.ts"
import { useSay } from "../../lib/words.ts"
import { ImportState, isOpen } from "./state.tsx"

const BUSY_MS = 2_000
const IDLE_MS = 15_000

/** Every file that was sent: whose it was and what became of it. */
export function Page() {
  const { t } = useTranslation()
  const list = useList(["kind"])
  const kinds = useRead(listImportKinds, {})
  const say = useSay()
  const wordOf = (name: string) => say(kinds.data?.rows.find((kind) => kind.name === name)?.words)
  const query = useRead(
    listImports,
    { query: { cursor: list.cursor, kind: list.filters.kind } },
    { keep: true, every_ms: (data) => (data?.rows.some(isOpen) ? BUSY_MS : IDLE_MS) },
  )
  const open = (
    <Link to="/imports/new" search={{}}>
      <Button type="primary">{t("imports.open")}</Button>
    </Link>
  )
  return (
    <Sheet title={t("imports.history")} purpose={t("imports.history_purpose")} actions={open}>
      <DataTable
        name="imports"
        label={t("imports.history")}
        rows={query.data?.rows}
        rowKey={(r) => r.id}
        error={query.error}
        onRetry={() => void query.refetch()}
        refreshing={query.isPlaceholderData}
        paging={list.paging(query.data?.next_cursor)}
        empty={<Empty title={t("imports.no_history")}>{t("imports.no_history_text")}</Empty>}
        columns={[
          {
            key: "file",
            title: t("imports.file"),
            fixed: true,
            render: (r) => (
              <Link to="/imports/$id" params={{ id: r.id }} search={{}} className="name">
                {r.file_name}
              </Link>
            ),
          },
          { key: "kind", title: t("imports.kind"), render: (r) => wordOf(r.kind) },
          { key: "state", title: t("imports.state"), render: (r) => <ImportState row={r} /> },
          { key: "by", title: t("imports.by"), render: (r) => r.by_name ?? MISSING },
          ...(["read", "imported", "changed", "skipped", "failed"] as const).map((key) => ({
            key,
            title: t(`imports.count_${key}`),
            numeric: true,
            render: (r: { counts: Record<typeof key, number> | null }) => formatNumber(r.counts?.[key]),
          })),
          { key: "at", title: t("imports.sent_at"), render: (r) => <Time at={r.created_at} /> },
        ]}
      />
    </Sheet>
  )
}
