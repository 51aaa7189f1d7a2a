import type { z } from "zod"
import type { Endpoint } from "../../kernel/contract.ts"
import type { Refusal } from "../../kernel/result.ts"
import type { Db, Tx } from "../db.ts"

/** Who asks. `scope` is null for all data, else the members of staff whose customers and groups may be seen. */
export type Actor = {
  kind: "staff" | "token"
  /** Of the session's person, or the person in whose name the token acts. */
  staff_id: string
  token_id?: string
  name: string
  role: string
  can(permission: string): boolean
  scope: string[] | null
  /** Signed in with a one-time password: nothing but a new one may be done. */
  one_time?: boolean
}

/** Whose work an actor sees: that of the members of its scope and always its own; null for everybody's. */
export function staffSeenBy(actor: Pick<Actor, "scope" | "staff_id">): string[] | null {
  return actor.scope === null ? null : [...actor.scope, actor.staff_id]
}

/** What a command tells the audit about itself. */
export type AuditNote = { target?: string; before?: unknown; after?: unknown }

export type Context = {
  db: Db
  /** Shop time of this request. */
  now: Date
  actor: Actor
  request_id: string
  ip: string
  /** The caller's Idempotency-Key, made the caller's own; null where none was sent. */
  key: string | null
  body_hash: string
  session_token: string | null
  user_agent: string | undefined
  /** The host by which the caller came, with its port where it is no usual one. */
  host: string
  /**
   * The one way to change something: one transaction with the work, its audit row and its key. A key seen before gives the
   * first answer and does nothing; a refusal rolls back and is not kept.
   */
  command<T>(
    work: (tx: Tx, note: (note: AuditNote) => void) => Promise<T | Refusal>,
    /** `secret`: the answer holds a password or token shown once, so it is not kept for a repeated key. */
    options?: { secret?: boolean },
  ): Promise<T | Refusal>
  /** For the few endpoints that read or set cookies of their own. */
  cookie(name: string): string | null
  set_cookie(name: string, value: string | null, max_age_s: number): void
}

export type Input<E> =
  E extends Endpoint<infer P, infer Q, infer B, infer _A>
    ? { params: z.output<P>; query: z.output<Q>; body: z.output<B> }
    : never
export type AnswerOf<E> = E extends Endpoint<infer _P, infer _Q, infer _B, infer A> ? z.input<A> : never

export type Route = {
  endpoint: Endpoint
  handle(context: Context, input: { params: unknown; query: unknown; body: unknown }): Promise<unknown>
}

/** Binds a handler to a declared endpoint; its answer is checked against the contract before it leaves. */
export function implement<E extends Endpoint>(
  endpoint: E,
  handle: (context: Context, input: Input<E>) => Promise<AnswerOf<E> | Refusal>,
): Route {
  return { endpoint, handle: handle as Route["handle"] }
}
