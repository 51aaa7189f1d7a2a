import { maybeRow, type Queryable, run } from "../../platform/db.ts"

export type StoredToken = { token: string; expires_at: Date }

/** Where processes share one token. Machine time throughout. */
export type TokenStore = {
  get(key: string): Promise<StoredToken | undefined>
  set(key: string, token: StoredToken, owner: string): Promise<void>
  /** True for the one caller who may renew now; the lease ends by itself. */
  lock(key: string, owner: string, lease_ms: number): Promise<boolean>
  unlock(key: string, owner: string): Promise<void>
  /** Forgets a token that the platform no longer takes; one that was renewed meanwhile stays. */
  drop(key: string, bad: string): Promise<void>
  /** Remembers that the secret is wrong, so that no process tries it again before `until`. */
  refuse(key: string, reason: string, until: Date): Promise<void>
  refused(key: string): Promise<string | undefined>
}

/** Tokens are kept sealed; how is given by whoever holds the keys. */
export type Sealer = { seal(text: string): string; open(sealed: string): string | null }

export function pgTokenStore(db: Queryable, sealer: Sealer): TokenStore {
  const read = (key: string) =>
    maybeRow<{ sealed: string; expires_at: Date }>(
      db,
      "select sealed, expires_at from wecom_tokens where key = $1 and sealed is not null and expires_at > now()",
      [key],
    )
  const get = async (key: string): Promise<StoredToken | undefined> => {
    const row = await read(key)
    const token = row ? sealer.open(row.sealed) : null
    return row && token ? { token, expires_at: row.expires_at } : undefined
  }
  return {
    get,
    async set(key, token, owner) {
      await run(
        db,
        `insert into wecom_tokens (key, sealed, expires_at) values ($1, $2, $3)
         on conflict (key) do update set sealed = excluded.sealed, expires_at = excluded.expires_at,
           lease_owner = null, lease_until = null, refused_until = null, refused_reason = null
         where wecom_tokens.lease_owner = $4`,
        [key, sealer.seal(token.token), token.expires_at, owner],
      )
    },
    async lock(key, owner, lease_ms) {
      return (
        (await run(
          db,
          `insert into wecom_tokens (key, lease_owner, lease_until)
           values ($1, $2, now() + $3 * interval '1 millisecond')
           on conflict (key) do update set lease_owner = excluded.lease_owner, lease_until = excluded.lease_until
           where wecom_tokens.lease_until is null or wecom_tokens.lease_until < now()`,
          [key, owner, lease_ms],
        )) === 1
      )
    },
    async unlock(key, owner) {
      await run(
        db,
        "update wecom_tokens set lease_owner = null, lease_until = null where key = $1 and lease_owner = $2",
        [key, owner],
      )
    },
    async drop(key, bad) {
      const row = await read(key)
      if (!row || sealer.open(row.sealed) !== bad) return
      // Only what was read: another process may have stored a new one since.
      await run(
        db,
        "update wecom_tokens set sealed = null, expires_at = null where key = $1 and sealed = $2",
        [key, row.sealed],
      )
    },
    async refuse(key, reason, until) {
      await run(
        db,
        `insert into wecom_tokens (key, refused_until, refused_reason) values ($1, $2, $3)
         on conflict (key) do update set refused_until = excluded.refused_until,
           refused_reason = excluded.refused_reason, lease_owner = null, lease_until = null`,
        [key, until, reason.slice(0, 200)],
      )
    },
    async refused(key) {
      const row = await maybeRow<{ refused_reason: string }>(
        db,
        "select refused_reason from wecom_tokens where key = $1 and refused_until > now()",
        [key],
      )
      return row?.refused_reason
    },
  }
}
