import { Form, Input, Select } from "antd"
import { type RefObject, useEffect, useRef } from "react"
import type { CallInput } from "../../../../kernel/client.ts"
import { listAccounts } from "../../../../modules/accounts/contract.ts"
import {
  MESSAGE_MAX_LENGTH,
  makeTransfer,
  NOTE_MAX_LENGTH,
  REASONS,
  tryTransfer,
} from "../../../../modules/transfers/contract.ts"
import { FormDrawer } from "../../../../ui/form-drawer.tsx"
import { formatNumber } from "../../../../ui/format.ts"
import { Failed, Loading } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"

type Body = NonNullable<CallInput<typeof makeTransfer>["body"]>
export type Whom = Body["who"]
type Values = { to_account_id: string; reason: Body["reason"]; note?: string; message?: string }

/** Passes customers on: to whom, why, in which words; what would become of them is tried out before anything happens. */
export function PassOn(props: {
  open: boolean
  who: Whom
  count: number
  onClose: () => void
  onDone: () => void
}) {
  const { t } = useTranslation()
  const make = useChange(makeTransfer, ["transfers", "customers"])
  const n = formatNumber(props.count)
  // What the trial said and was read; without one the server says that the number is another.
  const seen = useRef(1)
  return (
    <FormDrawer<Values>
      open={props.open}
      title={t("transfers.pass_on_people", { n })}
      verb={t("transfers.pass_on")}
      onClose={props.onClose}
      initial={{ reason: "rearranged" }}
      onSubmit={async ({ to_account_id, reason, note, message }) => {
        const tried = await make.mutateAsync({
          body: {
            who: props.who,
            to_account_id,
            reason,
            note: note ?? "",
            message: message ?? "",
            confirmed: seen.current,
          },
        })
        toast(t("transfers.passed_on", { n: formatNumber(tried.customers) }))
        props.onClose()
        props.onDone()
      }}
    >
      <Form.Item
        name="to_account_id"
        label={t("transfers.to")}
        rules={[{ required: true, message: t("ui.required") }]}
      >
        <AccountSelect />
      </Form.Item>
      <Form.Item noStyle shouldUpdate={(a: Values, b: Values) => a.to_account_id !== b.to_account_id}>
        {({ getFieldValue }) => {
          const to = getFieldValue("to_account_id") as string | undefined
          return to && props.open ? <Trial who={props.who} to_account_id={to} seen={seen} /> : null
        }}
      </Form.Item>
      <Form.Item name="reason" label={t("transfers.reason")}>
        <Select options={REASONS.map((value) => ({ value, label: t(`transfers.reason_${value}`) }))} />
      </Form.Item>
      <Form.Item name="message" label={t("transfers.message")} extra={t("transfers.message_hint")}>
        <Input.TextArea rows={3} maxLength={MESSAGE_MAX_LENGTH} />
      </Form.Item>
      <Form.Item name="note" label={t("transfers.note")}>
        <Input.TextArea rows={2} maxLength={NOTE_MAX_LENGTH} />
      </Form.Item>
    </FormDrawer>
  )
}

/** Accounts that can take customers: in use, without a hazard, in somebody's hands. */
export function AccountSelect(props: {
  value?: string
  onChange?: (id: string) => void
  /** Whose accounts are left out. */
  without?: string
  id?: string
}) {
  const accounts = useRead(listAccounts, {})
  return (
    <Select
      {...(props.id ? { id: props.id } : {})}
      {...(props.value ? { value: props.value } : {})}
      {...(props.onChange ? { onChange: props.onChange } : {})}
      allowClear
      loading={accounts.isPending}
      showSearch={{ optionFilterProp: "label" }}
      options={(accounts.data?.rows ?? [])
        .filter((a) => a.state === "in_use" && a.hazard === "none" && a.custodian_staff_id !== null)
        .filter((a) => a.custodian_staff_id !== props.without)
        .map((a) => ({ value: a.id, label: `${a.name} · ${a.custodian_name ?? ""}` }))}
    />
  )
}

function Trial(props: { who: Whom; to_account_id: string; seen: RefObject<number> }) {
  const { t } = useTranslation()
  const { who, to_account_id, seen } = props
  const tried = useRead(tryTransfer, { body: { who, to_account_id } })
  const passing = tried.data ? tried.data.move + tried.data.owner : 0
  useEffect(() => {
    seen.current = Math.max(1, passing)
  }, [seen, passing])
  if (tried.error) return <Failed error={tried.error} />
  if (!tried.data) return <Loading rows={2} />
  const { move, owner, held, to_staff_name, by_hand } = tried.data
  const lines = [
    move > 0
      ? t(by_hand ? "transfers.would_by_hand" : "transfers.would_move", { n: formatNumber(move) })
      : null,
    owner > 0 ? t("transfers.would_owner", { n: formatNumber(owner), name: to_staff_name }) : null,
    held.in_transfer > 0 ? t("transfers.held_in_transfer", { n: formatNumber(held.in_transfer) }) : null,
    held.already_there > 0
      ? t("transfers.held_already_there", { n: formatNumber(held.already_there) })
      : null,
    held.transferred_often > 0
      ? t("transfers.held_transferred_often", { n: formatNumber(held.transferred_often) })
      : null,
  ].filter((line) => line !== null)
  return (
    <ul className="stack-s" aria-live="polite" aria-label={t("transfers.trial")}>
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
      {passing === 0 ? <li className="warn">{t("transfers.nobody")}</li> : null}
    </ul>
  )
}
