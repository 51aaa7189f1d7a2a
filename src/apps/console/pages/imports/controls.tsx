import { Button } from "antd"
import { useState } from "react"
import {
  cancelImport,
  type ImportJob,
  pauseImport,
  resumeImport,
} from "../../../../modules/imports/contract.ts"
import { ConfirmConsequence } from "../../../../ui/confirm.tsx"
import { formatNumber } from "../../../../ui/format.ts"
import { problemText } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange } from "../../lib/client.ts"
import { isOpen, isUnderWay } from "./state.tsx"

/** What may be done with an import that has not ended, in the bell as on its pages. `named`: several stand in one list. */
export function ImportControls(props: {
  row: Pick<ImportJob, "id" | "file_name" | "state" | "dry_run" | "counts">
  named?: boolean
}) {
  const { t } = useTranslation()
  const { row, named } = props
  const [asking, setAsking] = useState(false)
  const pause = useChange(pauseImport, ["imports"])
  const resume = useChange(resumeImport, ["imports"])
  const cancel = useChange(cancelImport, ["imports"])
  const change = { params: { id: row.id } }
  const onError = (error: unknown) => toast(problemText(error), "bad")
  const look = (verb: string) =>
    named ? ({ size: "small", "aria-label": `${verb} ${row.file_name}` } as const) : {}
  if (!isOpen(row)) return null
  return (
    <>
      {isUnderWay(row) ? (
        <Button
          {...look(t("imports.pause"))}
          loading={pause.isPending}
          onClick={() => pause.mutate(change, { onError })}
        >
          {t("imports.pause")}
        </Button>
      ) : (
        <Button
          {...look(t("imports.resume"))}
          loading={resume.isPending}
          onClick={() => resume.mutate(change, { onError })}
        >
          {t("imports.resume")}
        </Button>
      )}
      <Button {...look(t("imports.stop"))} danger onClick={() => setAsking(true)}>
        {t("imports.stop")}
      </Button>
      <ConfirmConsequence
        open={asking}
        title={t("imports.stop_title", { n: formatNumber(row.dry_run ? 0 : (row.counts?.imported ?? 0)) })}
        verb={t("imports.stop")}
        danger
        onClose={() => setAsking(false)}
        onConfirm={async () => {
          await cancel.mutateAsync(change)
          toast(t("imports.stopped"))
        }}
      />
    </>
  )
}
