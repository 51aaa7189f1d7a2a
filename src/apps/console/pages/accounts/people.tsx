import { Form, Select } from "antd"
import { listStaff } from "../../../../modules/staff/contract.ts"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"

/** A member of staff, chosen by name. */
export function PersonItem(props: {
  name: string
  label: string
  hint?: string
  required?: boolean
  without?: string | null
  empty?: string
}) {
  const { t } = useTranslation()
  const { can } = useSession()
  const people = useRead(listStaff, {}, { enabled: can("staff.read") })
  const options = (people.data?.rows ?? [])
    .filter((p) => p.status === "active" && p.id !== props.without)
    .map((p) => ({ value: p.id, label: p.name }))
  return (
    <Form.Item
      name={props.name}
      label={props.label}
      extra={props.hint}
      rules={props.required ? [{ required: true, message: t("ui.required") }] : []}
    >
      <Select
        allowClear={!props.required}
        showSearch={{ optionFilterProp: "label" }}
        placeholder={props.empty}
        options={options}
      />
    </Form.Item>
  )
}
