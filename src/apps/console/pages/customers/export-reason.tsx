import { Form, Input } from "antd"
import type { CallInput } from "../../../../kernel/client.ts"
import { exportCustomers, exportPath, REASON_MIN } from "../../../../modules/customers/contract.ts"
import { FormDrawer } from "../../../../ui/form-drawer.tsx"
import { formatNumber } from "../../../../ui/format.ts"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange } from "../../lib/client.ts"
import { fetchFile } from "../../lib/export.ts"

/** Before customers leave as a file: what for. It stands in the audit beside what was taken; then the browser gets the file. */
export function ExportReason(props: {
  open: boolean
  onClose: () => void
  whom: Omit<CallInput<typeof exportCustomers>["body"], "reason">
}) {
  const { t, i18n } = useTranslation()
  const opening = useChange(exportCustomers)
  const take = async ({ reason }: { reason: string }) => {
    const { id, people } = await opening.mutateAsync({ body: { ...props.whom, reason } })
    fetchFile(exportPath(id) + (i18n.language.startsWith("en") ? "?lang=en" : ""))
    toast(t("customers.exported", { n: formatNumber(people) }))
    props.onClose()
  }
  return (
    <FormDrawer<{ reason: string }>
      open={props.open}
      title={t("customers.export_title")}
      verb={t("customers.export")}
      onClose={props.onClose}
      onSubmit={take}
    >
      <Form.Item
        name="reason"
        label={t("customers.export_reason")}
        extra={t("customers.export_hint")}
        rules={[
          { required: true, whitespace: true, min: REASON_MIN, message: t("customers.export_reason_short") },
        ]}
      >
        <Input.TextArea autoSize={{ minRows: 2 }} maxLength={200} />
      </Form.Item>
    </FormDrawer>
  )
}
