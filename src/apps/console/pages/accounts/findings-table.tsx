import { Link } from "@tanstack/react-router"
import { Button, Form } from "antd"
import { type ReactNode, useState } from "react"
import type { CallAnswer, CallInput } from "../../../../kernel/client.ts"
import {
  listFindings,
  reassignFinding,
  settleFinding,
} from "../../../../modules/accounts/findings/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { DataTable } from "../../../../ui/data-table.tsx"
import { DayField } from "../../../../ui/day-field.tsx"
import { FormDrawer } from "../../../../ui/form-drawer.tsx"
import { Time } from "../../../../ui/now.tsx"
import { Empty } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"
import { useCodeWord } from "../../lib/words.ts"
import { NoteItem } from "./note.tsx"
import { PersonItem } from "./people.tsx"

type Finding = CallAnswer<typeof listFindings>["rows"][number]

/** What is not as it should be, the most urgent first: of all accounts, or as far as is asked for. */
export function FindingsTable(props: {
  name: string
  query: NonNullable<CallInput<typeof listFindings>["query"]>
  views?: boolean
  filters?: ReactNode
}) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const { can } = useSession()
  const [settling, setSettling] = useState<Finding | null>(null)
  const [giving, setGiving] = useState<Finding | null>(null)
  const query = useRead(listFindings, { query: props.query }, { keep: true })
  return (
    <>
      <DataTable
        {...(props.views ? { views: true } : {})}
        name={props.name}
        label={t("findings.list")}
        rows={query.data?.rows}
        rowKey={(r) => r.id}
        error={query.error}
        onRetry={() => void query.refetch()}
        refreshing={query.isPlaceholderData}
        total={query.data?.rows.length ?? null}
        filters={props.filters}
        empty={<Empty title={t("findings.empty")}>{t("findings.empty_text")}</Empty>}
        columns={[
          {
            key: "account",
            title: t("findings.account"),
            fixed: true,
            render: (r) => (
              <Link to="/accounts/$id" params={{ id: r.account_id }} search={{}} className="name">
                {r.account_name}
              </Link>
            ),
          },
          { key: "kind", title: t("findings.kind"), render: (r) => word("finding_kind", r.kind) },
          {
            key: "state",
            title: t("findings.state"),
            render: (r) => {
              const state = r.resolved_at ? "settled" : r.late ? "late" : "open"
              const tone = { settled: "good", late: "bad", open: "warn" } as const
              return <Badge tone={tone[state]}>{word("finding_state", state)}</Badge>
            },
          },
          {
            key: "owner",
            title: t("findings.owner"),
            render: (r) => r.owner_name ?? <span className="warn">{t("findings.no_owner")}</span>,
          },
          { key: "due", title: t("findings.due"), render: (r) => r.due_on },
          { key: "made", title: t("findings.made"), folded: true, render: (r) => <Time at={r.made_at} /> },
          { key: "note", title: t("findings.note"), folded: true, render: (r) => r.note },
          {
            key: "do",
            title: "",
            fixed: true,
            render: (r) => {
              if (r.resolved_at || !can("accounts.write")) return null
              return (
                <span className="row">
                  {r.kind === "agreement_missing" ? (
                    <Link to="/accounts/$id" params={{ id: r.account_id }} search={{ tab: "files" }}>
                      {t("findings.bring")}
                    </Link>
                  ) : (
                    <Button type="link" size="small" onClick={() => setSettling(r)}>
                      {t("findings.settle")}
                    </Button>
                  )}
                  <Button type="link" size="small" onClick={() => setGiving(r)}>
                    {t("findings.assign")}
                  </Button>
                </span>
              )
            },
          },
        ]}
      />
      <Settle finding={settling} onClose={() => setSettling(null)} />
      <Reassign finding={giving} onClose={() => setGiving(null)} />
    </>
  )
}

function Settle(props: { finding: Finding | null; onClose: () => void }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const settle = useChange(settleFinding, ["accounts"])
  const { finding } = props
  return (
    <FormDrawer<{ note: string }>
      open={finding !== null}
      title={t("findings.settle_title", { kind: word("finding_kind", finding?.kind) })}
      verb={t("findings.settle")}
      onClose={props.onClose}
      onSubmit={async (body) => {
        if (!finding) return
        await settle.mutateAsync({ params: { id: finding.id }, body })
        props.onClose()
        toast(t("findings.settled"))
      }}
    >
      <NoteItem label={t("findings.note")} required />
    </FormDrawer>
  )
}

/** To somebody else, or until another day. */
function Reassign(props: { finding: Finding | null; onClose: () => void }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const give = useChange(reassignFinding, ["accounts"])
  const { finding } = props
  return (
    <FormDrawer<{ owner_staff_id: string; due_on: string }>
      open={finding !== null}
      title={t("findings.assign_title", { kind: word("finding_kind", finding?.kind) })}
      verb={t("findings.assign")}
      initial={
        finding
          ? {
              due_on: finding.due_on,
              ...(finding.owner_staff_id ? { owner_staff_id: finding.owner_staff_id } : {}),
            }
          : {}
      }
      onClose={props.onClose}
      onSubmit={async (body) => {
        if (!finding) return
        await give.mutateAsync({ params: { id: finding.id }, body })
        props.onClose()
        toast(t("findings.assigned"))
      }}
    >
      <PersonItem name="owner_staff_id" label={t("findings.owner")} required />
      <Form.Item
        name="due_on"
        label={t("findings.due")}
        rules={[{ required: true, message: t("ui.required") }]}
      >
        <DayField />
      </Form.Item>
    </FormDrawer>
  )
}
