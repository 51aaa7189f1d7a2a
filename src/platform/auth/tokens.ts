import { createHash, randomBytes } from "node:crypto"
import { newId } from "../../kernel/ids.ts"
import { maybeRow, type Queryable, rows, run } from "../db.ts"

const digest = (token: string) => createHash("sha256").update(token).digest()

/** Makes an API token with a person's rights, narrowed to `scopes` (permissions) where named. The token is shown once. */
export async function createToken(
  q: Queryable,
  options: { name: string; staff_id: string; scopes?: string[] | null },
): Promise<{ id: string; token: string }> {
  const id = newId()
  const token = `siyu_${randomBytes(32).toString("base64url")}`
  await run(
    q,
    "insert into platform_tokens (id, name, token_hash, staff_id, scopes) values ($1, $2, $3, $4, $5)",
    [id, options.name, digest(token), options.staff_id, options.scopes ?? null],
  )
  return { id, token }
}

export async function tokenOwner(
  q: Queryable,
  token: string,
): Promise<{ id: string; staff_id: string; scopes: string[] | null } | null> {
  const row = await maybeRow<{ id: string; staff_id: string; scopes: string[] | null; stale: boolean }>(
    q,
    `select id, staff_id, scopes, coalesce(last_used_at < now() - interval '1 minute', true) as stale
     from platform_tokens where token_hash = $1 and revoked_at is null`,
    [digest(token)],
  )
  if (!row) return null
  if (row.stale) await run(q, "update platform_tokens set last_used_at = now() where id = $1", [row.id])
  return row
}

export type TokenRow = {
  id: string
  name: string
  scopes: string[] | null
  created_at: Date
  last_used_at: Date | null
  revoked_at: Date | null
}

export function listTokens(q: Queryable, limit: number): Promise<TokenRow[]> {
  return rows(
    q,
    "select id, name, scopes, created_at, last_used_at, revoked_at from platform_tokens order by created_at desc limit $1",
    [limit],
  )
}

export async function revokeToken(q: Queryable, id: string): Promise<boolean> {
  return (
    (await run(q, "update platform_tokens set revoked_at = now() where id = $1 and revoked_at is null", [
      id,
    ])) === 1
  )
}
