import { type ImportJob, listImportJobs } from "../../../../modules/imports/contract.ts"
import { listPlayJobs, type PlayJob } from "../../../../modules/plans/plays/contract.ts"
import { listSendJobs, type SendJob } from "../../../../modules/sends/contract.ts"
import { useRead } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"
import { JOBS_EVERY_MS, JOBS_OPEN_EVERY_MS } from "./limits.ts"

export type Job = { key: string; mark: string; active: boolean } & (
  | { kind: "send"; send: SendJob }
  | { kind: "import"; file: ImportJob }
  | { kind: "play"; play: PlayJob }
)

const GOING = new Set<string>([
  "awaiting_approval",
  "planning",
  "running",
  "paused",
  "queued",
  "checking",
  "checked",
])

/** What goes on and what ended lately, as far as this person may see it; null while nothing is known. */
export function useJobs(open: boolean): { jobs: Job[] | null; error: unknown; retry: () => void } {
  const { can } = useSession()
  const every_ms = open ? JOBS_OPEN_EVERY_MS : JOBS_EVERY_MS
  const reads = { sends: can("sends.read"), imports: can("imports.write"), plays: can("plays.read") }
  const sends = useRead(listSendJobs, {}, { enabled: reads.sends, every_ms })
  const imports = useRead(listImportJobs, {}, { enabled: reads.imports, every_ms })
  const plays = useRead(listPlayJobs, {}, { enabled: reads.plays, every_ms })
  const asked = [
    ...(reads.sends ? [sends] : []),
    ...(reads.imports ? [imports] : []),
    ...(reads.plays ? [plays] : []),
  ]
  const known = asked.every((one) => one.data !== undefined)
  return {
    jobs: known
      ? [
          ...(sends.data?.rows ?? []).map(ofSend),
          ...(imports.data?.rows ?? []).map(ofImport),
          ...(plays.data?.rows ?? []).map(ofPlay),
        ].sort(byTime)
      : null,
    error: known ? null : (asked.find((one) => one.error)?.error ?? null),
    retry: () => {
      for (const one of asked) void one.refetch()
    },
  }
}

/** A job is read in the state in which it was seen: what goes on to another is news. */
const job = (kind: string, id: string, state: string) => ({
  key: `${kind}:${id}`,
  mark: `${kind}:${id}:${state}`,
  active: GOING.has(state),
})
const ofSend = (send: SendJob): Job => ({ ...job("send", send.id, send.state), kind: "send", send })
const ofImport = (file: ImportJob): Job => ({
  ...job("import", file.id, file.state === "running" && file.dry_run ? "checking" : file.state),
  kind: "import",
  file,
})

/** A play may be ended again another day: that is another job. */
const ofPlay = (play: PlayJob): Job => ({
  ...job("play", `${play.id}@${String(play.began_at)}`, play.ended_at ? "done" : "running"),
  kind: "play",
  play,
})

export function endOf(one: Job) {
  if (one.kind === "send") return one.send.ended_at
  return one.kind === "import" ? one.file.ended_at : one.play.ended_at
}
/** What goes on stands first, then what ended last. */
function byTime(a: Job, b: Job): number {
  if (a.active !== b.active) return a.active ? -1 : 1
  return new Date(endOf(b) ?? 0).getTime() - new Date(endOf(a) ?? 0).getTime()
}
