import { Button, Form } from "antd"
import { useState } from "react"
import { mergeInto } from "../../../../modules/customers/merge/contract.ts"
import { FormDrawer } from "../../../../ui/form-drawer.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"
import { PersonField } from "./person-field.tsx"

/** Merges somebody whom the system did not find by itself into this customer. */
export function MergeAnother(props: { id: string; name: string }) {
  const { t } = useTranslation()
  const { can } = useSession()
  const merge = useChange(mergeInto, ["customers"])
  const [asking, setAsking] = useState(false)
  if (!can("customers.merge")) return null
  return (
    <>
      <Button onClick={() => setAsking(true)}>{t("duplicates.another")}</Button>
      <FormDrawer<{ other_id: string }>
        open={asking}
        title={t("duplicates.another_title", { name: props.name })}
        verb={t("duplicates.merge")}
        danger
        onClose={() => setAsking(false)}
        onSubmit={async (body) => {
          await merge.mutateAsync({ params: { id: props.id }, body })
          setAsking(false)
          toast(t("duplicates.merged", { name: props.name }))
        }}
      >
        <p className="secondary">{t("duplicates.merge_text")}</p>
        <Form.Item name="other_id" rules={[{ required: true, message: t("ui.required") }]}>
          <PersonField />
        </Form.Item>
      </FormDrawer>
    </>
  )
}
