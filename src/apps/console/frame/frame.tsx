import { MenuOutlined } from "@ant-design/icons"
import { Outlet, useLocation } from "@tanstack/react-router"
import { Suspense, useContext, useEffect, useState } from "react"
import { signOut } from "../../../modules/staff/contract.ts"
import { ListViewsContext } from "../../../ui/list-views.ts"
import type { ModeChoice } from "../../../ui/mode.tsx"
import { useLanguage } from "../../../ui/now.tsx"
import { Loading } from "../../../ui/states.tsx"
import { UnsavedContext } from "../../../ui/unsaved.ts"
import { useTranslation } from "../../../ui/words/use.ts"
import { call } from "../lib/client.ts"
import { LentGuard } from "../lib/lent-guard.tsx"
import { useLine } from "../lib/line.ts"
import { ModeChoiceContext } from "../lib/mode-choice.ts"
import { useSession } from "../lib/session.tsx"
import { LentViews } from "../lib/views/lent.tsx"
import { switchLanguage } from "../words/setup.ts"
import { BarMenu } from "./bar-menu.tsx"
import { HeldRights } from "./held-rights.tsx"
import { JobsButton } from "./jobs/jobs-button.tsx"
import { leafAt, Nav } from "./nav.tsx"
import { navigation } from "./navigation.ts"
import { NewPassword } from "./new-password.tsx"
import { PagesMark } from "./personal-mark.tsx"
import { SearchButton } from "./search/search-button.tsx"

const FOLD_KEY = "siyu.nav"

/** What stands around every page: the way through the day, where one is, and who one is. */
export function Frame() {
  const { t } = useTranslation()
  const line = useLine()
  const [narrow, setNarrow] = useState(() => localStorage.getItem(FOLD_KEY) === "narrow")
  const [open, setOpen] = useState(false)
  const [changing, setChanging] = useState(false)
  const fold = () => {
    localStorage.setItem(FOLD_KEY, narrow ? "wide" : "narrow")
    setNarrow(!narrow)
  }
  return (
    <div className={narrow ? "frame is-narrow" : "frame"}>
      <a className="skip" href="#main">
        {t("frame.skip")}
      </a>
      <Nav narrow={narrow} open={open} onFold={fold} onLeave={() => setOpen(false)} />
      <button
        type="button"
        tabIndex={-1}
        aria-hidden="true"
        className={open ? "nav-veil is-open" : "nav-veil"}
        onClick={() => setOpen(false)}
      />
      <div>
        <header className="bar">
          <button
            type="button"
            className="nav-open"
            aria-label={t("frame.open_navigation")}
            aria-expanded={open}
            aria-controls="navigation"
            onClick={() => setOpen(true)}
          >
            <MenuOutlined />
          </button>
          <Crumb />
          <span className="grow" />
          <SearchButton />
          <JobsButton />
          <Me onChangePassword={() => setChanging(true)} />
        </header>
        <div aria-live="polite">
          {line.down ? <div className="down-note">{t("frame.server_down")}</div> : null}
        </div>
        <main className="main" id="main" tabIndex={-1}>
          <Suspense fallback={<Loading rows={10} />}>
            <HeldRights>
              <ListViewsContext value={LentViews}>
                <UnsavedContext value={LentGuard}>
                  <Outlet />
                </UnsavedContext>
              </ListViewsContext>
            </HeldRights>
          </Suspense>
        </main>
      </div>
      <PagesMark />
      {changing ? (
        <div className="veil" role="dialog" aria-modal="true" aria-label={t("entry.change_title")}>
          <NewPassword onDone={() => setChanging(false)} onCancel={() => setChanging(false)} />
        </div>
      ) : null}
    </div>
  )
}

function Crumb() {
  const { t } = useTranslation()
  const path = useLocation({ select: (l) => l.pathname })
  const item = navigation.find((one) => leafAt(path, one.leaves))
  const leaf = item && leafAt(path, item.leaves)
  const words = item && leaf ? [...new Set([t(`nav.${item.word}`), t(`nav.${leaf.word}`)])] : []
  const title = words.at(-1)
  useEffect(() => {
    document.title = title ? `${title} · ${t("frame.product")}` : t("frame.product")
  }, [title, t])
  return <span className="crumb">{words.join(" / ")}</span>
}

function Me(props: { onChangePassword: () => void }) {
  const { t } = useTranslation()
  const { user } = useSession()
  const language = useLanguage()
  const look = useContext(ModeChoiceContext)
  const modes: [ModeChoice, string][] = [
    ["system", t("frame.mode_system")],
    ["light", t("frame.mode_light")],
    ["dark", t("frame.mode_dark")],
  ]
  const leave = async () => {
    await call(signOut, {})
    location.assign("/")
  }
  return (
    <BarMenu
      label={t("frame.me")}
      button={
        <>
          <span className="name">{user.name}</span>{" "}
          {user.name === t(`role.${user.role}`) ? null : (
            <span className="secondary small">{t(`role.${user.role}`)}</span>
          )}
        </>
      }
    >
      <li>
        <button
          type="button"
          lang={language === "zh" ? "en" : "zh-CN"}
          onClick={() => void switchLanguage(language === "zh" ? "en" : "zh")}
        >
          {language === "zh" ? "English" : String.fromCodePoint(0x4e2d, 0x6587)}
        </button>
      </li>
      <li className="rule" aria-hidden="true" />
      {modes.map(([choice, word]) => (
        <li key={choice}>
          <button type="button" aria-pressed={look.choice === choice} onClick={() => look.choose(choice)}>
            {word}
            {look.choice === choice ? <span aria-hidden="true">✓</span> : null}
          </button>
        </li>
      ))}
      <li className="rule" aria-hidden="true" />
      <li>
        <button type="button" onClick={props.onChangePassword}>
          {t("frame.change_password")}
        </button>
      </li>
      <li>
        <button type="button" onClick={() => void leave()}>
          {t("frame.sign_out")}
        </button>
      </li>
    </BarMenu>
  )
}
