import { Button } from "antd"
import { useState } from "react"
import { readApproval, setApproval } from "../../../../modules/sends/approval/contract.ts"
import { ConfirmConsequence } from "../../../../ui/confirm.tsx"
import { Section } from "../../../../ui/page.tsx"
import { Ready } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"

/** Whether a second person is asked before a send goes out. A team of one has nobody to ask. */
export function Approval() {
  const { t } = useTranslation()
  const { can } = useSession()
  const query = useRead(readApproval, {})
  const change = useChange(setApproval, ["sends.approval"])
  const [asking, setAsking] = useState(false)
  return (
    <Section title={t("approval.title")}>
      <Ready query={query}>
        {({ required }) => (
          <div className="row">
            <p className="grow">{t(required ? "approval.on" : "approval.off")}</p>
            {can("settings.write") ? (
              <Button onClick={() => setAsking(true)}>
                {t(required ? "approval.turn_off" : "approval.turn_on")}
              </Button>
            ) : null}
            <ConfirmConsequence
              open={asking}
              title={t(required ? "approval.off_title" : "approval.on_title")}
              verb={t(required ? "approval.turn_off" : "approval.turn_on")}
              danger={required}
              onClose={() => setAsking(false)}
              onConfirm={async () => {
                await change.mutateAsync({ body: { required: !required } })
                toast(t(required ? "approval.now_off" : "approval.now_on"))
              }}
            />
          </div>
        )}
      </Ready>
    </Section>
  )
}
