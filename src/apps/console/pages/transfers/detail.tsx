import { LeftOutlined } from "@ant-design/icons"
import { Link, useParams } from "@tanstack/react-router"
import { Button, Select } from "antd"
import { useState } from "react"
import {
  cancelTransfer,
  readTransfer,
  STATES,
  transferPeople,
} from "../../../../modules/transfers/contract.ts"
import { ConfirmConsequence } from "../../../../ui/confirm.tsx"
import { DataTable } from "../../../../ui/data-table.tsx"
import { formatNumber, MISSING } from "../../../../ui/format.ts"
import { Time } from "../../../../ui/now.tsx"
import { Facts, Section, Page as Sheet } from "../../../../ui/page.tsx"
import { Empty, Ready } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useList } from "../../lib/search.ts"
import { useSession } from "../../lib/session.tsx"
import { useCodeWord } from "../../lib/words.ts"
import { PassingBadge, Progress, type TransferRow } from "./state.tsx"

const REFRESH_MS = 10_000

export function Page() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useRead(readTransfer, { params: { id } }, { every_ms: REFRESH_MS })
  return <Ready query={query}>{(row) => <One row={row} />}</Ready>
}

function One(props: { row: TransferRow }) {
  const { t } = useTranslation()
  const { row } = props
  return (
    <Sheet
      title={t("transfers.one", { name: row.to_account_name })}
      back={
        <Link to="/transfers" search={{}} className="small">
          <LeftOutlined /> {t("transfers.back")}
        </Link>
      }
      actions={<CallOff row={row} />}
    >
      <div className="stack">
        <Section>
          <Facts
            columns={2}
            items={[
              [t("transfers.progress"), <Progress key="p" row={row} />],
              [t("transfers.reason"), t(`transfers.reason_${row.reason}`)],
              [t("transfers.effective_at"), <Time key="t" at={row.effective_at} />],
              [t("transfers.made_by"), row.made_by_name],
              [t("transfers.message"), row.message || MISSING],
              [t("transfers.note"), row.note || MISSING],
            ]}
          />
          <p className="secondary small">{t("transfers.takes_a_day")}</p>
        </Section>
        <People id={row.id} />
      </div>
    </Sheet>
  )
}

function CallOff(props: { row: TransferRow }) {
  const { t } = useTranslation()
  const { can } = useSession()
  const cancel = useChange(cancelTransfer, ["transfers"])
  const [asking, setAsking] = useState(false)
  const { row } = props
  if (!can("transfers.write") || row.customers.planned === 0) return null
  const n = formatNumber(row.customers.planned)
  return (
    <>
      <Button danger onClick={() => setAsking(true)}>
        {t("transfers.cancel")}
      </Button>
      <ConfirmConsequence
        open={asking}
        danger
        title={t("transfers.cancel_title", { n })}
        verb={t("transfers.cancel")}
        onClose={() => setAsking(false)}
        onConfirm={async () => {
          const { cancelled } = await cancel.mutateAsync({ params: { id: row.id }, body: {} })
          toast(t("transfers.cancelled_now", { n: formatNumber(cancelled) }))
        }}
      />
    </>
  )
}

function People(props: { id: string }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const list = useList(["state"])
  const state = STATES.find((one) => one === list.filters.state)
  const query = useRead(
    transferPeople,
    { params: { id: props.id }, query: { cursor: list.cursor, ...(state ? { state } : {}) } },
    { keep: true, every_ms: REFRESH_MS },
  )
  return (
    <DataTable
      name="transfer-people"
      label={t("transfers.people")}
      rows={query.data?.rows}
      rowKey={(r) => r.customer_id}
      error={query.error}
      onRetry={() => void query.refetch()}
      refreshing={query.isPlaceholderData}
      paging={list.paging(query.data?.next_cursor)}
      filters={
        <Select
          aria-label={t("transfers.state")}
          allowClear
          placeholder={t("transfers.state")}
          value={state ?? null}
          onChange={(value) => list.setFilters({ state: value ?? undefined })}
          options={STATES.map((value) => ({ value, label: t(`transfers.state_${value}`) }))}
          style={{ minWidth: 140 }}
        />
      }
      empty={<Empty title={t("transfers.no_people")}>{t("transfers.no_people_text")}</Empty>}
      columns={[
        {
          key: "name",
          title: t("transfers.customer"),
          fixed: true,
          render: (r) => (
            <Link to="/customers/$id" params={{ id: r.customer_id }} search={{}} className="name">
              {r.name || MISSING}
            </Link>
          ),
        },
        {
          key: "from",
          title: t("transfers.from"),
          render: (r) => r.from_account_name ?? t("transfers.owner_only"),
        },
        { key: "owner", title: t("transfers.from_staff"), render: (r) => r.from_staff_name ?? MISSING },
        {
          key: "state",
          title: t("transfers.state"),
          render: (r) => (
            <span className="row">
              <PassingBadge state={r.state} />
              {r.reason && r.state === "failed" ? (
                <span className="secondary small">{word("transfer_reason", r.reason)}</span>
              ) : null}
            </span>
          ),
        },
        { key: "asked", title: t("transfers.asked_at"), render: (r) => <Time at={r.asked_at} /> },
        { key: "ended", title: t("transfers.ended_at"), render: (r) => <Time at={r.ended_at} /> },
      ]}
    />
  )
}
