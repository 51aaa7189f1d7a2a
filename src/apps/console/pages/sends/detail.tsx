import { LeftOutlined } from "@ant-design/icons"
import { Link, useParams } from "@tanstack/react-router"
import { Button, Form, Input } from "antd"
import { useState } from "react"
import type { CallAnswer } from "../../../../kernel/client.ts"
import {
  approveSendEndpoint,
  cancelSendEndpoint,
  oneSend,
  pauseSendEndpoint,
  rejectSendEndpoint,
  remindSendEndpoint,
  resumeSendEndpoint,
  submitSend,
} from "../../../../modules/sends/contract.ts"
import { PlainTable } from "../../../../ui/chart.tsx"
import { ConfirmConsequence } from "../../../../ui/confirm.tsx"
import { FormDrawer } from "../../../../ui/form-drawer.tsx"
import { formatMoney, formatNumber, formatTime } from "../../../../ui/format.ts"
import { Time, useLanguage, useNow } from "../../../../ui/now.tsx"
import { Facts, Section, Page as Sheet } from "../../../../ui/page.tsx"
import { Stat } from "../../../../ui/stat.tsx"
import { problemText, Ready } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"
import { useCodeWord } from "../../lib/words.ts"
import { SendStateBadge } from "./state.tsx"

type One = CallAnswer<typeof oneSend>
const REFRESH_MS = 3_000

export function Page() {
  const { t } = useTranslation()
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useRead(oneSend, { params: { id } }, { every_ms: REFRESH_MS })
  return (
    <Ready query={query}>
      {(one) => (
        <Sheet
          title={one.send.name}
          purpose={<SendStateBadge state={one.send.state} />}
          back={
            <Link to="/sends" className="small">
              <LeftOutlined /> {t("sends.back")}
            </Link>
          }
          actions={<Actions one={one} />}
        >
          <div className="stack">
            <Progress one={one} />
            <div className="grid-2">
              <StaffBlock one={one} />
              <CustomerBlock one={one} />
            </div>
            <Earned one={one} />
            <About one={one} />
          </div>
        </Sheet>
      )}
    </Ready>
  )
}

function Actions(props: { one: One }) {
  const { t } = useTranslation()
  const now = useNow()
  const language = useLanguage()
  const { can, user } = useSession()
  const { send } = props.one
  const params = { id: send.id }
  const submit = useChange(submitSend, ["sends"])
  const approve = useChange(approveSendEndpoint, ["sends"])
  const reject = useChange(rejectSendEndpoint, ["sends"])
  const pause = useChange(pauseSendEndpoint, ["sends"])
  const resume = useChange(resumeSendEndpoint, ["sends"])
  const cancel = useChange(cancelSendEndpoint, ["sends"])
  const [asking, setAsking] = useState<"approve" | "reject" | "cancel" | null>(null)
  const complain = (error: unknown) => toast(problemText(error), "bad")
  const writes = can("sends.write")
  const live = send.state === "planning" || send.state === "running"
  const own = send.author_id === user.id
  return (
    <>
      {send.state === "draft" && writes ? (
        <Button
          type="primary"
          onClick={() =>
            submit.mutate({ params }, { onError: complain, onSuccess: () => toast(t("sends.submitted")) })
          }
        >
          {t("sends.submit")}
        </Button>
      ) : null}
      {send.state === "awaiting_approval" && can("sends.approve") ? (
        own ? (
          <span className="secondary">{t("sends.own_send_hint")}</span>
        ) : (
          <>
            <Button onClick={() => setAsking("reject")}>{t("sends.reject")}</Button>
            <Button type="primary" onClick={() => setAsking("approve")}>
              {t("sends.approve_short")}
            </Button>
          </>
        )
      ) : null}
      {live && writes ? (
        <Button
          onClick={() =>
            pause.mutate({ params }, { onError: complain, onSuccess: () => toast(t("sends.paused_now")) })
          }
        >
          {t("sends.pause")}
        </Button>
      ) : null}
      {send.state === "paused" && writes ? (
        <Button
          type="primary"
          onClick={() =>
            resume.mutate({ params }, { onError: complain, onSuccess: () => toast(t("sends.resumed_now")) })
          }
        >
          {t("sends.resume")}
        </Button>
      ) : null}
      {writes && (live || send.state === "paused" || send.state === "awaiting_approval") ? (
        <Button danger onClick={() => setAsking("cancel")}>
          {t("sends.cancel")}
        </Button>
      ) : null}
      <ConfirmConsequence
        open={asking === "approve"}
        title={t("sends.approve_title", { at: formatTime(send.send_at, now, language) })}
        verb={t("sends.approve_short")}
        typed={t("sends.approve_word")}
        onClose={() => setAsking(null)}
        onConfirm={async () => {
          await approve.mutateAsync({ params })
          toast(t("sends.approved"))
        }}
      />
      <ConfirmConsequence
        open={asking === "cancel"}
        title={t("sends.cancel_title")}
        verb={t("sends.cancel")}
        danger
        onClose={() => setAsking(null)}
        onConfirm={async () => {
          await cancel.mutateAsync({ params })
          toast(t("sends.cancelled_now"))
        }}
      />
      <FormDrawer<{ reason: string }>
        open={asking === "reject"}
        title={t("sends.reject_title")}
        verb={t("sends.reject")}
        danger
        onClose={() => setAsking(null)}
        onSubmit={async (body) => {
          await reject.mutateAsync({ params, body })
          setAsking(null)
          toast(t("sends.rejected_now"))
        }}
      >
        <Form.Item
          name="reason"
          label={t("sends.reject_reason")}
          rules={[{ required: true, message: t("ui.required") }]}
        >
          <Input.TextArea autoSize={{ minRows: 2 }} maxLength={200} />
        </Form.Item>
      </FormDrawer>
    </>
  )
}

