import { useLocation } from "@tanstack/react-router"
import { type ReactNode, useMemo, useState } from "react"
import { allows } from "../../../kernel/permissions.ts"
import { useTranslation } from "../../../ui/words/use.ts"
import { SessionProvider, useSession } from "../lib/session.tsx"
import { useCodeWord } from "../lib/words.ts"

/**
 * The rights that an open page was drawn with stay on it until it is left, so that a form does not vanish under the hands of
 * somebody whose role changes. The server refuses what is not allowed any more; navigation around the page follows at once.
 */
export function HeldRights(props: { children: ReactNode }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const { user } = useSession()
  const path = useLocation({ select: (l) => l.pathname })
  const [held, setHeld] = useState({ path, permissions: user.permissions })
  if (held.path !== path) setHeld({ path, permissions: user.permissions })
  const lost = held.permissions.some((one) => !user.permissions.includes(one))
  // The same on every page while nothing is lost: a new one would draw the page that is being left once more.
  const value = useMemo(() => {
    const patterns = [...held.permissions, ...user.permissions]
    return { user, can: (permission: string) => allows(patterns, permission) }
  }, [held.permissions, user])
  return (
    <SessionProvider value={value}>
      {lost ? (
        <div className="notice" role="status">
          <p>{t("frame.rights_changed", { role: word("role", user.role) })}</p>
        </div>
      ) : null}
      {props.children}
    </SessionProvider>
  )
}
