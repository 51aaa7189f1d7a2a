import { type FormEvent, useState } from "react"
import { finish, skip } from "../../../modules/plans/contract.ts"
import { formatTime } from "../../../ui/format.ts"
import { useAct } from "../lib/client.ts"
import { focusAtOpening } from "../lib/focus.ts"
import type { Host } from "../lib/host.ts"
import { language, t, word } from "../words/use.ts"
import type { Answer, Customer } from "./person.tsx"
import { Say } from "./say.tsx"
import { ActProblem } from "./states.tsx"

type Assignment = Customer["assignments"][number]
type Open = { id: string; as: "evidence" | "skip" } | null
const REASONS = ["skip_why_1", "skip_why_2", "skip_why_3"] as const
/** As the doors of plans take them. */
const REASON_MAX = 200
const EVIDENCE_MAX = 2_000

/** What is open about this customer, the first due first: ticked off, or skipped with a reason. */
export function Todo(props: {
  answer: Answer
  customer: Customer
  host: Host
  friend: boolean
  onDone: (said: string) => void
}) {
  const { answer, customer } = props
  const [open, setOpen] = useState<Open>(null)
  const tick = useAct(finish)
  const leave = useAct(skip)
  const ended = (said: string) => {
    setOpen(null)
    props.onDone(said)
  }
  const done = async (one: Assignment, evidence: string | null) => {
    if (await tick.run({ params: { id: one.id }, body: { evidence } })) ended(t("finished"))
  }
  const skipped = async (one: Assignment, reason: string) => {
    if (await leave.run({ params: { id: one.id }, body: { reason } })) ended(t("skipped"))
  }
  const show = (next: Open) => {
    tick.forget()
    leave.forget()
    setOpen(next)
  }
  const busy = tick.busy || leave.busy
  return (
    <>
      <ActProblem act={tick} onDone={() => ended(t("finished"))} />
      <ActProblem act={leave} onDone={() => ended(t("skipped"))} />
      {customer.assignments.length === 0 ? <p className="secondary">{t("no_todo")}</p> : null}
      <ul className="todo">
        {customer.assignments.map((one) => (
          <li key={one.id}>
            <div className="row">
              <strong className="name grow">{one.title}</strong>
              {one.state === "missed" ? <span className="badge badge-bad">{t("missed")}</span> : null}
            </div>
            <p className="secondary small">
              {[
                t("due", { at: formatTime(one.due_at, answer.shop_now, language) }),
                one.cause
                  ? t(one.cause.kind === "play" ? "from_play" : "from_send", { name: one.cause.name })
                  : null,
                one.assignee_name && one.assignee_name !== answer.me.name
                  ? t("assignee", { name: one.assignee_name })
                  : null,
              ]
                .filter((line) => line !== null)
                .join(" · ")}
            </p>
            {one.reason ? (
              <details>
                <summary className="secondary small">{t("why")}</summary>
                <p className="small">
                  {word("left_out", one.reason.startsWith("cannot:") ? "by_hand_only" : one.reason)}
                </p>
              </details>
            ) : null}
            {one.script ? (
              <Say text={one.script} send={props.friend ? props.host.send : null} onSaid={props.onDone} />
            ) : null}
            {answer.may.finish && open?.id !== one.id ? (
              <div className="row">
                <button
                  type="button"
                  className="button button-main"
                  aria-label={t("done_of", { title: one.title })}
                  disabled={busy}
                  onClick={() =>
                    one.evidence === "none" ? void done(one, null) : show({ id: one.id, as: "evidence" })
                  }
                >
                  {t("done")}
                </button>
                <button
                  type="button"
                  className="button"
                  aria-label={t("skip_of", { title: one.title })}
                  disabled={busy}
                  onClick={() => show({ id: one.id, as: "skip" })}
                >
                  {t("skip")}
                </button>
              </div>
            ) : null}
            {open?.id === one.id ? (
              <Words
                label={
                  open.as === "skip"
                    ? t("skip_why")
                    : t(one.evidence === "screenshot" ? "evidence_screenshot" : "evidence_text")
                }
                verb={t(open.as === "skip" ? "confirm_skip" : "confirm_done")}
                ready={open.as === "skip" ? REASONS.map((key) => t(key)) : []}
                max={open.as === "skip" ? REASON_MAX : EVIDENCE_MAX}
                busy={busy}
                onCancel={() => show(null)}
                onSay={(text) => void (open.as === "skip" ? skipped(one, text) : done(one, text))}
              />
            ) : null}
          </li>
        ))}
      </ul>
    </>
  )
}

/** A text that is needed before it goes on; the ready ones are put in by a press. */
function Words(props: {
  label: string
  verb: string
  ready: readonly string[]
  max: number
  busy: boolean
  onCancel: () => void
  onSay: (text: string) => void
}) {
  const [text, setText] = useState("")
  const [missing, setMissing] = useState(false)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (text.trim() === "") {
      setMissing(true)
      event.currentTarget.querySelector("textarea")?.focus()
    } else props.onSay(text.trim())
  }
  return (
    <form onSubmit={submit} className="words">
      {props.ready.length > 0 ? (
        <div className="row chips">
          {props.ready.map((one) => (
            <button
              key={one}
              type="button"
              className="chip"
              aria-pressed={text === one}
              onClick={() => setText(one)}
            >
              {one}
            </button>
          ))}
        </div>
      ) : null}
      <label>
        {props.label}
        <textarea
          ref={focusAtOpening}
          rows={2}
          maxLength={props.max}
          value={text}
          aria-invalid={missing}
          aria-describedby="words-missing"
          onChange={(event) => {
            setText(event.target.value)
            setMissing(false)
          }}
        />
      </label>
      <p id="words-missing" className="danger small" role="alert">
        {missing ? t("needed") : ""}
      </p>
      <div className="row">
        <button type="submit" className="button button-main" disabled={props.busy}>
          {props.verb}
        </button>
        <button type="button" className="button" onClick={props.onCancel}>
          {t("cancel")}
        </button>
      </div>
    </form>
  )
}
