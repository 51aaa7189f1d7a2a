import { Link } from "@tanstack/react-router"
import { Button, Dropdown } from "antd"
import { useState } from "react"
import type { CallAnswer } from "../../../../kernel/client.ts"
import { type listStaff, saveStaff } from "../../../../modules/staff/contract.ts"
import { ConfirmConsequence } from "../../../../ui/confirm.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"
import { ChangeRole } from "./change-role.tsx"

export type Person = CallAnswer<typeof listStaff>["rows"][number]
type Asking = "role" | "status" | "reset"

/** What can be done with a member of staff beside changing their data, each with its consequence. */
export function PersonActions(props: { person: Person; onSecret: (name: string, password: string) => void }) {
  const { t } = useTranslation()
  const { person } = props
  const save = useChange(saveStaff, ["staff"])
  const [asking, setAsking] = useState<Asking | null>(null)
  const active = person.status === "active"
  const close = () => setAsking(null)
  const items: { key: Asking; label: string; danger?: boolean }[] = [
    { key: "role", label: t("roles.change") },
    ...(person.login ? [{ key: "reset" as const, label: t("roles.reset") }] : []),
    { key: "status", label: t(active ? "roles.disable" : "roles.enable"), danger: active },
  ]
  const { can } = useSession()
  return (
    <>
      {can("transfers.read") ? (
        <Link to="/staff/$id/leaving" params={{ id: person.id }} search={{}}>
          {t("transfers.leave")}
        </Link>
      ) : null}
      <Dropdown
        trigger={["click"]}
        menu={{ items, onClick: ({ key }) => setAsking(items.find((one) => one.key === key)?.key ?? null) }}
      >
        <Button type="link" size="small" aria-label={t("roles.more_of", { name: person.name })}>
          {t("roles.more")}
        </Button>
      </Dropdown>
      <ChangeRole person={asking === "role" ? person : null} onClose={close} />
      <ConfirmConsequence
        open={asking === "status"}
        title={t(active ? "roles.disable_title" : "roles.enable_title", { name: person.name })}
        verb={t(active ? "roles.disable" : "roles.enable")}
        danger={active}
        onClose={close}
        onConfirm={async () => {
          await save.mutateAsync({ body: { id: person.id, status: active ? "disabled" : "active" } })
          toast(t(active ? "roles.disabled_now" : "roles.enabled_now"))
        }}
      />
      <ConfirmConsequence
        open={asking === "reset"}
        title={t("roles.reset_title", { name: person.name })}
        verb={t("roles.reset")}
        danger
        onClose={close}
        onConfirm={async () => {
          const answer = await save.mutateAsync({ body: { id: person.id, reset_password: true } })
          if (answer.one_time_password) props.onSecret(person.name, answer.one_time_password)
        }}
      />
    </>
  )
}
