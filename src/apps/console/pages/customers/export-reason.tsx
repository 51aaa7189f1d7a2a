import { Form, Input } from "antd"
import { FormDrawer } from "../../../../ui/form-drawer.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"

/** Before customers leave as a file: what for. It stands in the audit beside what was taken. */
export function ExportReason(props: {
  open: boolean
  onClose: () => void
  onReason: (reason: string) => void
}) {
  const { t } = useTranslation()
  return (
    <FormDrawer<{ reason: string }>
      open={props.open}
      title={t("customers.export_title")}
      verb={t("customers.export")}
      onClose={props.onClose}
      onSubmit={async ({ reason }) => props.onReason(reason)}
    >
      <Form.Item
        name="reason"
        label={t("customers.export_reason")}
        extra={t("customers.export_hint")}
        rules={[{ required: true, min: REASON_MIN, message: t("customers.export_reason_short") }]}
      >
        <Input.TextArea autoSize={{ minRows: 2 }} maxLength={200} />
      </Form.Item>
    </FormDrawer>
  )
}

const REASON_MIN = 4
