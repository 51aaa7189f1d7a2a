import { formatNumber } from "../../../../ui/format.ts"
import { useTranslation } from "../../../../ui/words/use.ts"
import { importState, isOpen } from "../../pages/imports/state.tsx"
import type { Job } from "./use-jobs.ts"

/** How jobs are called, how they stand, and what came of them. */
export function useJobWords() {
  const { t } = useTranslation()
  const name = (job: Job) => {
    if (job.kind === "send") return job.send.name
    return job.kind === "import" ? job.file.file_name : job.play.name
  }
  const state = (job: Job) => {
    if (job.kind === "send") return t(`job_state.${job.send.state}`)
    return t(
      job.kind === "import" ? importState(job.file).word : `job_state.${job.active ? "running" : "done"}`,
    )
  }
  return {
    name,
    state,
    said: (job: Job) => t("jobs.said", { name: name(job), state: state(job) }),
    detail(job: Job): string | null {
      if (job.kind === "send") {
        const { state, settled, planned, delivered, missed } = job.send
        if (state === "awaiting_approval") return t("jobs.awaiting")
        if (state === "done") return t("jobs.delivered", { n: formatNumber(delivered) })
        if (state === "partly_failed")
          return t("jobs.partly", { n: formatNumber(delivered), missed: formatNumber(missed) })
        return planned > 0
          ? t("sends.progress_text", { done: formatNumber(settled), all: formatNumber(planned) })
          : null
      }
      if (job.kind === "play") {
        const { people, ended } = job.play
        const n = formatNumber(ended)
        return job.active
          ? t("plays.ended_of", { n, all: formatNumber(people) })
          : t("jobs.play_ended", { n })
      }
      const { state, counts, expected_rows } = job.file
      if (state === "failed") return t("jobs.import_failed")
      if (!counts) return null
      const n = formatNumber(counts.read)
      if (isOpen(job.file))
        return expected_rows
          ? t("jobs.rows_of", { n, all: formatNumber(expected_rows) })
          : t("jobs.rows", { n })
      const taken = { n: formatNumber(counts.imported), failed: formatNumber(counts.failed) }
      return t(state === "checked" ? "jobs.checked" : "jobs.imported", taken)
    },
    /** From 0 to 1, where it is known of how many. */
    share(job: Job): number | null {
      if (!job.active) return null
      const [done, all] = stand(job)
      return all > 0 ? Math.min(1, done / all) : null
    },
  }
}

/** How much is done of how much; of 0 where that is not known. */
function stand(job: Job): [done: number, all: number] {
  if (job.kind === "send") return [job.send.settled, job.send.planned]
  if (job.kind === "play") return [job.play.ended, job.play.people]
  return [job.file.counts?.read ?? 0, isOpen(job.file) ? (job.file.expected_rows ?? 0) : 0]
}
