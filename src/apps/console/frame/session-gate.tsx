import { useQueryClient } from "@tanstack/react-query"
import { type ReactNode, useMemo, useRef } from "react"
import { CallRefused } from "../../../kernel/client.ts"
import { allows } from "../../../kernel/permissions.ts"
import { readSession, type SessionUser } from "../../../modules/staff/contract.ts"
import { type ShopClock, ShopClockProvider } from "../../../ui/now.tsx"
import { Failed, Loading } from "../../../ui/states.tsx"
import { useRead } from "../lib/client.ts"
import { noteSignedIn, useLine } from "../lib/line.ts"
import { SessionProvider } from "../lib/session.tsx"
import { NewPassword } from "./new-password.tsx"
import { SignIn } from "./sign-in.tsx"

const DOWN_RETRY_MS = 4_000
/** The session is read again so often: it carries the shop's clock, rights taken away and a session ended elsewhere. */
const REFRESH_MS = 30_000
export const SESSION_KEY = [readSession.id, {}] as const

/**
 * Nobody signed in: the login. A one-time password: a new one first. Else the console. A session that ends under an open page
 * is asked for again on top of it, and nothing typed is lost.
 */
export function SessionGate(props: { children: ReactNode }) {
  const queries = useQueryClient()
  const line = useLine()
  const session = useRead(readSession, {}, { every_ms: line.down ? DOWN_RETRY_MS : REFRESH_MS })
  const user = session.data?.user
  const clock = useShopClock(session.data?.shop_now, session.dataUpdatedAt)
  const value = useMemo(
    () => (user ? { user, can: (permission: string) => allows(user.permissions, permission) } : null),
    [user],
  )
  const enter = (next: SessionUser) => {
    const other = user !== undefined && user.id !== next.id
    queries.setQueryData(SESSION_KEY, { user: next, shop_now: session.data?.shop_now ?? new Date() })
    noteSignedIn()
    // Another person must not see what the one before had loaded.
    if (other) location.assign("/")
    else void queries.invalidateQueries()
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
      <ShopClockProvider clock={clock}>{props.children}</ShopClockProvider>
      {line.ended ? (
        <div className="veil" role="dialog" aria-modal="true" aria-labelledby="entry-title">
          <SignIn again login={user.login} onEnter={enter} />
        </div>
      ) : null}
    </SessionProvider>
  )
}

const RATE_AFTER_MS = 1_000

/** The shop's clock from two readings of it: where it stands, and how fast it runs. */
function useShopClock(shop_now: Date | undefined, read_at_ms: number): ShopClock | null {
  const last = useRef<ShopClock | null>(null)
  return useMemo(() => {
    if (shop_now === undefined || read_at_ms === 0) return last.current
    const shop_ms = new Date(shop_now).getTime()
    const before = last.current
    const real = before ? read_at_ms - before.anchor_real_ms : 0
    const rate =
      before && real >= RATE_AFTER_MS
        ? Math.max(0, (shop_ms - before.anchor_shop_ms) / real)
        : (before?.rate ?? 1)
    last.current = { anchor_real_ms: read_at_ms, anchor_shop_ms: shop_ms, rate }
    return last.current
  }, [shop_now, read_at_ms])
}
