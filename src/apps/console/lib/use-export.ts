import { useState } from "react"
import type { Endpoint } from "../../../kernel/contract.ts"
import { formatNumber } from "../../../ui/format.ts"
import { problemText } from "../../../ui/states.tsx"
import { toast } from "../../../ui/toast.tsx"
import { useTranslation } from "../../../ui/words/use.ts"
import { type ExportOptions, exportCsv } from "./export.ts"

/** A list as a file, with what became of it said aloud: how many rows, whether the list went on, or why there is none. */
export function useExport(): {
  exporting: boolean
  save: <E extends Endpoint>(options: ExportOptions<E>, said: (rows: string) => string) => Promise<void>
} {
  const { t } = useTranslation()
  const [exporting, setExporting] = useState(false)
  return {
    exporting,
    async save(options, said) {
      setExporting(true)
      try {
        const { rows, cut } = await exportCsv(options)
        const n = formatNumber(rows)
        if (cut) toast(t("ui.export_cut", { n }), "bad")
        else toast(said(n))
      } catch (error) {
        toast(problemText(error), "bad")
      } finally {
        setExporting(false)
      }
    },
  }
}
