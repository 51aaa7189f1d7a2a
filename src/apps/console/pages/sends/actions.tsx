import { Link } from "@tanstack/react-router"
import { Button, Form, Input } from "antd"
import { useState } from "react"
import {
  approveSendEndpoint,
  cancelSendEndpoint,
  pauseSendEndpoint,
  rejectSendEndpoint,
  resumeSendEndpoint,
  submitSend,
} from "../../../../modules/sends/contract.ts"
import { ConfirmConsequence } from "../../../../ui/confirm.tsx"
import { FormDrawer } from "../../../../ui/form-drawer.tsx"
import { formatNumber, formatTime } from "../../../../ui/format.ts"
import { useLanguage, useNow } from "../../../../ui/now.tsx"
import { problemText } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"
import type { One } from "./detail.tsx"

/** What may be done with a send in its state. `people`: whom it would reach now, where that has been asked. */
export function SendActions(props: { one: One; people: number | null }) {
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
      {writes ? (
        <Link to="/sends/new" search={send.state === "draft" ? { draft: send.id } : { copy: send.id }}>
          <Button>{t(send.state === "draft" ? "sends.edit" : "sends.copy")}</Button>
        </Link>
      ) : null}
      {send.state === "draft" && writes ? (
        <Button
          type="primary"
          loading={submit.isPending}
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
          loading={pause.isPending}
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
          loading={resume.isPending}
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
        title={t("sends.approve_title", {
          at: formatTime(send.send_at, now, language),
          n: formatNumber(props.people),
        })}
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
