import { Button } from "antd"
import { type FormEvent, useState } from "react"
import { type SessionUser, signIn } from "../../../modules/staff/contract.ts"
import { problemText } from "../../../ui/states.tsx"
import { useTranslation } from "../../../ui/words/use.ts"
import { call } from "../lib/client.ts"
import { Field } from "./field.tsx"

/** The login: the whole page, or again on top of a page whose session has ended. */
export function SignIn(props: { again?: boolean; login?: string; onEnter: (user: SessionUser) => void }) {
  const { t, i18n } = useTranslation()
  const [login, setLogin] = useState(props.login ?? "")
  const [password, setPassword] = useState("")
  const [wrong, setWrong] = useState<{ login?: string; password?: string; all?: string }>({})
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const missing = {
      ...(login.trim() ? {} : { login: t("entry.login_empty") }),
      ...(password ? {} : { password: t("entry.password_empty") }),
    }
    setWrong(missing)
    if (Object.keys(missing).length > 0) return focusFirst(form, missing.login ? 0 : 1)
    setBusy(true)
    try {
      const { user } = await call(signIn, { body: { login: login.trim().toLowerCase(), password } })
      props.onEnter(user)
    } catch (error) {
      setWrong({ all: problemText(error, i18n.language) })
      focusFirst(form, 1)
    } finally {
      setBusy(false)
    }
  }
  const Shell = props.again ? "div" : "main"
  return (
    <Shell className={props.again ? "" : "entry"} style={props.again ? { width: "100%", maxWidth: 376 } : {}}>
      <div className="entry-card">
        <img src="/mark.svg" alt="" width={36} height={36} />
        <h1 id="entry-title">{t(props.again ? "entry.again_title" : "entry.title")}</h1>
        <p className="secondary">{t(props.again ? "entry.again" : "entry.purpose")}</p>
        <form onSubmit={(event) => void submit(event)} noValidate>
          <Field
            label={t("entry.login")}
            value={login}
            onChange={setLogin}
            autoComplete="username"
            autoFocus={!props.login}
            wrong={wrong.login}
          />
          <Field
            label={t("entry.password")}
            value={password}
            onChange={setPassword}
            password
            autoComplete="current-password"
            autoFocus={!!props.login}
            wrong={wrong.password ?? wrong.all}
          />
          <Button type="primary" size="large" htmlType="submit" loading={busy} block>
            {t("entry.sign_in")}
          </Button>
        </form>
        {props.again ? null : (
          <p className="secondary small" style={{ marginTop: 20 }}>
            {t("entry.first_hint")}
          </p>
        )}
      </div>
    </Shell>
  )
}

export function focusFirst(form: HTMLFormElement, n: number): void {
  form.querySelectorAll("input")[n]?.focus()
}
