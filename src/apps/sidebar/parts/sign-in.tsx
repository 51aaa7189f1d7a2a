import { type FormEvent, useEffect, useState } from "react"
import { sidebarDoor } from "../../../modules/sidebar/contract.ts"
import { signIn } from "../../../modules/staff/contract.ts"
import { call, problemText } from "../lib/client.ts"
import { inWecom } from "../lib/host.ts"
import { t } from "../words/use.ts"

/** In by the client's word where it has one, else by login and password. A refusal of that word is said and not asked for again. */
export function SignIn(props: { problem: unknown; onEnter: () => void }) {
  const [way, setWay] = useState<string | null>(null)
  const [going, setGoing] = useState(inWecom() && props.problem === null)
  const [problem, setProblem] = useState<string | null>(
    props.problem === null ? null : problemText(props.problem),
  )
  const [busy, setBusy] = useState(false)
  const refused = props.problem !== null
  useEffect(() => {
    let gone = false
    const back = location.href.split("#")[0] ?? location.href
    call(sidebarDoor, { query: { back } }).then(
      ({ authorize_url }) => {
        if (gone) return
        if (authorize_url && inWecom() && !refused) return location.replace(authorize_url)
        setWay(authorize_url)
        setGoing(false)
      },
      (error: unknown) => {
        if (gone) return
        setGoing(false)
        setProblem(problemText(error))
      },
    )
    return () => {
      gone = true
    }
  }, [refused])
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const typed = new FormData(form)
    setBusy(true)
    setProblem(null)
    try {
      const login = String(typed.get("login") ?? "")
      const { user } = await call(signIn, {
        body: { login: login.trim().toLowerCase(), password: String(typed.get("password") ?? "") },
      })
      if (user.must_change_password) setProblem(t("new_password"))
      else props.onEnter()
    } catch (error) {
      setProblem(problemText(error))
      form.querySelector<HTMLInputElement>("[name=password]")?.focus()
    } finally {
      setBusy(false)
    }
  }
  if (going)
    return (
      <main className="notice" role="status">
        <p>{t("going")}</p>
      </main>
    )
  return (
    <main className="entry">
      <h1>{t("sign_in")}</h1>
      <p className="secondary">{t("sign_in_purpose")}</p>
      {problem ? (
        <p className="band bad" role="alert">
          {problem}
        </p>
      ) : null}
      {way ? (
        <a className="button button-main" href={way}>
          {t("by_wecom")}
        </a>
      ) : null}
      <form onSubmit={(event) => void submit(event)}>
        <label>
          {t("login")}
          <input name="login" autoComplete="username" required />
        </label>
        <label>
          {t("password")}
          <input name="password" type="password" autoComplete="current-password" required />
        </label>
        <button type="submit" className={way ? "button" : "button button-main"} disabled={busy}>
          {t("sign_in")}
        </button>
      </form>
    </main>
  )
}
