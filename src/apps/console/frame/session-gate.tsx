import { useQueryClient } from "@tanstack/react-query"
import { type ReactNode, useMemo } from "react"
import { CallRefused } from "../../../kernel/client.ts"
import { readSession, type SessionUser } from "../../../modules/staff/contract.ts"
import { Failed, Loading } from "../../../ui/states.tsx"
import { useRead } from "../lib/client.ts"
import { noteSignedIn, useLine } from "../lib/line.ts"
import { holdsPermission, SessionProvider } from "../lib/session.tsx"
import { NewPassword } from "./new-password.tsx"
import { SignIn } from "./sign-in.tsx"

const DOWN_RETRY_MS = 4_000
export const SESSION_KEY = [readSession.id, {}] as const

/**
 * Nobody signed in: the login. A one-time password: a new one first. Else the console. A session that ends under an open page
 * is asked for again on top of it, and nothing typed is lost.
 */
export function SessionGate(props: { children: ReactNode }) {
  const queries = useQueryClient()
  const line = useLine()
  const session = useRead(readSession, {}, { every_ms: line.down ? DOWN_RETRY_MS : false })
  const user = session.data?.user
  const value = useMemo(
    () =>
      user ? { user, can: (permission: string) => holdsPermission(user.permissions, permission) } : null,
    [user],
  )
  const enter = (next: SessionUser) => {
    const other = user !== undefined && user.id !== next.id
    queries.setQueryData(SESSION_KEY, { user: next })
    noteSignedIn()
    // Another person must not see what the one before had loaded.
    if (other) location.assign("/")
    else void queries.invalidateQueries({ predicate: (q) => q.queryKey[0] !== readSession.id })
  }
  if (!value || !user) {
    if (session.error instanceof CallRefused && session.error.problem.code === "not_signed_in")
      return <SignIn onEnter={enter} />
    return (
      <div className="whole">
        {session.error ? (
          <Failed error={session.error} onRetry={() => void session.refetch()} />
        ) : (
          <div style={{ width: 320 }}>
            <Loading rows={4} />
          </div>
        )}
      </div>
    )
  }
  if (user.must_change_password && !line.ended) return <NewPassword first onDone={enter} />
  return (
    <SessionProvider value={value}>
      {props.children}
      {line.ended ? (
        <div className="veil" role="dialog" aria-modal="true" aria-labelledby="entry-title">
          <SignIn again login={user.login} onEnter={enter} />
        </div>
      ) : null}
    </SessionProvider>
  )
}
