import { Button } from "antd"
import { createContext, type ReactNode, useContext } from "react"
import { CallFailed, CallRefused } from "../kernel/client.ts"
import { useTranslation } from "./words/use.ts"

/** A page or part with nothing in it yet: what it is, why it is empty, and the one thing to do. */
export function Empty(props: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="state" role="status">
      <h2>{props.title}</h2>
      {props.children ? <p>{props.children}</p> : null}
      {props.action}
    </div>
  )
}

const BONE_WIDTHS = [92, 78, 86, 64, 82, 70]

/** Grey lines where the content will stand. */
export function Loading(props: { rows?: number }) {
  const { t } = useTranslation()
  return (
    <div className="state-loading" role="status" aria-label={t("ui.loading")}>
      {Array.from({ length: props.rows ?? 6 }, (_, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: grey lines have no identity
        <span key={n} className="bone" style={{ width: `${BONE_WIDTHS[n % BONE_WIDTHS.length]}%` }} />
      ))}
    </div>
  )
}

/** What a right is called: the primitives know it by its code alone. */
export const RightWord = createContext<(right: string) => string>((right) => right)

/** What went wrong, in a sentence a person can act on, with the number that support will ask for. */
export function Failed(props: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation()
  const rightWord = useContext(RightWord)
  const { title, text, requestId } = describe(props.error, t, rightWord)
  return (
    <div className="state" role="alert">
      <h2>{title}</h2>
      <p>{text}</p>
      {requestId ? <p className="secondary small">{t("ui.request_id", { id: requestId })}</p> : null}
      {props.onRetry ? <Button onClick={props.onRetry}>{t("ui.retry")}</Button> : null}
    </div>
  )
}

type T = ReturnType<typeof useTranslation>["t"]

function describe(
  error: unknown,
  t: T,
  rightWord: (right: string) => string,
): { title: string; text: string; requestId?: string } {
  if (error instanceof CallFailed) return { title: t("ui.down_title"), text: t("ui.down") }
  if (!(error instanceof CallRefused)) return { title: t("ui.error_title"), text: t("ui.error_unknown") }
  const { code, request_id, detail } = error.problem
  const requestId = request_id
  if (code === "forbidden")
    return {
      title: t("ui.no_permission_title"),
      text: t("ui.no_permission", { permission: rightWord(String(detail?.permission ?? "")) }),
      requestId,
    }
  if (code === "not_found") return { title: t("ui.not_found_title"), text: t("ui.not_found"), requestId }
  return { title: t("ui.error_title"), text: problemText(error), requestId }
}

/** The server's own sentence in the reader's language; never a code alone. */
export function problemText(error: unknown, language = document.documentElement.lang): string {
  if (error instanceof CallRefused)
    return language.startsWith("en") ? error.problem.message_en : error.problem.message
  return error instanceof Error ? error.message : String(error)
}

/** One query's three faces: loading, failed, there. Data once shown stays while it is refreshed. */
export function Ready<T>(props: {
  query: { data: T | undefined; error: unknown; isPending: boolean; refetch: () => unknown }
  rows?: number
  children: (data: T) => ReactNode
}) {
  if (props.query.data !== undefined) return <>{props.children(props.query.data)}</>
  if (props.query.error)
    return <Failed error={props.query.error} onRetry={() => void props.query.refetch()} />
  return <Loading {...(props.rows ? { rows: props.rows } : {})} />
}
