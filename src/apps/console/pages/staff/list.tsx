import { Button, Form, Input, Select } from "antd"
import { useState } from "react"
import type { CallAnswer, CallInput } from "../../../../kernel/client.ts"
import { listStaff, saveStaff } from "../../../../modules/staff/contract.ts"
import { ROLES } from "../../../../modules/staff/shared.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { DataTable } from "../../../../ui/data-table.tsx"
import { FormDrawer } from "../../../../ui/form-drawer.tsx"
import { MISSING } from "../../../../ui/format.ts"
import { Page as Sheet } from "../../../../ui/page.tsx"
import { ShownOnce } from "../../../../ui/shown-once.tsx"
import { Empty } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"
import { PersonActions } from "./person-actions.tsx"

type Row = CallAnswer<typeof listStaff>["rows"][number]
type Values = NonNullable<CallInput<typeof saveStaff>["body"]>

export function Page() {
  const { t } = useTranslation()
  const { can } = useSession()
  const query = useRead(listStaff, {})
  const save = useChange(saveStaff, ["staff"])
  const [editing, setEditing] = useState<Row | "new" | null>(null)
  const [secret, setSecret] = useState<{ name: string; password: string } | null>(null)
  const row = editing === "new" || editing === null ? null : editing
  const add = can("staff.write") ? (
    <Button type="primary" onClick={() => setEditing("new")}>
      {t("staff.add")}
    </Button>
  ) : null
  return (
    <Sheet title={t("staff.title")} purpose={t("staff.purpose")} actions={add}>
      {secret ? (
        <ShownOnce
          title={t("staff.one_time")}
          text={t("staff.one_time_text", { name: secret.name })}
          secret={secret.password}
          onClose={() => setSecret(null)}
        />
      ) : null}
      <DataTable
        views
        name="staff"
        label={t("staff.list")}
        rows={query.data?.rows}
        rowKey={(r) => r.id}
        error={query.error}
        onRetry={() => void query.refetch()}
        total={query.data?.rows.length ?? null}
        empty={
          <Empty title={t("staff.empty")} action={add}>
            {t("staff.empty_text")}
          </Empty>
        }
        columns={[
          {
            key: "name",
            title: t("staff.name"),
            fixed: true,
            render: (r) => <span className="name">{r.name}</span>,
          },
          { key: "role", title: t("staff.role"), render: (r) => t(`role.${r.role}`) },
          { key: "position", title: t("staff.position"), render: (r) => r.position || MISSING },
          { key: "team", title: t("staff.team"), render: (r) => r.team_name ?? MISSING },
          {
            key: "login",
            title: t("staff.login"),
            render: (r) => r.login ?? <span className="secondary">{t("staff.no_login")}</span>,
          },
          {
            key: "status",
            title: t("staff.status"),
            render: (r) => (
              <Badge tone={r.status === "active" ? "good" : "plain"}>{t(`staff_status.${r.status}`)}</Badge>
            ),
          },
          {
            key: "do",
            title: "",
            fixed: true,
            render: (r) =>
              can("staff.write") ? (
                <span className="row">
                  <Button type="link" size="small" onClick={() => setEditing(r)}>
                    {t("staff.change")}
                  </Button>
                  <PersonActions person={r} onSecret={(name, password) => setSecret({ name, password })} />
                </span>
              ) : null,
          },
        ]}
      />
      <FormDrawer<Values>
        open={editing !== null}
        title={row ? t("staff.change_title", { name: row.name }) : t("staff.add")}
        verb={row ? t("ui.save") : t("staff.add_verb")}
        onClose={() => setEditing(null)}
        initial={
          row
            ? {
                name: row.name,
                team_name: row.team_name,
                ...(row.login ? { login: row.login } : {}),
              }
            : { role: "operator" }
        }
        onSubmit={async (values) => {
          const { login, team_name, ...rest } = values
          const answer = await save.mutateAsync({
            body: {
              ...rest,
              team_name: team_name || null,
              ...(login ? { login } : {}),
              ...(row ? { id: row.id } : {}),
            },
          })
          setEditing(null)
          toast(t("staff.saved"))
          if (answer.one_time_password)
            setSecret({ name: values.name ?? row?.name ?? "", password: answer.one_time_password })
        }}
      >
        <Form.Item
          name="name"
          label={t("staff.name")}
          rules={[{ required: true, message: t("ui.required") }]}
        >
          <Input maxLength={40} />
        </Form.Item>
        {row ? null : (
          <Form.Item name="role" label={t("staff.role")}>
            <Select options={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))} />
          </Form.Item>
        )}
        <Form.Item name="login" label={t("staff.login")} extra={t("staff.login_hint")}>
          <Input autoComplete="off" maxLength={64} />
        </Form.Item>
        <Form.Item name="team_name" label={t("staff.team")} extra={t("staff.team_hint")}>
          <Input maxLength={40} />
        </Form.Item>
      </FormDrawer>
    </Sheet>
  )
}
