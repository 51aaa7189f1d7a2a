import { createHash, randomBytes } from "node:crypto"
import { named, type Queryable, run } from "../db.ts"

export const SESSION_COOKIE = "siyu_session"
/** A session ends after so long without use, whatever happens after SESSION_LIFE_MS. */
export const SESSION_IDLE_MS = 12 * 3_600_000
export const SESSION_LIFE_MS = 14 * 86_400_000
/** A token's use is written down at most so often. */
const TOUCH_EVERY_MS = 60_000

const digest = (token: string) => createHash("sha256").update(token).digest()

/** Opens a session; what is kept is only the token's hash. Gives the token for the cookie. */
export async function openSession(
  q: Queryable,
  staff_id: string,
  from: { ip?: string | undefined; agent?: string | undefined },
): Promise<string> {
  const token = randomBytes(32).toString("base64url")
  await run(
    q,
    "insert into platform_sessions (token_hash, staff_id, expires_at, ip, agent) values ($1, $2, $3, $4, $5)",
    [
      digest(token),
      staff_id,
      new Date(Date.now() + SESSION_LIFE_MS),
      from.ip ?? null,
      from.agent?.slice(0, 300) ?? null,
    ],
  )
  return token
}

/** Whose session it is, or null when it is unknown, ended or slept too long. */
export async function sessionStaff(q: Queryable, token: string): Promise<string | null> {
  const [row] = await named<{ staff_id: string; last_seen_at: Date }>(
    q,
    "session_staff",
    `select staff_id, last_seen_at from platform_sessions
     where token_hash = $1 and expires_at > now() and last_seen_at > now() - $2 * interval '1 ms'`,
    [digest(token), SESSION_IDLE_MS],
  )
  if (!row) return null
  if (Date.now() - row.last_seen_at.getTime() > TOUCH_EVERY_MS)
    await run(q, "update platform_sessions set last_seen_at = now() where token_hash = $1", [digest(token)])
  return row.staff_id
}

export async function closeSession(q: Queryable, token: string): Promise<void> {
  await run(q, "delete from platform_sessions where token_hash = $1", [digest(token)])
}

/** Ends every session of a member of staff: at a new password, a changed role, a leave. */
export async function closeSessionsOf(q: Queryable, staff_id: string): Promise<number> {
  return run(q, "delete from platform_sessions where staff_id = $1", [staff_id])
}
