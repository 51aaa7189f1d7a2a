import { Button, Form, Input, Select } from "antd"
import { useState } from "react"
import { listStaff } from "../../../../modules/staff/contract.ts"
import { MESSAGE_MAX_LENGTH } from "../../../../modules/transfers/contract.ts"
import { planLeaving } from "../../../../modules/transfers/leaving/contract.ts"
import { FormDrawer } from "../../../../ui/form-drawer.tsx"
import { formatNumber } from "../../../../ui/format.ts"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { AccountSelect } from "./pass-on.tsx"

type What = "customers" | "groups" | "assignments"
const FIELD = {
  customers: "customers_to_account_id",
  groups: "groups_to_account_id",
  assignments: "assignments_to_staff_id",
} as const
type Values = Partial<Record<(typeof FIELD)[What], string>> & { message?: string }

/** Passes one kind of what somebody holds who leaves to whoever takes it over. */
export function PassTo(props: { what: What; id: string }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const pass = useChange(planLeaving, ["leavings", "transfers"])
  const people = useRead(listStaff, {}, { enabled: open && props.what === "assignments" })
  const { what } = props
  const verb = t(`transfers.pass_${what}`)
  return (
    <>
      <Button className="as-wide" onClick={() => setOpen(true)}>
        {verb}
      </Button>
      <FormDrawer<Values>
        open={open}
        title={verb}
        verb={verb}
        onClose={() => setOpen(false)}
        onSubmit={async ({ message, ...to }) => {
          const passed = await pass.mutateAsync({
            params: { id: props.id },
            body: { ...to, message: message ?? "" },
          })
          setOpen(false)
          toast(t(`transfers.passing_${what}`, { n: formatNumber(passed[what]) }))
        }}
      >
        <Form.Item
          name={FIELD[what]}
          label={t(what === "assignments" ? "transfers.to_staff" : "transfers.to")}
          rules={[{ required: true, message: t("ui.required") }]}
        >
          {what === "assignments" ? (
            <Select
              showSearch={{ optionFilterProp: "label" }}
              options={(people.data?.rows ?? [])
                .filter((p) => p.status === "active" && p.id !== props.id)
                .map((p) => ({ value: p.id, label: p.name }))}
            />
          ) : (
            <AccountSelect without={props.id} />
          )}
        </Form.Item>
        {what === "customers" ? (
          <Form.Item name="message" label={t("transfers.message")} extra={t("transfers.message_hint")}>
            <Input.TextArea rows={3} maxLength={MESSAGE_MAX_LENGTH} />
          </Form.Item>
        ) : null}
      </FormDrawer>
    </>
  )
}
