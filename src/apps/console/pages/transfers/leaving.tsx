import { LeftOutlined } from "@ant-design/icons"
import { Link, useParams } from "@tanstack/react-router"
import { Button } from "antd"
import { useState } from "react"
import type { CallAnswer } from "../../../../kernel/client.ts"
import {
  callOffLeaving,
  closeLeaving,
  readHoldings,
  startLeaving,
} from "../../../../modules/transfers/leaving/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { ConfirmConsequence } from "../../../../ui/confirm.tsx"
import { formatNumber } from "../../../../ui/format.ts"
import { Section, Page as Sheet } from "../../../../ui/page.tsx"
import { Ready } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"
import { PassTo } from "./pass-to.tsx"

export type Holdings = CallAnswer<typeof readHoldings>
const REFRESH_MS = 5_000

export function Page() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useRead(readHoldings, { params: { id } }, { every_ms: REFRESH_MS })
  return <Ready query={query}>{(held) => <Wizard held={held} />}</Ready>
}

function Wizard(props: { held: Holdings }) {
  const { t } = useTranslation()
  const { held } = props
  const { staff, leaving } = held
  const left = held.accounts.length + held.customers + held.groups.length + held.assignments
  const due = t(leaving?.overdue ? "transfers.overdue_since" : "transfers.due_until", {
    day: leaving?.due_day ?? "",
  })
  return (
    <Sheet
      title={t("transfers.leaving_of", { name: staff.name })}
      purpose={
        leaving ? (left > 0 ? t("transfers.due_then_close", { due }) : due) : t("transfers.leaving_purpose")
      }
      back={
        <Link to="/transfers" search={{}} className="small">
          <LeftOutlined /> {t("transfers.back")}
        </Link>
      }
      actions={<Steps held={held} left={left} />}
    >
      <div className="stack">
        <Accounts held={held} />
        <Section title={t("transfers.step_customers")} extra={<Done n={held.customers} />}>
          <div className="stack-s">
            <p>
              {t("transfers.holds_customers", { n: formatNumber(held.customers) })}
              {held.customers_under_way > 0
                ? ` ${t("transfers.under_way", { n: formatNumber(held.customers_under_way) })}`
                : ""}
            </p>
            {staff.status === "leaving" && held.customers > held.customers_under_way ? (
              <PassTo what="customers" id={staff.id} />
            ) : null}
          </div>
        </Section>
        <Section title={t("transfers.step_groups")} extra={<Done n={held.groups.length} />}>
          <div className="stack-s">
            <ul className="stack-s">
              {held.groups.map((g) => (
                <li key={g.id} className="row">
                  <Link to="/groups/$id" params={{ id: g.id }} search={{}} className="name">
                    {g.name || t("groups.unnamed")}
                  </Link>
                  {g.under_way ? <Badge tone="info">{t("transfers.state_asked")}</Badge> : null}
                </li>
              ))}
            </ul>
            {staff.status === "leaving" && held.groups.some((g) => !g.under_way) ? (
              <PassTo what="groups" id={staff.id} />
            ) : null}
          </div>
        </Section>
        <Section title={t("transfers.step_assignments")} extra={<Done n={held.assignments} />}>
          <div className="stack-s">
            <p>{t("transfers.holds_assignments", { n: formatNumber(held.assignments) })}</p>
            {staff.status === "leaving" && held.assignments > 0 ? (
              <PassTo what="assignments" id={staff.id} />
            ) : null}
          </div>
        </Section>
      </div>
    </Sheet>
  )
}

function Done(props: { n: number }) {
  const { t } = useTranslation()
  return props.n === 0 ? (
    <Badge tone="good">{t("transfers.handed_over")}</Badge>
  ) : (
    <Badge tone="warn">{t("transfers.still", { n: formatNumber(props.n) })}</Badge>
  )
}

function Accounts(props: { held: Holdings }) {
  const { t } = useTranslation()
  const { accounts } = props.held
  return (
    <Section title={t("transfers.step_accounts")} extra={<Done n={accounts.length} />}>
      <div className="stack-s">
        <p className="secondary">{t("transfers.accounts_hint")}</p>
        <ul className="stack-s">
          {accounts.map((a) => (
            <li key={a.id}>
              <Link to="/accounts/$id" params={{ id: a.id }} search={{}} className="name">
                {a.name}
              </Link>
            </li>
          ))}
        </ul>
      </div>
    </Section>
  )
}

function Steps(props: { held: Holdings; left: number }) {
  const { t } = useTranslation()
  const { can } = useSession()
  const { staff } = props.held
  const params = { id: staff.id }
  const refresh = ["leavings", "staff", "transfers", "unowned"]
  const start = useChange(startLeaving, refresh)
  const close = useChange(closeLeaving, refresh)
  const callOff = useChange(callOffLeaving, refresh)
  const [asking, setAsking] = useState<"start" | "close" | "call_off" | null>(null)
  if (!can("transfers.write")) return null
  const run = {
    start: () => start.mutateAsync({ params, body: {} }),
    close: () => close.mutateAsync({ params, body: {} }),
    call_off: () => callOff.mutateAsync({ params, body: {} }),
  }
  const button = (
    what: keyof typeof run,
    kind: { type?: "primary"; danger?: boolean; disabled?: boolean },
  ) => (
    <Button {...kind} onClick={() => setAsking(what)}>
      {t(`transfers.leaving_${what}`)}
    </Button>
  )
  const leaving = staff.status === "leaving"
  return (
    <>
      {staff.status === "active" || staff.status === "disabled" ? button("start", { danger: true }) : null}
      {leaving && !staff.gone ? button("call_off", {}) : null}
      {leaving ? button("close", { type: "primary", disabled: props.left > 0 }) : null}
      {staff.status === "left" ? <Badge>{t("staff_status.left")}</Badge> : null}
      <ConfirmConsequence
        open={asking !== null}
        danger={asking === "start"}
        title={asking ? t(`transfers.leaving_${asking}_title`, { name: staff.name }) : ""}
        verb={asking ? t(`transfers.leaving_${asking}`) : ""}
        onClose={() => setAsking(null)}
        onConfirm={async () => {
          if (!asking) return
          await run[asking]()
          toast(t(`transfers.leaving_${asking}_done`, { name: staff.name }))
        }}
      />
    </>
  )
}
