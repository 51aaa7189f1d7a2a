import type { ImportRow } from "../../../../modules/orders/wizard/contract.ts"
import { Badge, type Tone } from "../../../../ui/badge.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useCodeWord } from "../../lib/words.ts"

type Told = Pick<ImportRow, "state" | "dry_run" | "counts">

export const isUnderWay = (row: Pick<ImportRow, "state">) => row.state === "queued" || row.state === "running"

const TONES: Record<string, Tone> = {
  done: "good",
  queued: "info",
  running: "info",
  checking: "info",
  failed: "bad",
  partly_failed: "warn",
}

/** How an import stands: one that left rows behind is told apart from one that took them all. */
export function ImportState(props: { row: Told }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const { state, dry_run, counts } = props.row
  if (state === "uploaded") return <Badge>{t("imports.not_begun")}</Badge>
  if (state === "cancelled") return <Badge>{t("imports.was_stopped")}</Badge>
  const shown =
    state === "running" && dry_run
      ? "checking"
      : state === "done" && (counts?.failed ?? 0) > 0
        ? "partly_failed"
        : state
  return <Badge tone={TONES[shown] ?? "plain"}>{word("job_state", shown)}</Badge>
}
