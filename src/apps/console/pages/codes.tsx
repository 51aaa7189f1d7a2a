import { Button, Form, Input, Select } from "antd"
import { useState } from "react"
import { listAccounts } from "../../../modules/accounts/contract.ts"
import { listCodes, makeCode } from "../../../modules/codes/contract.ts"
import { listTags } from "../../../modules/tags/contract.ts"
import { Badge } from "../../../ui/badge.tsx"
import { DataTable } from "../../../ui/data-table.tsx"
import { FormDrawer } from "../../../ui/form-drawer.tsx"
import { formatNumber, MISSING } from "../../../ui/format.ts"
import { Time } from "../../../ui/now.tsx"
import { Page as Sheet } from "../../../ui/page.tsx"
import { Empty } from "../../../ui/states.tsx"
import { toast } from "../../../ui/toast.tsx"
import { useJoin, useTranslation } from "../../../ui/words/use.ts"
import { useChange, useRead } from "../lib/client.ts"
import { useSession } from "../lib/session.tsx"
import { TagList } from "./customers/values.tsx"

type Values = {
  name: string
  source: string
  state?: string
  account_ids: string[]
  tag_ids?: string[]
  welcome_text?: string
}

export function Page() {
  const { t } = useTranslation()
  const join = useJoin()
  const { can } = useSession()
  const query = useRead(listCodes, {})
  const accounts = useRead(listAccounts, {}, { enabled: can("accounts.read") })
  const taxonomy = useRead(listTags, {}, { enabled: can("tags.read") })
  const make = useChange(makeCode, ["codes"])
  const [making, setMaking] = useState(false)
  const names = new Map(
    (taxonomy.data?.groups ?? []).flatMap((group) => group.tags.map((tag) => [tag.id, tag.name] as const)),
  )
  const tagOf = (id: string) => names.get(id) ?? MISSING
  const nameOf = (id: string) => accounts.data?.rows.find((a) => a.id === id)?.name ?? MISSING
  const button = can("codes.write") ? (
    <Button type="primary" onClick={() => setMaking(true)}>
      {t("codes.make")}
    </Button>
  ) : null
  return (
    <Sheet title={t("codes.title")} purpose={t("codes.purpose")} actions={button}>
      <DataTable
        views
        name="codes"
        label={t("codes.list")}
        rows={query.data?.rows}
        rowKey={(r) => r.id}
        error={query.error}
        onRetry={() => void query.refetch()}
        total={query.data?.rows.length ?? null}
        empty={
          <Empty title={t("codes.empty")} action={button}>
            {t("codes.empty_text")}
          </Empty>
        }
        columns={[
          {
            key: "name",
            title: t("codes.name"),
            fixed: true,
            render: (r) => <span className="name">{r.name}</span>,
          },
          { key: "source", title: t("codes.source"), render: (r) => r.source },
          {
            key: "state",
            title: t("codes.state"),
            folded: true,
            render: (r) => <span className="mono">{r.state}</span>,
          },
          {
            key: "accounts",
            title: t("codes.accounts"),
            render: (r) => join(r.account_ids.map(nameOf)),
          },
          {
            key: "welcome",
            title: t("codes.welcome"),
            render: (r) => <span className="clip">{r.welcome_text || MISSING}</span>,
          },
          {
            key: "tags",
            title: t("codes.tags"),
            render: (r) => <TagList value={r.tag_ids.map(tagOf)} max={2} />,
          },
          {
            key: "status",
            title: t("codes.status"),
            render: (r) =>
              r.closed_at ? (
                <Badge>{t("codes.closed")}</Badge>
              ) : r.way_ref ? (
                <Badge tone="good">{t("codes.live")}</Badge>
              ) : (
                <Badge tone="warn">{t("codes.waiting")}</Badge>
              ),
          },
          {
            key: "picture",
            title: "",
            render: (r) =>
              r.url ? (
                <a href={r.url} target="_blank" rel="noreferrer">
                  {t("codes.picture")}
                </a>
              ) : null,
          },
          { key: "added", title: t("codes.added"), numeric: true, render: (r) => formatNumber(r.added) },
          { key: "created", title: t("codes.created"), render: (r) => <Time at={r.created_at} /> },
        ]}
      />
      <FormDrawer<Values>
        open={making}
        title={t("codes.make")}
        verb={t("codes.make_verb")}
        onClose={() => setMaking(false)}
        onSubmit={async ({ state, ...values }) => {
          await make.mutateAsync({ body: { ...values, ...(state ? { state } : {}) } })
          setMaking(false)
          toast(t("codes.made"))
        }}
      >
        <Form.Item
          name="name"
          label={t("codes.name")}
          rules={[{ required: true, message: t("ui.required") }]}
        >
          <Input maxLength={30} />
        </Form.Item>
        <Form.Item
          name="source"
          label={t("codes.source")}
          extra={t("codes.source_hint")}
          rules={[{ required: true, message: t("ui.required") }]}
        >
          <Input maxLength={40} />
        </Form.Item>
        <Form.Item
          name="account_ids"
          label={t("codes.accounts")}
          rules={[{ required: true, message: t("ui.required") }]}
        >
          <Select
            mode="multiple"
            showSearch={{ optionFilterProp: "label" }}
            options={(accounts.data?.rows ?? []).map((a) => ({ value: a.id, label: a.name }))}
          />
        </Form.Item>
        <Form.Item name="tag_ids" label={t("codes.tags")} extra={t("codes.tags_hint")}>
          <Select
            mode="multiple"
            showSearch={{ optionFilterProp: "label" }}
            options={(taxonomy.data?.groups ?? []).map((group) => ({
              label: group.name,
              options: group.tags
                .filter((tag) => tag.retired_at === null)
                .map((tag) => ({ value: tag.id, label: tag.name })),
            }))}
          />
        </Form.Item>
        <Form.Item name="welcome_text" label={t("codes.welcome")} extra={t("codes.welcome_hint")}>
          <Input.TextArea autoSize={{ minRows: 3, maxRows: 8 }} />
        </Form.Item>
        <Form.Item name="state" label={t("codes.state")} extra={t("codes.state_hint")}>
          <Input maxLength={30} autoComplete="off" />
        </Form.Item>
      </FormDrawer>
    </Sheet>
  )
}
