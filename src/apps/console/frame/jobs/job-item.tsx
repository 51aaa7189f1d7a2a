import { Link } from "@tanstack/react-router"
import { Button } from "antd"
import { useState } from "react"
import { failedRowsPath } from "../../../../modules/imports/contract.ts"
import {
  cancelSendEndpoint,
  pauseSendEndpoint,
  resumeSendEndpoint,
  type SendJob,
} from "../../../../modules/sends/contract.ts"
import { Badge, type Tone } from "../../../../ui/badge.tsx"
import { ConfirmConsequence } from "../../../../ui/confirm.tsx"
import { Time } from "../../../../ui/now.tsx"
import { Meter } from "../../../../ui/progress.tsx"
import { problemText } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"
import { ImportControls } from "../../pages/imports/controls.tsx"
import { hasDownload, importState, isOpen, isWaiting } from "../../pages/imports/state.tsx"
import { endOf, type Job } from "./use-jobs.ts"
import { useJobWords } from "./use-words.ts"

const SEND_TONES: Partial<Record<SendJob["state"], Tone>> = {
  awaiting_approval: "warn",
  paused: "warn",
  planning: "info",
  running: "info",
  done: "good",
  partly_failed: "bad",
  rejected: "bad",
}

function toneOf(job: Job): Tone {
  if (job.kind === "send") return SEND_TONES[job.send.state] ?? "plain"
  if (job.kind === "play") return job.active ? "info" : "good"
  return importState(job.file).tone
}

function pageOf(job: Job) {
  if (job.kind === "send") return { to: "/sends/$id", params: { id: job.send.id }, search: {} } as const
  if (job.kind === "play") return { to: "/plays/$id", params: { id: job.play.id }, search: {} } as const
  return isWaiting(job.file)
    ? ({ to: "/imports/new", search: { id: job.file.id } } as const)
    : ({ to: "/imports/$id", params: { id: job.file.id }, search: {} } as const)
}

/** One job: what it is, how it stands, how far it is, and the buttons that the server would obey. */
export function JobItem(props: { job: Job; fresh: boolean; onLeave: () => void }) {
  const { t } = useTranslation()
  const words = useJobWords()
  const { job } = props
  const share = words.share(job)
  const detail = words.detail(job)
  const ended_at = endOf(job)
  return (
    <li className="job">
      <div className="job-line">
        <span className="secondary small">{t(`jobs.${job.kind}`)}</span>
        {props.fresh ? <span className="job-new small">{t("jobs.fresh")}</span> : null}
        <span className="grow" />
        <Badge tone={toneOf(job)}>{words.state(job)}</Badge>
      </div>
      <Link className="job-name" onClick={props.onLeave} {...pageOf(job)}>
        {words.name(job)}
      </Link>
      {share === null ? null : <Meter label={words.name(job)} share={share} />}
      <div className="job-line">
        <span className="secondary small num">
          {detail}
          {ended_at ? (
            <>
              {detail ? " · " : ""}
              <Time at={ended_at} />
            </>
          ) : null}
        </span>
        <span className="grow" />
        {job.kind === "send" ? <SendActions job={job} /> : null}
        {job.kind === "import" ? <ImportActions job={job} /> : null}
      </div>
    </li>
  )
}

const complain = (error: unknown) => toast(problemText(error), "bad")

function SendActions(props: { job: Job & { kind: "send" } }) {
  const { t } = useTranslation()
  const { can } = useSession()
  const { id, state, name } = props.job.send
  const [asking, setAsking] = useState(false)
  const pause = useChange(pauseSendEndpoint, ["sends"])
  const resume = useChange(resumeSendEndpoint, ["sends"])
  const cancel = useChange(cancelSendEndpoint, ["sends"])
  const change = { params: { id } }
  if (!can("sends.write") || !props.job.active) return null
  return (
    <>
      {state === "running" || state === "planning" ? (
        <Button
          size="small"
          aria-label={`${t("sends.pause")} ${name}`}
          loading={pause.isPending}
          onClick={() => pause.mutate(change, { onError: complain })}
        >
          {t("sends.pause")}
        </Button>
      ) : null}
      {state === "paused" ? (
        <Button
          size="small"
          aria-label={`${t("sends.resume")} ${name}`}
          loading={resume.isPending}
          onClick={() => resume.mutate(change, { onError: complain })}
        >
          {t("sends.resume")}
        </Button>
      ) : null}
      <Button size="small" danger aria-label={`${t("sends.cancel")} ${name}`} onClick={() => setAsking(true)}>
        {t("sends.cancel")}
      </Button>
      <ConfirmConsequence
        open={asking}
        title={t("sends.cancel_title")}
        verb={t("sends.cancel")}
        danger
        onClose={() => setAsking(false)}
        onConfirm={() => cancel.mutateAsync(change)}
      />
    </>
  )
}

function ImportActions(props: { job: Job & { kind: "import" } }) {
  const { t } = useTranslation()
  if (isOpen(props.job.file)) return <ImportControls row={props.job.file} named />
  return hasDownload(props.job.file) ? (
    <Button size="small" href={failedRowsPath(props.job.file.id)} download>
      {t("imports.download")}
    </Button>
  ) : null
}
