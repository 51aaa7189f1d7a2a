import { Link } from "@tanstack/react-router"
import { Button, Form, Select } from "antd"
import { useState } from "react"
import type { CallAnswer } from "../../../../kernel/client.ts"
import { FUNCTIONS, listAccounts } from "../../../../modules/accounts/contract.ts"
import {
  approveRequest,
  askForUse,
  cancelRequest,
  listRequests,
  rejectRequest,
} from "../../../../modules/accounts/requests/contract.ts"
import { Badge, type Tone } from "../../../../ui/badge.tsx"
import { ConfirmConsequence } from "../../../../ui/confirm.tsx"
import { DataTable } from "../../../../ui/data-table.tsx"
import { FormDrawer } from "../../../../ui/form-drawer.tsx"
import { MISSING } from "../../../../ui/format.ts"
import { Time } from "../../../../ui/now.tsx"
import { Page as Sheet } from "../../../../ui/page.tsx"
import { Empty } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"
import { useCodeWord } from "../../lib/words.ts"
import { NoteItem } from "./note.tsx"
import { PersonItem } from "./people.tsx"

type Request = CallAnswer<typeof listRequests>["rows"][number]
type Asking = { act: "approve" | "reject" | "cancel"; request: Request }
const TONES: Record<Request["state"], Tone> = {
  open: "warn",
  approved: "info",
  handed_over: "good",
  rejected: "plain",
  cancelled: "plain",
}

export function Page() {
  const { t } = useTranslation()
  const word = useCodeWord()
  const { can, user } = useSession()
  const query = useRead(listRequests, {})
  const [making, setMaking] = useState(false)
  const [asking, setAsking] = useState<Asking | null>(null)
  const close = () => setAsking(null)
  const of = (act: Asking["act"]) => (asking?.act === act ? asking.request : null)
  const make = can("accounts.request") ? (
    <Button type="primary" onClick={() => setMaking(true)}>
      {t("requests.ask")}
    </Button>
  ) : null
  return (
    <Sheet title={t("requests.title")} purpose={t("requests.purpose")} actions={make}>
      <DataTable
        views
        name="account-requests"
        label={t("requests.list")}
        rows={query.data?.rows}
        rowKey={(r) => r.id}
        error={query.error}
        onRetry={() => void query.refetch()}
        total={query.data?.rows.length ?? null}
        empty={
          <Empty title={t("requests.empty")} action={make}>
            {t("requests.empty_text")}
          </Empty>
        }
        columns={[
          {
            key: "for",
            title: t("requests.for"),
            fixed: true,
            render: (r) => <span className="name">{r.for_name ?? MISSING}</span>,
          },
          {
            key: "function",
            title: t("requests.function"),
            render: (r) => word("account_function", r.function),
          },
          {
            key: "reason",
            title: t("requests.reason"),
            render: (r) => <span className="wrap-cell">{r.reason}</span>,
          },
          {
            key: "state",
            title: t("requests.state"),
            render: (r) => <Badge tone={TONES[r.state]}>{word("request_state", r.state)}</Badge>,
          },
          {
            key: "account",
            title: t("requests.account"),
            render: (r) =>
              r.account_id ? (
                <Link to="/accounts/$id" params={{ id: r.account_id }} search={{}}>
                  {r.account_name}
                </Link>
              ) : (
                MISSING
              ),
          },
          { key: "by", title: t("requests.asked_by"), render: (r) => r.requested_by_name ?? MISSING },
          { key: "made", title: t("requests.made"), render: (r) => <Time at={r.made_at} /> },
          {
            key: "decision",
            title: t("requests.decision"),
            folded: true,
            render: (r) => r.decision_note || (r.decided_by_name ?? MISSING),
          },
          {
            key: "do",
            title: "",
            fixed: true,
            render: (r) => (
              <span className="row">
                {r.state === "open" && can("accounts.write") ? (
                  <Button type="link" size="small" onClick={() => setAsking({ act: "approve", request: r })}>
                    {t("requests.approve")}
                  </Button>
                ) : null}
                {(r.state === "open" || r.state === "approved") && can("accounts.write") ? (
                  <Button type="link" size="small" onClick={() => setAsking({ act: "reject", request: r })}>
                    {t("requests.reject")}
                  </Button>
                ) : null}
                {(r.state === "open" || r.state === "approved") && r.requested_by === user.id ? (
                  <Button type="link" size="small" onClick={() => setAsking({ act: "cancel", request: r })}>
                    {t("requests.cancel")}
                  </Button>
                ) : null}
              </span>
            ),
          },
        ]}
      />
      <Ask open={making} onClose={() => setMaking(false)} />
      <Approve request={of("approve")} onClose={close} />
      <Reject request={of("reject")} onClose={close} />
      <Cancel request={of("cancel")} onClose={close} />
    </Sheet>
  )
}

