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
