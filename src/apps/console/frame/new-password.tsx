import { Button } from "antd"
import { type FormEvent, useState } from "react"
import { CallRefused } from "../../../kernel/client.ts"
import { changePassword, PASSWORD_MIN_LENGTH, type SessionUser } from "../../../modules/staff/contract.ts"
import { problemText } from "../../../ui/states.tsx"
import { toast } from "../../../ui/toast.tsx"
import { useTranslation } from "../../../ui/words/use.ts"
import { call } from "../lib/client.ts"
import { Field } from "./field.tsx"
import { focusFirst } from "./sign-in.tsx"

type Wrong = { current?: string; next?: string; repeat?: string }

/** Changes one's own password; after a one-time password there is no way around it. */
export function NewPassword(props: {
  first?: boolean
  onDone: (user: SessionUser) => void
  onCancel?: () => void
}) {
  const { t, i18n } = useTranslation()
  const [current, setCurrent] = useState("")
  const [next, setNext] = useState("")
  const [repeat, setRepeat] = useState("")
  const [wrong, setWrong] = useState<Wrong>({})
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const found: Wrong = {}
    if (!current) found.current = t("entry.password_empty")
    if (next.length < PASSWORD_MIN_LENGTH) found.next = t("entry.too_short", { min: PASSWORD_MIN_LENGTH })
    if (repeat !== next) found.repeat = t("entry.repeat_wrong")
    setWrong(found)
    const first = [found.current, found.next, found.repeat].findIndex(Boolean)
    if (first >= 0) return focusFirst(form, first)
    setBusy(true)
    try {
      const { user } = await call(changePassword, { body: { current, next } })
      toast(t("entry.password_saved"))
      props.onDone(user)
    } catch (error) {
      const field = error instanceof CallRefused && error.problem.field === "next" ? "next" : "current"
      setWrong({ [field]: problemText(error, i18n.language) })
      focusFirst(form, field === "next" ? 1 : 0)
    } finally {
      setBusy(false)
    }
  }
  const form = (
    <div className="entry-card">
      <h1 style={{ marginTop: 0 }}>{t(props.first ? "entry.new_title" : "entry.change_title")}</h1>
      {props.first ? <p className="secondary">{t("entry.new_purpose")}</p> : null}
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Field
          label={t("entry.current")}
          value={current}
          onChange={setCurrent}
          password
          autoFocus
          autoComplete="current-password"
          wrong={wrong.current}
        />
        <Field
          label={t("entry.next")}
          value={next}
          onChange={setNext}
          password
          autoComplete="new-password"
          hint={t("entry.next_hint", { min: PASSWORD_MIN_LENGTH })}
          wrong={wrong.next}
        />
        <Field
          label={t("entry.repeat")}
          value={repeat}
          onChange={setRepeat}
          password
          autoComplete="new-password"
          wrong={wrong.repeat}
        />
        <Button type="primary" size="large" htmlType="submit" loading={busy} block>
          {t("entry.save_password")}
        </Button>
        {props.onCancel ? (
          <Button type="text" onClick={props.onCancel} block>
            {t("ui.cancel")}
          </Button>
        ) : null}
      </form>
    </div>
  )
  return props.first ? <main className="entry">{form}</main> : form
}
