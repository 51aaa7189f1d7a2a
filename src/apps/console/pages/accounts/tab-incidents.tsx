import { listIncidents } from "../../../../modules/accounts/hazard/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { DataTable } from "../../../../ui/data-table.tsx"
import { MISSING } from "../../../../ui/format.ts"
import { Time } from "../../../../ui/now.tsx"
import { Empty } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import { useCodeWord } from "../../lib/words.ts"

export function Incidents(props: { id: string }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const query = useRead(listIncidents, { params: { id: props.id } })
  return (
    <DataTable
      name="account-incidents"
      label={t("accounts.tab_incidents")}
      rows={query.data?.rows}
      rowKey={(r) => r.id}
      error={query.error}
      onRetry={() => void query.refetch()}
      empty={<Empty title={t("accounts.no_incidents")}>{t("accounts.incident_hint")}</Empty>}
      columns={[
        {
          key: "kind",
          title: t("accounts.incident"),
          fixed: true,
          render: (r) => <span className="name">{word("incident_kind", r.kind)}</span>,
        },
        {
          key: "state",
          title: t("accounts.state"),
          render: (r) => (
            <Badge tone={r.over_at ? "good" : "bad"}>
              {t(r.over_at ? "accounts.over" : "accounts.open_incident")}
            </Badge>
          ),
        },
        { key: "note", title: t("accounts.note"), render: (r) => r.note },
        { key: "at", title: t("accounts.when"), render: (r) => <Time at={r.at} /> },
        { key: "by", title: t("accounts.by"), render: (r) => r.by_name ?? MISSING },
        { key: "over", title: t("accounts.cleared"), render: (r) => r.over_note || MISSING },
      ]}
    />
  )
}
