import { Form, Input } from "antd"
import { useTranslation } from "../../../../ui/words/use.ts"
import type { AccountDetail } from "./state.tsx"

/** What every drawer of an act gets. */
export type ActProps = { account: AccountDetail; open: boolean; onClose: () => void }

/** Some words to what is done. */
export function NoteItem(props: { name?: string; label?: string; hint?: string; required?: boolean }) {
  const { t } = useTranslation()
  return (
    <Form.Item
      name={props.name ?? "note"}
      label={props.label ?? t("accounts.note")}
      extra={props.hint}
      rules={props.required ? [{ required: true, message: t("ui.required") }] : []}
    >
      <Input.TextArea rows={3} maxLength={500} />
    </Form.Item>
  )
}