type Asked = { function: (typeof FUNCTIONS)[number]; for_staff_id?: string; reason: string }

function Ask(props: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const { user } = useSession()
  const ask = useChange(askForUse, ["accounts"])
  return (
    <FormDrawer<Asked>
      open={props.open}
      title={t("requests.ask")}
      verb={t("requests.ask_verb")}
      initial={{ for_staff_id: user.id }}
      onClose={props.onClose}
      onSubmit={async (body) => {
        await ask.mutateAsync({ body })
        props.onClose()
        toast(t("requests.asked"))
      }}
    >
      <Form.Item
        name="function"
        label={t("requests.function")}
        rules={[{ required: true, message: t("ui.required") }]}
      >
        <Select options={FUNCTIONS.map((value) => ({ value, label: word("account_function", value) }))} />
      </Form.Item>
      <PersonItem name="for_staff_id" label={t("requests.for")} required />
      <NoteItem name="reason" label={t("requests.reason")} required />
    </FormDrawer>
  )
}

type OfRequest = { request: Request | null; onClose: () => void }

function Approve(props: OfRequest) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const { request } = props
  const ready = useRead(listAccounts, { query: { state: "ready" } }, { enabled: request !== null })
  const approve = useChange(approveRequest, ["accounts"])
  const free = (ready.data?.rows ?? []).filter((a) => a.custodian_staff_id === null)
  return (
    <FormDrawer<{ account_id: string; note?: string }>
      open={request !== null}
      title={t("requests.approve_title", { name: request?.for_name ?? "" })}
      verb={t("requests.approve")}
      onClose={props.onClose}
      onSubmit={async (body) => {
        if (!request) return
        await approve.mutateAsync({ params: { id: request.id }, body })
        props.onClose()
        toast(t("requests.approved"))
      }}
    >
      <p className="secondary">{request?.reason}</p>
      <Form.Item
        name="account_id"
        label={t("requests.which")}
        extra={ready.data && free.length === 0 ? t("requests.none_ready") : undefined}
        rules={[{ required: true, message: t("ui.required") }]}
      >
        <Select
          showSearch={{ optionFilterProp: "label" }}
          options={free.map((a) => ({
            value: a.id,
            label: `${a.name} (${word("account_function", a.function)})`,
          }))}
        />
      </Form.Item>
      <NoteItem />
    </FormDrawer>
  )
}

function Reject(props: OfRequest) {
  const { t } = useTranslation()
  const { request } = props
  const reject = useChange(rejectRequest, ["accounts"])
  return (
    <FormDrawer<{ note: string }>
      open={request !== null}
      title={t("requests.reject_title", { name: request?.for_name ?? "" })}
      verb={t("requests.reject")}
      danger
      onClose={props.onClose}
      onSubmit={async (body) => {
        if (!request) return
        await reject.mutateAsync({ params: { id: request.id }, body })
        props.onClose()
        toast(t("requests.rejected"))
      }}
    >
      <NoteItem label={t("accounts.reason")} required />
    </FormDrawer>
  )
}

function Cancel(props: OfRequest) {
  const { t } = useTranslation()
  const { request } = props
  const cancel = useChange(cancelRequest, ["accounts"])
  return (
    <ConfirmConsequence
      open={request !== null}
      title={t("requests.cancel_title")}
      verb={t("requests.cancel")}
      onClose={props.onClose}
      onConfirm={async () => {
        if (!request) return
        await cancel.mutateAsync({ params: { id: request.id } })
        toast(t("requests.cancelled"))
      }}
    />
  )
}
