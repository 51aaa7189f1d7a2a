import { Link } from "@tanstack/react-router"
import { Button, Form, Input, Select, Tabs } from "antd"
import { useState } from "react"
import { FUNCTIONS, HAZARDS, listAccounts, STATES } from "../../../../modules/accounts/contract.ts"
import { requestAccount } from "../../../../modules/accounts/life/contract.ts"
import { DataTable } from "../../../../ui/data-table.tsx"
import { FilterBar } from "../../../../ui/filters.tsx"
import { FormDrawer } from "../../../../ui/form-drawer.tsx"
import { formatNumber } from "../../../../ui/format.ts"
import { Page as Sheet } from "../../../../ui/page.tsx"
import { Empty } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useAddress, useList } from "../../lib/search.ts"
import { useSession } from "../../lib/session.tsx"
import { useCodeWord } from "../../lib/words.ts"
import { type Account, Custodian, HazardBadge, StateBadge } from "./state.tsx"

const FILTERS = ["q", "function", "hazard"]

export function Page() {
  const { t } = useTranslation()
  const word = useCodeWord()
  const { can } = useSession()
  const list = useList(FILTERS)
  const [address, change] = useAddress()
  const [asking, setAsking] = useState(false)
  const state = STATES.find((one) => one === address.state)
  const query = useRead(
    listAccounts,
    {
      query: {
        state,
        q: list.filters.q,
        function: FUNCTIONS.find((one) => one === list.filters.function),
        hazard: HAZARDS.find((one) => one === list.filters.hazard),
      },
    },
    { keep: true },
  )
  const counts = query.data?.counts
  const all = counts ? Object.values(counts).reduce((sum, n) => sum + n, 0) : null
  const filtered = state !== undefined || FILTERS.some((key) => list.filters[key])
  const tab = (key: string, label: string, n: number | null | undefined) => ({
    key,
    label: `${label} ${n === null || n === undefined ? "" : formatNumber(n)}`.trim(),
  })
  return (
    <Sheet
      title={t("accounts.title")}
      purpose={t("accounts.purpose")}
      actions={
        <>
          <Link to="/accounts/settings" search={{}}>
            <Button>{t("accounts.rules")}</Button>
          </Link>
          {can("imports.write") && can("accounts.write") ? (
            <Link to="/imports/new" search={{ kind: "accounts" }}>
              <Button>{t("accounts.bring")}</Button>
            </Link>
          ) : null}
          {can("accounts.request") ? (
            <Button type="primary" onClick={() => setAsking(true)}>
              {t("accounts.request_new")}
            </Button>
          ) : null}
        </>
      }
    >
      <Tabs
        activeKey={state ?? "all"}
        onChange={(key) => change({ state: key === "all" ? undefined : key }, { replace: true })}
        items={[
          tab("all", t("accounts.all"), all),
          ...STATES.map((one) => tab(one, word("account_state", one), counts?.[one])),
        ]}
      />
      <DataTable
        views
        name="accounts"
        label={t("accounts.list")}
        rows={query.data?.rows}
        rowKey={(r) => r.id}
        error={query.error}
        onRetry={() => void query.refetch()}
        refreshing={query.isPlaceholderData}
        total={query.data?.rows.length ?? null}
        empty={
          filtered ? (
            <Empty title={t("accounts.empty_here")}>{t("accounts.empty_here_text")}</Empty>
          ) : (
            <Empty title={t("accounts.empty")}>{t("accounts.empty_text")}</Empty>
          )
        }
        filters={
          <FilterBar
            filters={[
              { key: "q", kind: "text", label: t("accounts.find") },
              {
                key: "function",
                kind: "choice",
                label: t("accounts.function"),
                options: FUNCTIONS.map((value) => ({ value, label: word("account_function", value) })),
              },
              {
                key: "hazard",
                kind: "choice",
                label: t("accounts.hazard"),
                options: HAZARDS.map((value) => ({ value, label: word("hazard", value) })),
              },
            ]}
            values={list.filters}
            onChange={list.setFilters}
          />
        }
        columns={columns(t, word)}
      />
      <AskForNew open={asking} onClose={() => setAsking(false)} />
    </Sheet>
  )
}

type T = ReturnType<typeof useTranslation>["t"]

function columns(t: T, word: ReturnType<typeof useCodeWord>) {
  const quota = (key: keyof Account["quotas"], title: string, folded: boolean) => ({
    key,
    title,
    numeric: true,
    folded,
    render: (r: Account) => formatNumber(r.quotas[key]),
  })
  return [
    {
      key: "name",
      title: t("accounts.name"),
      fixed: true,
      render: (r: Account) => (
        <Link to="/accounts/$id" params={{ id: r.id }} search={{}} className="name">
          {r.name}
        </Link>
      ),
    },
    {
      key: "function",
      title: t("accounts.function"),
      render: (r: Account) => word("account_function", r.function),
    },
    { key: "state", title: t("accounts.state"), render: (r: Account) => <StateBadge account={r} /> },
    { key: "custodian", title: t("accounts.custodian"), render: (r: Account) => <Custodian account={r} /> },
    { key: "hazard", title: t("accounts.hazard"), render: (r: Account) => <HazardBadge hazard={r.hazard} /> },
    {
      key: "nurture",
      title: t("accounts.nurture"),
      numeric: true,
      render: (r: Account) => r.nurture_level,
    },
    {
      key: "contacts",
      title: t("accounts.contacts"),
      numeric: true,
      render: (r: Account) => formatNumber(r.contacts),
    },
    quota("friends", t("accounts.quota_friends"), false),
    quota("private_messages", t("accounts.quota_private"), false),
    quota("group_messages", t("accounts.quota_group"), true),
    quota("moments", t("accounts.quota_moments"), true),
  ]
}

type Asked = { name: string; function: Account["function"]; reason: string }

function AskForNew(props: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const ask = useChange(requestAccount, ["accounts"])
  return (
    <FormDrawer<Asked>
      open={props.open}
      title={t("accounts.request_new")}
      verb={t("accounts.request_new_verb")}
      onClose={props.onClose}
      onSubmit={async (values) => {
        await ask.mutateAsync({ body: values })
        props.onClose()
        toast(t("accounts.requested"))
      }}
    >
      <Form.Item
        name="name"
        label={t("accounts.new_name")}
        rules={[{ required: true, message: t("ui.required") }]}
      >
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item
        name="function"
        label={t("accounts.function")}
        rules={[{ required: true, message: t("ui.required") }]}
      >
        <Select options={FUNCTIONS.map((value) => ({ value, label: word("account_function", value) }))} />
      </Form.Item>
      <Form.Item
        name="reason"
        label={t("accounts.reason")}
        extra={t("accounts.reason_hint")}
        rules={[{ required: true, message: t("ui.required") }]}
      >
        <Input.TextArea rows={3} maxLength={500} />
      </Form.Item>
    </FormDrawer>
  )
}
