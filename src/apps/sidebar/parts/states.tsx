import type { ReactNode } from "react"
import { CallFailed, CallRefused } from "../../../kernel/client.ts"
import type { Endpoint } from "../../../kernel/contract.ts"
import { type Act, problemText } from "../lib/client.ts"
import { t } from "../words/use.ts"

const BONES = [60, 92, 84, 70, 88, 54]

/** Grey lines where the content will stand; after a while it says that it is the network. */
export function Loading(props: { slow?: boolean; onRetry?: () => void }) {
  return (
    <main className="state-loading" aria-busy="true">
      <p className="visually-hidden" role="status">
        {t(props.slow ? "slow" : "loading")}
      </p>
      {BONES.map((width) => (
        <span key={width} className="bone" style={{ width: `${width}%` }} />
      ))}
      {props.slow ? (
        <p className="row secondary small">
          {t("slow")}
          {props.onRetry ? (
            <button type="button" className="button" onClick={props.onRetry}>
              {t("again")}
            </button>
          ) : null}
        </p>
      ) : null}
    </main>
  )
}

/** Nothing to show, why, and what to do about it. */
export function Notice(props: { title: string; children: ReactNode; onRetry?: () => void }) {
  return (
    <main className="notice" role="status">
      <h1>{props.title}</h1>
      <p>{props.children}</p>
      {props.onRetry ? (
        <button type="button" className="button" onClick={props.onRetry}>
          {t("refresh")}
        </button>
      ) : null}
    </main>
  )
}

/** What went wrong; `small` above what is still shown from before. */
export function Failed(props: { error: unknown; onRetry: () => void; small?: boolean }) {
  const { error } = props
  const refused = error instanceof CallRefused ? error.problem : null
  const title =
    error instanceof CallFailed
      ? t("down_title")
      : t(refused?.code === "forbidden" ? "no_right_title" : "error_title")
  const text = refused?.code === "new_password_needed" ? t("new_password") : problemText(error)
  const body = (
    <>
      {props.small ? <strong>{title}</strong> : <h1>{title}</h1>}
      <p>{text}</p>
      {refused?.request_id ? (
        <p className="secondary small">{t("request_id", { id: refused.request_id })}</p>
      ) : null}
      <button type="button" className="button" onClick={props.onRetry}>
        {t("again")}
      </button>
    </>
  )
  return props.small ? (
    <div className="band bad" role="alert">
      {body}
    </div>
  ) : (
    <main className="notice" role="alert">
      {body}
    </main>
  )
}

/** What an act came to nothing by, and the way to send the very same once more. */
export function ActProblem<E extends Endpoint>(props: { act: Act<E>; onDone: () => void }) {
  const { act } = props
  if (!act.problem) return null
  return (
    <div className="band bad" role="alert">
      <p>{act.problem.text}</p>
      {act.problem.unsent ? (
        <button
          type="button"
          className="button"
          disabled={act.busy}
          onClick={() =>
            void act.again().then((answer) => {
              if (answer) props.onDone()
            })
          }
        >
          {t("again")}
        </button>
      ) : null}
    </div>
  )
}
