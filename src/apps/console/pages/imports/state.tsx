import type { ImportRow } from "../../../../modules/imports/contract.ts"
import { Badge, type Tone } from "../../../../ui/badge.tsx"
import { useTranslation, type WordKey } from "../../../../ui/words/use.ts"

type Kept = Pick<ImportRow, "state" | "files_expired_at">
type Told = Pick<ImportRow, "state" | "dry_run" | "counts">

export const isUnderWay = (row: Pick<ImportRow, "state">) => row.state === "queued" || row.state === "running"

/** Not at its end: under way, or paused in the midst of it. */
export const isOpen = (row: Pick<ImportRow, "state">) => isUnderWay(row) || row.state === "paused"

/** Tried out, and waiting for a person's word: then alone the steps have something to ask. */
export const isWaiting = (row: Kept) => row.state === "checked" && !row.files_expired_at

/** Whether the rows that failed can still be had: what is deleted is no link. */
export const hasDownload = (row: Kept & Pick<ImportRow, "has_failed_rows">) =>
  row.has_failed_rows && !row.files_expired_at

/** How an import stands, in the bell as on its pages: one that left rows behind is told apart from one that took them all. */
export function importState({ state, dry_run, counts }: Told): { word: WordKey; tone: Tone } {
  switch (state) {
    case "uploaded":
      return { word: "imports.not_begun", tone: "plain" }
    case "queued":
      return { word: "job_state.queued", tone: "info" }
    case "running":
      return { word: dry_run ? "job_state.checking" : "job_state.running", tone: "info" }
    case "paused":
      return { word: "job_state.paused", tone: "warn" }
    case "checked":
      return { word: "job_state.checked", tone: "warn" }
    case "done":
      return (counts?.failed ?? 0) > 0
        ? { word: "job_state.partly_failed", tone: "warn" }
        : { word: "job_state.done", tone: "good" }
    case "failed":
      return { word: "job_state.failed", tone: "bad" }
    case "cancelled":
      return { word: "imports.was_stopped", tone: "plain" }
  }
}

export function ImportState(props: { row: Told }) {
  const { t } = useTranslation()
  const { word, tone } = importState(props.row)
  return <Badge tone={tone}>{t(word)}</Badge>
}
