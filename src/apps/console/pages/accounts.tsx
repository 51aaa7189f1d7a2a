import { Button, Form, Select } from "antd"
import { useState } from "react"
import type { CallAnswer } from "../../../kernel/client.ts"
import { listAccounts, saveAccount } from "../../../modules/accounts/contract.ts"
import { Badge } from "../../../ui/badge.tsx"
import { DataTable } from "../../../ui/data-table.tsx"
import { FormDrawer } from "../../../ui/form-drawer.tsx"
import { formatNumber } from "../../../ui/format.ts"
import { NumberItem } from "../../../ui/number-field.tsx"
import { Page as Sheet } from "../../../ui/page.tsx"
import { Empty } from "../../../ui/states.tsx"
import { toast } from "../../../ui/toast.tsx"
import { useTranslation } from "../../../ui/words/use.ts"
import { useChange, useRead } from "../lib/client.ts"
import { useSession } from "../lib/session.tsx"
import { useCodeWord } from "../lib/words.ts"

type Row = CallAnswer<typeof listAccounts>["rows"][number]
type Values = { hazard?: Row["hazard"]; nurture_level?: number }
const HAZARDS = ["none", "restricted", "banned", "lost"] as const

export function Page() {
  const { t } = useTranslation()
  const word = useCodeWord()
  const { can } = useSession()
  const query = useRead(listAccounts, {})
  const save = useChange(saveAccount, ["accounts"])
  const [editing, setEditing] = useState<Row | null>(null)
  return (
    <Sheet title={t("account.title")} purpose={t("account.purpose")}>
      <DataTable
        views
        name="accounts"
        label={t("account.list")}
        rows={query.data?.rows}
        rowKey={(r) => r.id}
        error={query.error}
        onRetry={() => void query.refetch()}
        total={query.data?.rows.length ?? null}
        empty={<Empty title={t("account.empty")}>{t("account.empty_text")}</Empty>}
        columns={[
          {
            key: "name",
            title: t("account.name"),
            fixed: true,
            render: (r) => <span className="name">{r.name}</span>,
          },
          {
            key: "function",
            title: t("account.function"),
            render: (r) => word("account_function", r.function),
          },
          {
            key: "custodian",
            title: t("account.custodian"),
            render: (r) => r.custodian_name ?? <span className="warn">{t("account.no_custodian")}</span>,
          },
          {
            key: "hazard",
            title: t("account.hazard"),
            render: (r) => (
              <Badge tone={r.hazard === "none" ? "good" : "bad"}>{t(`hazard.${r.hazard}`)}</Badge>
            ),
          },
          {
            key: "state",
            title: t("account.state"),
            render: (r) => word("account_state", r.state),
            folded: true,
          },
          { key: "nurture", title: t("account.nurture"), numeric: true, render: (r) => r.nurture_level },
          {
            key: "contacts",
            title: t("account.contacts"),
            numeric: true,
            render: (r) => formatNumber(r.contacts),
          },
          {
            key: "qf",
            title: t("account.quota_friends"),
            numeric: true,
            render: (r) => formatNumber(r.quotas.friends),
          },
          {
            key: "qp",
            title: t("account.quota_private"),
            numeric: true,
            render: (r) => formatNumber(r.quotas.private_messages),
          },
          {
            key: "qg",
            title: t("account.quota_group"),
            numeric: true,
            folded: true,
            render: (r) => formatNumber(r.quotas.group_messages),
          },
          {
            key: "qm",
            title: t("account.quota_moments"),
            numeric: true,
            folded: true,
            render: (r) => formatNumber(r.quotas.moments),
          },
          {
            key: "do",
            title: "",
            fixed: true,
            render: (r) =>
              can("accounts.write") ? (
                <Button type="link" size="small" onClick={() => setEditing(r)}>
                  {t("account.change")}
                </Button>
              ) : null,
          },
        ]}
      />
      <FormDrawer<Values>
        open={editing !== null}
        title={t("account.change_title", { name: editing?.name ?? "" })}
        verb={t("ui.save")}
        onClose={() => setEditing(null)}
        initial={
          editing
            ? {
                hazard: editing.hazard,
                nurture_level: editing.nurture_level,
              }
            : {}
        }
        onSubmit={async (values) => {
          if (!editing) return
          await save.mutateAsync({
            params: { id: editing.id },
            body: values,
          })
          setEditing(null)
          toast(t("account.saved"))
        }}
      >
        <Form.Item name="hazard" label={t("account.hazard")}>
          <Select options={HAZARDS.map((value) => ({ value, label: t(`hazard.${value}`) }))} />
        </Form.Item>
        <NumberItem name="nurture_level" label={t("account.nurture")} min={0} max={5} decimals={0} required />
      </FormDrawer>
    </Sheet>
  )
}
