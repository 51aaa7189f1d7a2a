import { Button, Form, Input, Select } from "antd"
import { useState } from "react"
import { dropToken, listTokens, makeToken } from "../../../modules/staff/contract.ts"
import { Badge } from "../../../ui/badge.tsx"
import { ConfirmConsequence } from "../../../ui/confirm.tsx"
import { DataTable } from "../../../ui/data-table.tsx"
import { FormDrawer } from "../../../ui/form-drawer.tsx"
import { Time } from "../../../ui/now.tsx"
import { Page as Sheet } from "../../../ui/page.tsx"
import { ShownOnce } from "../../../ui/shown-once.tsx"
import { Empty } from "../../../ui/states.tsx"
import { toast } from "../../../ui/toast.tsx"
import { useTranslation } from "../../../ui/words/use.ts"
import { useChange, useRead } from "../lib/client.ts"
import { useSession } from "../lib/session.tsx"

export function Page() {
  const { t } = useTranslation()
  const { can } = useSession()
  const query = useRead(listTokens, {})
  const make = useChange(makeToken, ["tokens"])
  const drop = useChange(dropToken, ["tokens"])
  const [making, setMaking] = useState(false)
  const [made, setMade] = useState<string | null>(null)
  const [dropping, setDropping] = useState<{ id: string; name: string } | null>(null)
  const button = can("tokens.write") ? (
    <Button type="primary" onClick={() => setMaking(true)}>
      {t("tokens.make")}
    </Button>
  ) : null
  return (
    <Sheet title={t("tokens.title")} purpose={t("tokens.purpose")} actions={button}>
      {made ? (
        <ShownOnce
          title={t("tokens.made")}
          text={t("tokens.made_text")}
          secret={made}
          onClose={() => setMade(null)}
        />
      ) : null}
      <DataTable
        views
        name="tokens"
        label={t("tokens.list")}
        rows={query.data?.rows}
        rowKey={(row) => row.id}
        error={query.error}
        onRetry={() => void query.refetch()}
        empty={
          <Empty title={t("tokens.empty")} action={button}>
            {t("tokens.empty_text")}
          </Empty>
        }
        columns={[
          {
            key: "name",
            title: t("tokens.name"),
            fixed: true,
            render: (r) => <span className="name">{r.name}</span>,
          },
          {
            key: "scopes",
            title: t("tokens.scopes"),
            render: (r) =>
              r.scopes ? <span className="mono">{r.scopes.join(" ")}</span> : t("tokens.all_scopes"),
          },
          {
            key: "status",
            title: t("tokens.status"),
            render: (r) => (
              <Badge tone={r.revoked_at ? "plain" : "good"}>
                {t(r.revoked_at ? "tokens.revoked" : "tokens.live")}
              </Badge>
            ),
          },
          {
            key: "used",
            title: t("tokens.last_used"),
            render: (r) => (r.last_used_at ? <Time at={r.last_used_at} /> : t("tokens.never")),
          },
          { key: "created", title: t("tokens.created"), render: (r) => <Time at={r.created_at} /> },
          {
            key: "do",
            title: "",
            fixed: true,
            render: (r) =>
              r.revoked_at || !can("tokens.write") ? null : (
                <Button
                  type="link"
                  size="small"
                  danger
                  onClick={() => setDropping({ id: r.id, name: r.name })}
                >
                  {t("tokens.revoke")}
                </Button>
              ),
          },
        ]}
      />
      <FormDrawer<{ name: string; scopes?: string[] }>
        open={making}
        title={t("tokens.make")}
        verb={t("tokens.make_verb")}
        onClose={() => setMaking(false)}
        onSubmit={async (values) => {
          const scopes = values.scopes?.length ? { scopes: values.scopes } : {}
          const { token } = await make.mutateAsync({ body: { name: values.name, ...scopes } })
          setMade(token)
          setMaking(false)
        }}
      >
        <Form.Item
          name="name"
          label={t("tokens.name")}
          rules={[{ required: true, message: t("ui.required") }]}
        >
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="scopes" label={t("tokens.scopes")} extra={t("tokens.scopes_hint")}>
          <Select mode="tags" tokenSeparators={[" ", ","]} open={false} suffixIcon={null} />
        </Form.Item>
      </FormDrawer>
      <ConfirmConsequence
        open={dropping !== null}
        title={t("tokens.revoke_title", { name: dropping?.name ?? "" })}
        verb={t("tokens.revoke")}
        danger
        onClose={() => setDropping(null)}
        onConfirm={async () => {
          if (!dropping) return
          await drop.mutateAsync({ params: { id: dropping.id } })
          toast(t("tokens.revoked_now"))
        }}
      />
    </Sheet>
  )
}
