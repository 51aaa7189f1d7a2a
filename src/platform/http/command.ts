import { isRefused, type Refusal, refuse } from "../../kernel/result.ts"
import { audit } from "../audit.ts"
import { type Db, maybeRow, run, type Tx, tx } from "../db.ts"
import type { Actor, AuditNote } from "./route.ts"

class RolledBack extends Error {
  constructor(readonly refusal: Refusal) {
    super("refused")
  }
}

export type CommandRequest = {
  db: Db
  now: Date
  actor: Actor
  action: string
  key: string | null
  body_hash: string
  ip: string
  request_id: string
}

/**
 * Runs a command: lock the key, look it up (after the lock: before it, a retry that overlaps the first call would get another
 * answer), do the work, write audit and key, commit. A refusal undoes everything, the lock's key row included.
 */
export async function runCommand<T>(
  request: CommandRequest,
  work: (t: Tx, note: (note: AuditNote) => void) => Promise<T | Refusal>,
): Promise<T | Refusal> {
  try {
    return await tx(request.db, async (t) => {
      if (request.key) {
        await t.query("select pg_advisory_xact_lock(hashtextextended($1, 0))", [request.key])
        const known = await maybeRow<{ body_hash: string; answer: T }>(
          t,
          "select body_hash, answer from platform_keys where key = $1",
          [request.key],
        )
        if (known) return known.body_hash === request.body_hash ? known.answer : refuse("key_reused")
      }
      let note: AuditNote = {}
      const answer = await work(t, (given) => {
        note = { ...note, ...given }
      })
      if (isRefused(answer)) throw new RolledBack(answer)
      await audit(t, {
        at: request.now,
        actor_kind: request.actor.kind,
        actor_id: request.actor.staff_id,
        action: request.action,
        ip: request.ip,
        request_id: request.request_id,
        ...note,
      })
      if (request.key)
        await run(t, "insert into platform_keys (key, body_hash, status, answer) values ($1, $2, 200, $3)", [
          request.key,
          request.body_hash,
          JSON.stringify(answer ?? null),
        ])
      return answer
    })
  } catch (error) {
    if (error instanceof RolledBack) return error.refusal
    throw error
  }
}
