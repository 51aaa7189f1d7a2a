import { SearchOutlined } from "@ant-design/icons"
import { lazy, Suspense, useEffect, useState } from "react"
import { useTranslation } from "../../../../ui/words/use.ts"

/** Comes when it is first opened: the frame carries the button alone. */
const SearchBox = lazy(() => import("./search-box.tsx"))

const APPLE = /Mac|iPhone|iPad/.test(navigator.userAgent)

/** The way to everything by typing: the button in the bar, and Ctrl+K or ⌘K from anywhere. */
export function SearchButton() {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || event.altKey || event.shiftKey) return
      if (!(APPLE ? event.metaKey : event.ctrlKey)) return
      event.preventDefault()
      // Over the login of a session that ended there is nothing to look for.
      if (!document.querySelector(".veil")) setOpen(true)
    }
    document.addEventListener("keydown", key)
    return () => document.removeEventListener("keydown", key)
  }, [])
  return (
    <>
      <button
        type="button"
        className="bar-search"
        aria-haspopup="dialog"
        aria-keyshortcuts={APPLE ? "Meta+K" : "Control+K"}
        onClick={() => setOpen(true)}
      >
        <SearchOutlined />
        <span className="word">{t("search.button")}</span>
        <span className="keys" aria-hidden="true">
          {APPLE ? "⌘K" : "Ctrl K"}
        </span>
      </button>
      {open ? (
        <Suspense fallback={null}>
          <SearchBox onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  )
}
