import { Button, Dropdown, Form, Select } from "antd"
import { useState } from "react"
import { giveBack, signFor, writeOff } from "../../../../modules/accounts/custody/contract.ts"
import { clearHazard, INCIDENT_KINDS, reportIncident } from "../../../../modules/accounts/hazard/contract.ts"
import { moveAccount } from "../../../../modules/accounts/life/contract.ts"
import { ConfirmConsequence } from "../../../../ui/confirm.tsx"
import { FormDrawer } from "../../../../ui/form-drawer.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange } from "../../lib/client.ts"
import { type Session, useSession } from "../../lib/session.tsx"
import { useCodeWord } from "../../lib/words.ts"
import { Functions } from "./functions.tsx"
import { HandOver, Register, TakeBack } from "./hands.tsx"
import { type ActProps, NoteItem } from "./note.tsx"
import type { AccountDetail } from "./state.tsx"

type Step = "starting" | "nurturing" | "ready"
type Act =
  | "sign"
  | "hand_over"
  | "take_back"
  | "give_back"
  | "register"
  | "functions"
  | "report"
  | "clear"
  | "write_off"
  | `to_${Step}`

/** What may be done with an account as it stands, by whoever looks at it; what goes on comes first. */
function actsOf(a: AccountDetail, { can, user }: Session): Act[] {
  const keeper = can("accounts.write")
  const own = a.custodian_staff_id === user.id
  const over = a.next.length === 0
  const steps = { requested: "starting", starting: "nurturing", nurturing: "ready" } as const
  const step = steps[a.state as keyof typeof steps]
  const acts: [Act, boolean][] = [
    ["sign", own && a.unsigned && can("accounts.request")],
    ...(step ? [[`to_${step}`, keeper] as [Act, boolean]] : []),
    ["take_back", keeper && a.state === "returning"],
    ["hand_over", keeper && (a.state === "ready" || a.state === "in_use")],
    ["give_back", a.state === "in_use" && (keeper || own) && can("accounts.request")],
    ["register", keeper && !over],
    ["functions", keeper && !over],
    ["report", !over && (keeper || own) && can("accounts.request")],
    ["clear", keeper && a.hazard !== "none"],
    ["write_off", can("accounts.write_off") && a.state === "in_use"],
  ]
  return acts.flatMap(([act, may]) => (may ? [act] : []))
}

const SHOWN = 2

export function Acts(props: { account: AccountDetail }) {
  const { t } = useTranslation()
  const session = useSession()
  const { account } = props
  const [asking, setAsking] = useState<Act | null>(null)
  const acts = actsOf(account, session)
  const [first, more] = [acts.slice(0, SHOWN), acts.slice(SHOWN)]
  const close = () => setAsking(null)
  const is = (act: Act) => ({ account, open: asking === act, onClose: close })
  return (
    <>
      {first.map((act, n) => (
        <Button key={act} type={n === 0 ? "primary" : "default"} onClick={() => setAsking(act)}>
          {t(`accounts.${act}`)}
        </Button>
      ))}
      {more.length > 0 ? (
        <Dropdown
          trigger={["click"]}
          menu={{
            items: more.map((act) => ({
              key: act,
              label: t(`accounts.${act}`),
              danger: act === "write_off",
            })),
            onClick: ({ key }) => setAsking(acts.find((act) => act === key) ?? null),
          }}
        >
          <Button>{t("roles.more")}</Button>
        </Dropdown>
      ) : null}
      <Move {...is(`to_${stepOf(asking)}`)} to={stepOf(asking)} />
      <Sign {...is("sign")} />
      <HandOver {...is("hand_over")} />
      <TakeBack {...is("take_back")} />
      <Register {...is("register")} />
      <Functions {...is("functions")} />
      <GiveBack {...is("give_back")} />
      <WriteOff {...is("write_off")} />
      <Report {...is("report")} />
      <Clear {...is("clear")} />
    </>
  )
}

