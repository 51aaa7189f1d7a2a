import { useState } from "react"
import { t, word } from "../words/use.ts"
import type { Answer } from "./person.tsx"
import { Say } from "./say.tsx"

type Account = Answer["account"]

/** What the account says, as this customer would read it: what fits the next step first, the rest by situation or by a word. */
export function Scripts(props: {
  account: Account
  situation: string | null
  onSituation: (situation: string | null) => void
  send: ((text: string) => Promise<void>) | null
  onSaid: (said: string) => void
}) {
  const { account, situation } = props
  const [typed, setTyped] = useState("")
  const all = account?.scripts ?? []
  if (all.length === 0)
    return (
      <>
        <p>{t("no_scripts")}</p>
        <p className="secondary small">{t("no_scripts_text")}</p>
      </>
    )
  const present = [...new Set(all.map((one) => one.situation))]
  const word_ = typed.trim()
  const chosen =
    word_ === "" && situation !== null && present.some((one) => one === situation) ? situation : null
  const shown = all.filter((one) => (chosen === null || one.situation === chosen) && one.text.includes(word_))
  return (
    <>
      {account?.persona ? (
        <details>
          <summary className="secondary small">{t("voice")}</summary>
          <dl className="facts">
            {account.persona.tone ? (
              <div>
                <dt>{t("tone")}</dt>
                <dd className="pre">{account.persona.tone}</dd>
              </div>
            ) : null}
            {account.persona.taboo ? (
              <div>
                <dt>{t("taboo")}</dt>
                <dd className="pre">{account.persona.taboo}</dd>
              </div>
            ) : null}
          </dl>
        </details>
      ) : null}
      <input
        type="search"
        aria-label={t("find_script")}
        placeholder={t("find_script")}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <fieldset className="chips-of">
        <legend className="visually-hidden">{t("situation")}</legend>
        <button
          type="button"
          className="chip"
          aria-pressed={chosen === null}
          onClick={() => props.onSituation(null)}
        >
          {t("all_situations")}
        </button>
        {present.map((one) => (
          <button
            key={one}
            type="button"
            className="chip"
            aria-pressed={chosen === one}
            onClick={() => {
              setTyped("")
              props.onSituation(one)
            }}
          >
            {word("situation", one)}
          </button>
        ))}
      </fieldset>
      {shown.length === 0 ? <p className="secondary">{t("no_match")}</p> : null}
      <ul className="scripts">
        {shown.map((one) => (
          <li key={one.id}>
            <p className="secondary small">
              {word("situation", one.situation)}
              {one.shared ? "" : ` · ${t("own_script")}`}
            </p>
            <Say text={one.text} send={props.send} onSaid={props.onSaid} />
          </li>
        ))}
      </ul>
    </>
  )
}