function Progress(props: { one: One }) {
  const { t } = useTranslation()
  const { planned, waiting } = props.one.customers
  if (planned === 0) return null
  const done = planned - waiting
  const share = Math.round((done / planned) * 100)
  return (
    <Section title={t("sends.progress")}>
      <div
        className="meter"
        role="progressbar"
        aria-label={t("sends.progress")}
        aria-valuenow={share}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <span style={{ width: `${share}%` }} />
      </div>
      <p className="secondary small num" aria-live="polite">
        {t("sends.progress_text", { done: formatNumber(done), all: formatNumber(planned) })}
      </p>
    </Section>
  )
}

function StaffBlock(props: { one: One }) {
  const { t } = useTranslation()
  const { can } = useSession()
  const { staff, send } = props.one
  const remind = useChange(remindSendEndpoint, ["sends"])
  const waits =
    staff.some((one) => one.tasks_open > 0) && (send.state === "planning" || send.state === "running")
  return (
    <Section
      title={t("sends.staff_block")}
      extra={
        waits && can("sends.write") ? (
          <Button
            size="small"
            loading={remind.isPending}
            onClick={() =>
              remind.mutate(
                { params: { id: send.id } },
                {
                  onError: (error) => toast(problemText(error), "bad"),
                  onSuccess: ({ tasks }) => toast(t("sends.reminded_now", { n: tasks })),
                },
              )
            }
          >
            {t("sends.remind")}
          </Button>
        ) : null
      }
    >
      {staff.length === 0 ? (
        <p className="secondary">{t("sends.no_staff_yet")}</p>
      ) : (
        <PlainTable
          label={t("sends.staff_block")}
          head={[
            t("sends.account_name"),
            t("sends.confirmed"),
            t("sends.sent_to_staff"),
            t("sends.pending"),
            t("sends.reminded_at"),
          ]}
          rows={staff.map((one) => [
            one.name,
            formatNumber(one.confirmed),
            formatNumber(one.sent_to_staff),
            formatNumber(one.pending),
            one.reminded_at ? <Time key="at" at={one.reminded_at} /> : "—",
          ])}
        />
      )}
    </Section>
  )
}

const OUTCOMES = ["waiting", "not_friend", "over_quota", "failed", "unknown", "expired", "cancelled"] as const

function CustomerBlock(props: { one: One }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const { customers } = props.one
  return (
    <Section title={t("sends.customer_block")}>
      <div className="grid-stats">
        <Stat
          big
          label={t("sends.delivered")}
          value={formatNumber(customers.delivered)}
          definition={t("sends.delivered_definition")}
        />
        <Stat
          label={t("sends.planned")}
          value={formatNumber(customers.planned)}
          definition={t("sends.planned_definition")}
        />
      </div>
      <PlainTable
        label={t("sends.customer_block")}
        head={[t("sends.reason"), t("sends.count")]}
        rows={[
          ...OUTCOMES.filter((key) => customers[key] > 0).map((key) => [
            t(`sends.${key}`),
            formatNumber(customers[key]),
          ]),
          ...customers.left_out.map((one) => [word("left_out", one.reason), formatNumber(one.people)]),
        ]}
      />
    </Section>
  )
}

function Earned(props: { one: One }) {
  const { t } = useTranslation()
  const { earned } = props.one
  const definition = t("sends.window", { n: earned.window_days })
  return (
    <Section title={t("sends.earned_block")} extra={<span className="secondary small">{definition}</span>}>
      <div className="grid-stats">
        <Stat big label={t("sends.gmv")} value={formatMoney(earned.gmv_fen)} definition={definition} />
        <Stat label={t("sends.net")} value={formatMoney(earned.net_fen)} definition={definition} />
        <Stat label={t("sends.orders")} value={formatNumber(earned.orders)} definition={definition} />
        <Stat label={t("sends.customers")} value={formatNumber(earned.customers)} definition={definition} />
      </div>
    </Section>
  )
}

function About(props: { one: One }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const { send } = props.one
  return (
    <Section title={t("sends.facts")}>
      <Facts
        items={[
          [t("sends.send_at"), <Time key="at" at={send.send_at} />],
          [t("sends.nature"), t(`sends.${send.nature}`)],
          [
            t("sends.account"),
            send.account_function ? word("account_function", send.account_function) : t("sends.account_any"),
          ],
          ...(send.problem ? [[t("sends.problem"), send.problem] as [string, string]] : []),
          [
            t("sends.text_shown"),
            <span key="text" className="pre">
              {send.text}
            </span>,
          ],
        ]}
      />
    </Section>
  )
}
