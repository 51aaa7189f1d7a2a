import { Form, Input, Select } from "antd"
import {
  HANDOVER_ITEMS,
  handOver,
  RETURN_ITEMS,
  takeBack,
} from "../../../../modules/accounts/custody/contract.ts"
import { registerAccount } from "../../../../modules/accounts/life/contract.ts"
import { FormDrawer } from "../../../../ui/form-drawer.tsx"
import { NumberItem } from "../../../../ui/number-field.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange } from "../../lib/client.ts"
import { useCodeWord } from "../../lib/words.ts"
import { type ActProps, NoteItem } from "./note.tsx"
import { PersonItem } from "./people.tsx"
import { Ticks } from "./ticks.tsx"

type HandOverValues = {
  staff_id: string
  checklist?: Partial<Record<(typeof HANDOVER_ITEMS)[number], boolean>> & { top_up_by?: string }
  note?: string
}

/** Into somebody's hands: from the shelf with the whole list, in use straight on. */
export function HandOver(props: ActProps) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const hand = useChange(handOver, ["accounts"])
  const { account } = props
  const shelf = account.state === "ready"
  return (
    <FormDrawer<HandOverValues>
      open={props.open}
      title={t("accounts.hand_over_title", { name: account.name })}
      verb={t("accounts.hand_over")}
      onClose={props.onClose}
      onSubmit={async ({ staff_id, checklist, note }) => {
        await hand.mutateAsync({
          params: { id: account.id },
          body: {
            staff_id,
            from_staff_id: account.custodian_staff_id,
            checklist: checklist ?? null,
            ...(note ? { note } : {}),
          },
        })
        props.onClose()
        toast(t("accounts.handed"))
      }}
    >
      <PersonItem
        name="staff_id"
        label={t("accounts.hand_over_to")}
        without={account.custodian_staff_id}
        required
      />
      {shelf ? (
        <>
          <Ticks
            name="checklist"
            label={t("accounts.handover_list")}
            items={HANDOVER_ITEMS}
            word={(item) => word("handover_item", item)}
          />
          <Form.Item name={["checklist", "top_up_by"]} label={t("accounts.top_up_by")}>
            <Input maxLength={60} />
          </Form.Item>
        </>
      ) : null}
      <NoteItem />
    </FormDrawer>
  )
}

type TakeBackValues = {
  to: "ready" | "retired"
  checklist?: Partial<Record<(typeof RETURN_ITEMS)[number], boolean>>
  note?: string
}

/** Whether everything is back, checked by somebody who does not hold it. */
export function TakeBack(props: ActProps) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const take = useChange(takeBack, ["accounts"])
  const { account } = props
  return (
    <FormDrawer<TakeBackValues>
      open={props.open}
      title={t("accounts.take_back_title", { name: account.name })}
      verb={t("accounts.take_back")}
      initial={{ to: "ready" }}
      onClose={props.onClose}
      onSubmit={async ({ to, checklist, note }) => {
        await take.mutateAsync({
          params: { id: account.id },
          body: { to, checklist: checklist ?? {}, ...(note ? { note } : {}) },
        })
        props.onClose()
        toast(t("accounts.taken_back"))
      }}
    >
      <Ticks
        name="checklist"
        label={t("accounts.return_list")}
        items={RETURN_ITEMS}
        word={(item) => word("return_item", item)}
      />
      <Form.Item name="to" label={t("accounts.take_back_to")}>
        <Select
          options={(["ready", "retired"] as const).map((value) => ({
            value,
            label: word("account_state", value),
          }))}
        />
      </Form.Item>
      <NoteItem />
    </FormDrawer>
  )
}

type RegisterValues = {
  holder_name?: string
  phone?: string
  sim_owner?: string
  device?: string
  channel_ref?: string
  active_days_before?: number
}

/** On whose identity, number and device the account runs. */
export function Register(props: ActProps) {
  const { t } = useTranslation()
  const register = useChange(registerAccount, ["accounts"])
  const { account } = props
  const line = (name: keyof RegisterValues, label: string, hint?: string) => (
    <Form.Item name={name} label={label} extra={hint}>
      <Input maxLength={60} autoComplete="off" />
    </Form.Item>
  )
  return (
    <FormDrawer<RegisterValues>
      open={props.open}
      title={`${t("accounts.register")} ${account.name}`}
      verb={t("ui.save")}
      initial={{
        holder_name: account.registration?.holder_name ?? "",
        sim_owner: account.registration?.sim_owner ?? "",
        device: account.registration?.device ?? "",
        active_days_before: account.registration?.active_days_before ?? 0,
      }}
      onClose={props.onClose}
      onSubmit={async ({ phone, channel_ref, ...values }) => {
        await register.mutateAsync({
          params: { id: account.id },
          body: { ...values, phone: phone || null, channel_ref: channel_ref || null },
        })
        props.onClose()
        toast(t("accounts.registered"))
      }}
    >
      {line("holder_name", t("accounts.holder"))}
      {line("phone", t("accounts.phone"), t("accounts.phone_hint"))}
      {line("sim_owner", t("accounts.sim_owner"))}
      {line("device", t("accounts.device"))}
      {line("channel_ref", t("accounts.channel_ref"), t("accounts.channel_ref_hint"))}
      <NumberItem
        name="active_days_before"
        label={t("accounts.days_before")}
        hint={t("accounts.days_before_hint")}
        min={0}
        max={3650}
        decimals={0}
      />
    </FormDrawer>
  )
}
