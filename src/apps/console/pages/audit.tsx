import { listAudit } from "../../../modules/staff/contract.ts"
import { DataTable } from "../../../ui/data-table.tsx"
import { FilterBar } from "../../../ui/filters.tsx"
import { MISSING } from "../../../ui/format.ts"
import { Time } from "../../../ui/now.tsx"
import { Facts, Page as Sheet } from "../../../ui/page.tsx"
import { Empty } from "../../../ui/states.tsx"
import { useTranslation } from "../../../ui/words/use.ts"
import { useRead } from "../lib/client.ts"
import { useList } from "../lib/search.ts"
import { useCodeWord, useSay } from "../lib/words.ts"

export function Page() {
  const { t } = useTranslation()
  const say = useSay()
  const word = useCodeWord()
  const list = useList(["target"])
  const query = useRead(
    listAudit,
    { query: { target: list.filters.target, cursor: list.cursor } },
    { keep: true },
  )
  return (
    <Sheet title={t("audit.title")} purpose={t("audit.purpose")}>
      <DataTable
        views
        name="audit"
        label={t("audit.list")}
        rows={query.data?.rows}
        rowKey={(row) => String(row.seq)}
        error={query.error}
        onRetry={() => void query.refetch()}
        refreshing={query.isPlaceholderData}
        paging={list.paging(query.data?.next_cursor)}
        empty={<Empty title={t("audit.empty")}>{t("audit.empty_text")}</Empty>}
        filters={
          <FilterBar
            filters={[{ key: "target", kind: "text", label: t("audit.filter_target") }]}
            values={list.filters}
            onChange={list.setFilters}
          />
        }
        expand={(row) => (
          <Facts
            items={[
              [t("audit.before"), <Json key="b" value={row.before} />],
              [t("audit.after"), <Json key="a" value={row.after} />],
              [
                t("audit.request"),
                <span key="r" className="mono">
                  {row.request_id ?? MISSING}
                </span>,
              ],
            ]}
          />
        )}
        columns={[
          { key: "seq", title: t("audit.seq"), render: (r) => r.seq, numeric: true, width: 80, fixed: true },
          {
            key: "actor",
            title: t("audit.actor"),
            render: (r) => <span className="name">{r.actor_name ?? word("actor_kind", r.actor_kind)}</span>,
          },
          {
            key: "action",
            title: t("audit.action"),
            render: (r) =>
              r.action_words ? <span>{say(r.action_words)}</span> : <code className="mono">{r.action}</code>,
          },
          {
            key: "target",
            title: t("audit.target"),
            render: (r) => <Target of={r.target} />,
          },
          { key: "ip", title: t("audit.ip"), render: (r) => r.ip ?? MISSING, folded: true },
          { key: "at", title: t("audit.at"), render: (r) => <Time at={r.at} /> },
        ]}
      />
    </Sheet>
  )
}

/** `send:01a2…` as the kind of thing and its number; the number is what the filter takes. */
function Target(props: { of: string | null }) {
  const word = useCodeWord()
  if (!props.of) return <>—</>
  const [kind = "", ...rest] = props.of.split(":")
  return (
    <>
      {word("audit_target", kind.replaceAll(".", "_"))} <code className="mono small">{rest.join(":")}</code>
    </>
  )
}

function Json(props: { value: unknown }) {
  if (props.value === null || props.value === undefined) return <>—</>
  return <code className="mono pre">{JSON.stringify(props.value, null, 1)}</code>
}