const stepOf = (act: Act | null): Step =>
  act === "to_nurturing" ? "nurturing" : act === "to_ready" ? "ready" : "starting"

function Move(props: ActProps & { to: Step }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const move = useChange(moveAccount, ["accounts"])
  const { account, to, onClose } = props
  return (
    <FormDrawer<{ note?: string }>
      open={props.open}
      title={`${t(`accounts.to_${to}`)} ${account.name}`}
      verb={t(`accounts.to_${to}`)}
      onClose={onClose}
      onSubmit={async (values) => {
        const done = await move.mutateAsync({ params: { id: account.id }, body: { to, ...values } })
        onClose()
        toast(t("accounts.moved", { state: word("account_state", done.state) }))
      }}
    >
      <NoteItem />
    </FormDrawer>
  )
}

function Sign(props: ActProps) {
  const { t } = useTranslation()
  const sign = useChange(signFor, ["accounts"])
  return (
    <ConfirmConsequence
      open={props.open}
      title={t("accounts.sign_title", { name: props.account.name })}
      verb={t("accounts.sign")}
      onClose={props.onClose}
      onConfirm={async () => {
        await sign.mutateAsync({ params: { id: props.account.id } })
        toast(t("accounts.signed"))
      }}
    />
  )
}

function GiveBack(props: ActProps) {
  const { t } = useTranslation()
  const give = useChange(giveBack, ["accounts"])
  return (
    <FormDrawer<{ reason: string }>
      open={props.open}
      title={t("accounts.give_back_title", { name: props.account.name })}
      verb={t("accounts.give_back")}
      onClose={props.onClose}
      onSubmit={async (body) => {
        await give.mutateAsync({ params: { id: props.account.id }, body })
        props.onClose()
        toast(t("accounts.given_back"))
      }}
    >
      <NoteItem name="reason" label={t("accounts.reason")} required />
    </FormDrawer>
  )
}

function WriteOff(props: ActProps) {
  const { t } = useTranslation()
  const off = useChange(writeOff, ["accounts"])
  return (
    <FormDrawer<{ reason: string }>
      open={props.open}
      title={t("accounts.write_off_title", { name: props.account.name })}
      verb={t("accounts.write_off")}
      danger
      onClose={props.onClose}
      onSubmit={async (body) => {
        await off.mutateAsync({ params: { id: props.account.id }, body })
        props.onClose()
        toast(t("accounts.written_off"))
      }}
    >
      <NoteItem name="reason" label={t("accounts.reason")} required />
    </FormDrawer>
  )
}

function Report(props: ActProps) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const report = useChange(reportIncident, ["accounts"])
  return (
    <FormDrawer<{ kind: (typeof INCIDENT_KINDS)[number]; note: string }>
      open={props.open}
      title={t("accounts.report_title", { name: props.account.name })}
      verb={t("accounts.report")}
      danger
      onClose={props.onClose}
      onSubmit={async (body) => {
        await report.mutateAsync({ params: { id: props.account.id }, body })
        props.onClose()
        toast(t("accounts.reported"))
      }}
    >
      <Form.Item
        name="kind"
        label={t("accounts.incident_kind")}
        extra={t("accounts.incident_hint")}
        rules={[{ required: true, message: t("ui.required") }]}
      >
        <Select options={INCIDENT_KINDS.map((value) => ({ value, label: word("incident_kind", value) }))} />
      </Form.Item>
      <NoteItem required />
    </FormDrawer>
  )
}

function Clear(props: ActProps) {
  const { t } = useTranslation()
  const clear = useChange(clearHazard, ["accounts"])
  return (
    <FormDrawer<{ note: string }>
      open={props.open}
      title={t("accounts.clear_title", { name: props.account.name })}
      verb={t("accounts.clear")}
      onClose={props.onClose}
      onSubmit={async (body) => {
        await clear.mutateAsync({ params: { id: props.account.id }, body })
        props.onClose()
        toast(t("accounts.cleared"))
      }}
    >
      <NoteItem required />
    </FormDrawer>
  )
}
