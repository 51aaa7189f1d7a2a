import { createContext, useContext } from "react"
import type { SessionUser } from "../../../modules/staff/contract.ts"

export type Session = { user: SessionUser; can: (permission: string) => boolean }

const SessionContext = createContext<Session | null>(null)
export const SessionProvider = SessionContext

/** Who is signed in. Only pages inside the frame ask; there it is always known. */
export function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error("asked for the session outside of the frame")
  return session
}

/** Whether patterns such as `*`, `*.read` or `customers.*` hold a permission. The server decides; this spares clicks that lead nowhere. */
export function holdsPermission(patterns: readonly string[], permission: string): boolean {
  const [module, verb] = permission.split(".")
  return patterns.some(
    (p) => p === "*" || p === "*.*" || p === permission || p === `*.${verb}` || p === `${module}.*`,
  )
}
