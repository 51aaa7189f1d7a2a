import { useState } from "react"
import { reasonOf } from "../lib/reason.ts"
import { t } from "../words/use.ts"

/** A text that is said: copied anywhere, and put into the chat where the page stands beside one. */
export function Say(props: {
  text: string
  send: ((text: string) => Promise<void>) | null
  onSaid: (said: string) => void
}) {
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const copy = async () => {
    setProblem(null)
    if (await copied(props.text)) props.onSaid(t("copied"))
    else setProblem(t("copy_failed"))
  }
  const send = async () => {
    if (!props.send) return
    setBusy(true)
    setProblem(null)
    try {
      await props.send(props.text)
      props.onSaid(t("sent"))
    } catch (error) {
      setProblem(t("send_failed", { why: reasonOf(error) || t("client_unknown") }))
    } finally {
      setBusy(false)
    }
  }
  const head = props.text.slice(0, 20)
  return (
    <div className="say">
      <p className="pre">{props.text}</p>
      <div className="row">
        <button
          type="button"
          className="button small-button"
          aria-label={`${t("copy")}: ${head}`}
          onClick={() => void copy()}
        >
          {t("copy")}
        </button>
        {props.send ? (
          <button
            type="button"
            className="button small-button"
            aria-label={`${t("send")}: ${head}`}
            disabled={busy}
            onClick={() => void send()}
          >
            {t("send")}
          </button>
        ) : null}
      </div>
      {problem ? (
        <p className="danger small" role="alert">
          {problem}
        </p>
      ) : null}
    </div>
  )
}

/** Pages that came by plain http, and some webviews, have no clipboard of their own: there a selection is copied. */
async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const field = document.createElement("textarea")
    field.value = text
    field.setAttribute("readonly", "")
    field.className = "visually-hidden"
    document.body.append(field)
    field.select()
    const done = document.execCommand("copy")
    field.remove()
    return done
  }
}
