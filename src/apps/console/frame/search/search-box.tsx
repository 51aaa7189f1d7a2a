import { useNavigate } from "@tanstack/react-router"
import { type KeyboardEvent, useContext, useEffect, useId, useRef, useState } from "react"
import { useLanguage } from "../../../../ui/now.tsx"
import { problemText } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { ModeChoiceContext } from "../../lib/mode-choice.ts"
import { useSession } from "../../lib/session.tsx"
import { switchLanguage } from "../../words/setup.ts"
import { PersonalMark } from "../personal-mark.tsx"
import { keepRecent, readRecent } from "./recent.ts"
import { SearchResults } from "./search-results.tsx"
import { type Found, useResults } from "./use-results.ts"

/** Finds customers, pages and actions by typing; arrows choose, Enter opens, Escape leaves and gives the focus back. */
export default function SearchBox(props: { onClose: () => void }) {
  const { t } = useTranslation()
  const { user } = useSession()
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  const [text, setText] = useState("")
  const [composing, setComposing] = useState(false)
  const [asked, setAsked] = useState("")
  const [recent] = useState(() => readRecent(user.id))
  const [active, setActive] = useState(0)
  const run = useRun()
  // What is half composed in an input method is nobody's name.
  useEffect(() => {
    if (!composing) setAsked(text)
  }, [text, composing])
  const { groups, waiting, error, retry } = useResults(asked, recent)
  const options = groups.flatMap((group) => group.rows)
  const at = Math.min(active, Math.max(0, options.length - 1))
  const optionId = (n: number) => `${id}-option-${n}`

  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  useEffect(() => {
    document.getElementById(`${id}-option-${at}`)?.scrollIntoView({ block: "nearest" })
  }, [id, at])

  const choose = (found: Found | undefined) => {
    if (!found) return
    keepRecent(
      user.id,
      found.kind === "customer" ? { kind: "customer", id: found.id } : { kind: "entry", key: found.key },
    )
    dialog.current?.close()
    run(found)
  }
  const key = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && options.length > 0) setActive((at + step + options.length) % options.length)
    else if (event.key === "Enter") choose(options[at])
    else return
    event.preventDefault()
  }

  return (
    <dialog
      ref={dialog}
      className="search"
      aria-label={t("search.title")}
      onClose={props.onClose}
      onPointerDown={(event) => {
        if (event.target === dialog.current) dialog.current?.close()
      }}
    >
      <PersonalMark />
      <div className="search-box">
        <div className="search-head">
          <input
            role="combobox"
            aria-label={t("search.title")}
            aria-expanded={options.length > 0}
            aria-controls={`${id}-list`}
            aria-autocomplete="list"
            {...(options.length > 0 ? { "aria-activedescendant": optionId(at) } : {})}
            placeholder={t("search.placeholder")}
            autoComplete="off"
            spellCheck={false}
            maxLength={40}
            value={text}
            onChange={(event) => {
              setText(event.target.value)
              setActive(0)
            }}
            onCompositionStart={() => setComposing(true)}
            onCompositionEnd={() => setComposing(false)}
            onKeyDown={key}
          />
          <button type="button" className="search-leave" onClick={() => dialog.current?.close()}>
            {t("search.leave")}
          </button>
        </div>
        <SearchResults
          id={`${id}-list`}
          optionId={optionId}
          groups={groups}
          active={at}
          onPoint={setActive}
          onChoose={choose}
        />
        <div className="search-state" role="status">
          {error ? (
            <span className="danger">
              {problemText(error)}{" "}
              <button type="button" onClick={retry}>
                {t("ui.retry")}
              </button>
            </span>
          ) : waiting ? (
            t("search.waiting")
          ) : options.length === 0 ? (
            t("search.nothing")
          ) : (
            <span className="search-keys">{t("search.keys")}</span>
          )}
        </div>
      </div>
    </dialog>
  )
}

/** Goes where a found thing is, or does what it says. */
function useRun(): (found: Found) => void {
  const navigate = useNavigate()
  const language = useLanguage()
  const look = useContext(ModeChoiceContext)
  return (found) => {
    if (found.kind === "customer")
      void navigate({ to: "/customers/$id", params: { id: found.id }, search: {} })
    else if (found.entry.to !== null) void navigate({ to: found.entry.to, search: {} } as never)
    else if (found.entry.word === "switch_language") void switchLanguage(language === "zh" ? "en" : "zh")
    else if (found.entry.word === "light") look.choose("light")
    else if (found.entry.word === "dark") look.choose("dark")
    else look.choose("system")
  }
}
