import { Link, useNavigate } from "@tanstack/react-router"
import { Button, Form, Input } from "antd"
import { useState } from "react"
import { listStocktakes, openStocktake } from "../../../../modules/accounts/stocktake/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { DataTable } from "../../../../ui/data-table.tsx"
import { DayField } from "../../../../ui/day-field.tsx"
import { FormDrawer } from "../../../../ui/form-drawer.tsx"
import { formatNumber } from "../../../../ui/format.ts"
import { Time } from "../../../../ui/now.tsx"
import { Page as Sheet } from "../../../../ui/page.tsx"
import { Empty } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"
import { useCodeWord } from "../../lib/words.ts"

export function Page() {
  const { t } = useTranslation()
  const word = useCodeWord()
  const { can } = useSession()
  const query = useRead(listStocktakes, {})
  const [opening, setOpening] = useState(false)
  const open = can("accounts.write") ? (
    <Button type="primary" onClick={() => setOpening(true)}>
      {t("stocktakes.open")}
    </Button>
  ) : null
  return (
    <Sheet title={t("stocktakes.title")} purpose={t("stocktakes.purpose")} actions={open}>
      <DataTable
        views
        name="stocktakes"
        label={t("stocktakes.list")}
        rows={query.data?.rows}
        rowKey={(r) => r.id}
        error={query.error}
        onRetry={() => void query.refetch()}
        total={query.data?.rows.length ?? null}
        empty={
          <Empty title={t("stocktakes.empty")} action={open}>
            {t("stocktakes.empty_text")}
          </Empty>
        }
        columns={[
          {
            key: "name",
            title: t("stocktakes.name"),
            fixed: true,
            render: (r) => (
              <Link to="/accounts/stocktakes/$id" params={{ id: r.id }} search={{}} className="name">
                {r.name}
              </Link>
            ),
          },
          {
            key: "state",
            title: t("stocktakes.state"),
            render: (r) => (
              <Badge tone={r.state === "open" ? "info" : "plain"}>{word("stocktake_state", r.state)}</Badge>
            ),
          },
          {
            key: "coverage",
            title: t("stocktakes.coverage"),
            numeric: true,
            render: (r) => `${r.coverage}%`,
          },
          {
            key: "counted",
            title: t("stocktakes.counted"),
            numeric: true,
            render: (r) => `${formatNumber(r.counted)} / ${formatNumber(r.expected)}`,
          },
          {
            key: "missing",
            title: t("stocktakes.missing"),
            numeric: true,
            render: (r) => formatNumber(r.missing),
          },
          {
            key: "findings",
            title: t("stocktakes.findings"),
            numeric: true,
            render: (r) => formatNumber(r.findings),
          },
          { key: "due", title: t("stocktakes.due"), render: (r) => r.due_on },
          { key: "opened", title: t("stocktakes.opened"), render: (r) => <Time at={r.opened_at} /> },
        ]}
      />
      <Open open={opening} onClose={() => setOpening(false)} />
    </Sheet>
  )
}

function Open(props: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const open = useChange(openStocktake, ["accounts"])
  const required = [{ required: true, message: t("ui.required") }]
  return (
    <FormDrawer<{ name: string; due_on: string }>
      open={props.open}
      title={t("stocktakes.open")}
      verb={t("stocktakes.open_verb")}
      onClose={props.onClose}
      onSubmit={async (body) => {
        const { id } = await open.mutateAsync({ body })
        props.onClose()
        toast(t("stocktakes.opened_now"))
        await navigate({ to: "/accounts/stocktakes/$id", params: { id }, search: {} })
      }}
    >
      <Form.Item name="name" label={t("stocktakes.name")} extra={t("stocktakes.name_hint")} rules={required}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="due_on" label={t("stocktakes.due")} rules={required}>
        <DayField />
      </Form.Item>
    </FormDrawer>
  )
}
