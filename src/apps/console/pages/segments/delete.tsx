import { useNavigate } from "@tanstack/react-router"
import { Button } from "antd"
import { useState } from "react"
import { deleteSegment } from "../../../../modules/segments/contract.ts"
import { ConfirmConsequence } from "../../../../ui/confirm.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange } from "../../lib/client.ts"

export function DeleteSegment(props: { id: string; name: string }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  // Only the list: the page of what is gone asks no more.
  const remove = useChange(deleteSegment, ["segments.list"])
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button danger onClick={() => setAsking(true)}>
        {t("segments.delete")}
      </Button>
      <ConfirmConsequence
        open={asking}
        title={t("segments.delete_title", { name: props.name })}
        verb={t("segments.delete")}
        danger
        onClose={() => setAsking(false)}
        onConfirm={async () => {
          await remove.mutateAsync({ params: { id: props.id } })
          toast(t("segments.deleted"))
          await navigate({ to: "/segments", search: {}, ignoreBlocker: true })
        }}
      >
        <p>{t("segments.delete_text")}</p>
      </ConfirmConsequence>
    </>
  )
}
