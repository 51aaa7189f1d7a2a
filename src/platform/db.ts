import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import pg from "pg"
import { from as copyFrom } from "pg-copy-streams"
import { invariant } from "../kernel/invariant.ts"

const INT8 = 20
const NUMERIC = 1700
const DATE = 1082

/** int8 as a number (it must be exact), numeric as text, date as text: no value changes its meaning on the way. */
const types = {
  getTypeParser(oid: number, format?: "text" | "binary") {
    if (oid === INT8)
      return (text: string) => {
        const value = Number(text)
        invariant(Number.isSafeInteger(value), `int8 ${text} is beyond exact numbers`)
        return value
      }
    if (oid === NUMERIC || oid === DATE) return (text: string) => text
    return pg.types.getTypeParser(oid, format)
  },
} as pg.CustomTypesConfig

/** A pool of connections; what is run on it directly is a transaction of its own. */
export type Db = pg.Pool
/** One connection inside a transaction. */
export type Tx = pg.PoolClient
/** Where a query may run. */
export type Queryable = Pick<pg.Pool, "query">

/** Whether what is run here is a transaction of its own. */
export const isPool = (q: Queryable): q is Db => q instanceof pg.Pool

export type DbOptions = {
  url: string
  max?: number
  application_name?: string
  statement_timeout_ms?: number
}

/** Write transactions live at most this long: an open one holds back every reader of facts. */
export const TRANSACTION_LIMIT_MS = 30_000

export function openDb(options: DbOptions): Db {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.max ?? 10,
    application_name: options.application_name ?? "siyu",
    types,
    statement_timeout: options.statement_timeout_ms ?? 0,
    idle_in_transaction_session_timeout: TRANSACTION_LIMIT_MS,
  })
  // A connection that the server closed while idle is replaced at the next use; without a listener it would end the process.
  pool.on("error", () => undefined)
  // Nor may one that is lost between two statements of a transaction: the next statement says so to whoever holds it.
  pool.on("connect", (client) => client.on("error", () => undefined))
  return pool
}

/** Serialization failure and deadlock: the work is pure of outside effects, so it is simply done again. */
const RETRYABLE = new Set(["40001", "40P01"])
const TRANSACTION_TRIES = 5

/** Runs `work` in one transaction and gives its answer after COMMIT; rolls back when it throws. */
export async function tx<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const client = await db.connect()
    let broken: Error | undefined
    try {
      await client.query("begin")
      const answer = await work(client)
      await client.query("commit")
      return answer
    } catch (error) {
      await client.query("rollback").catch((e: Error) => {
        broken = e
      })
      const code = (error as { code?: string }).code
      if (code && RETRYABLE.has(code) && attempt < TRANSACTION_TRIES) continue
      throw error
    } finally {
      client.release(broken)
    }
  }
}

/** What a quick transaction has decided: what is still to be written, and the answer. */
export type Decided<T> = {
  answer: T
  /** What sends the writes, in order; each may be sent before the one before it has answered. */
  writes: (() => Promise<unknown>)[]
  /** Whether a COPY is among them: then each write is a round trip of its own. */
  copies: boolean
}

/**
 * A transaction in two round trips instead of one a statement: BEGIN goes with the first query, COMMIT with the last writes. For
 * hot commands, where waiting for the wire is most of the time. `work` may only read, and its answer counts after COMMIT.
 */
export async function quickTx<T>(db: Db, work: (tx: Tx) => Promise<Decided<T>>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const client = await db.connect()
    const wire = client as unknown as { pipeline: boolean }
    let broken: Error | undefined
    try {
      wire.pipeline = true
      const begun = client.query("begin")
      const [, decided] = await settled([begun, work(client)])
      wire.pipeline = !decided.copies
      if (decided.copies) await inTurn(decided.writes)
      const sent = decided.copies ? [] : decided.writes.map((send) => send())
      const commit = client.query("commit")
      await settled([...sent, commit])
      invariant((await commit).command === "COMMIT", "the transaction was rolled back without an error")
      return decided.answer
    } catch (error) {
      await client.query("rollback").catch((e: Error) => {
        broken = e
      })
      const code = (error as { code?: string }).code
      if (code && RETRYABLE.has(code) && attempt < TRANSACTION_TRIES) continue
      throw error
    } finally {
      wire.pipeline = false
      client.release(broken)
    }
  }
}

/** Sends writes one after the other, as a connection without pipelining wants it. */
export async function inTurn(writes: readonly (() => Promise<unknown>)[]): Promise<void> {
  for (const send of writes) await send()
}

/** Waits for all, also after a failure: a connection may change its ways only when nothing is on the wire. Throws the first error. */
async function settled<T extends readonly unknown[]>(all: T): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  const outcomes = await Promise.allSettled(all)
  const failed = outcomes.find((o) => o.status === "rejected")
  if (failed) throw failed.reason
  return Promise.all(all) as Promise<{ [K in keyof T]: Awaited<T[K]> }>
}

export async function rows<T>(q: Queryable, text: string, params: unknown[] = []): Promise<T[]> {
  return (await q.query(text, params)).rows as T[]
}

export async function maybeRow<T>(
  q: Queryable,
  text: string,
  params: unknown[] = [],
): Promise<T | undefined> {
  return (await q.query(text, params)).rows[0] as T | undefined
}

export async function oneRow<T>(q: Queryable, text: string, params: unknown[] = []): Promise<T> {
  const result = await q.query(text, params)
  invariant(result.rows.length === 1, `expected one row, got ${result.rows.length}: ${text.slice(0, 120)}`)
  return result.rows[0] as T
}

/** Runs a statement and gives the number of rows it touched. */
export async function run(q: Queryable, text: string, params: unknown[] = []): Promise<number> {
  return (await q.query(text, params)).rowCount ?? 0
}

/** A prepared statement by name: parsed and planned once a connection. For hot statements only. */
export async function named<T>(q: Queryable, name: string, text: string, values: unknown[]): Promise<T[]> {
  return (await q.query({ name, text, values })).rows as T[]
}

/** Ids as the array of uuids that PostgreSQL reads: `pg` writes arrays out letter by letter, which for thousands takes longer than they. */
export const uuidList = (ids: readonly string[]): string => `{${ids.join(",")}}`

const TAKEN = "23505"

/**
 * Writes what nobody else should have written: what fails on a key that is there already is undone, and the answer is false. Where
 * that is rare it is quicker than ON CONFLICT, which writes every row twice.
 */
export async function unlessTaken(t: Tx, write: () => Promise<unknown>): Promise<boolean> {
  await t.query("savepoint unless_taken")
  try {
    await write()
    await t.query("release savepoint unless_taken")
    return true
  } catch (error) {
    if ((error as { code?: string }).code !== TAKEN) throw error
    await t.query("rollback to savepoint unless_taken")
    return false
  }
}

/**
 * COPY of text-format lines into `target`, such as `facts (type, subject)`. Lines come from copyLine and end with a newline.
 */
export async function copyIn(
  q: Tx,
  target: string,
  lines: Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  await pipeline(Readable.from(lines), q.query(copyFrom(`copy ${target} from stdin`)))
}

const NEEDS_ESCAPE = /[\\\n\r\t]/
const ESCAPES: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" }

/** One field of COPY's text format. */
export function copyField(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return "\\N"
  const text = String(value)
  return NEEDS_ESCAPE.test(text) ? text.replace(/[\\\n\r\t]/g, (c) => ESCAPES[c]!) : text
}

/** One line of COPY's text format; dates go in as ISO text, JSON as its text. */
export function copyLine(fields: (string | number | boolean | null | undefined)[]): string {
  return fields.map(copyField).join("\t") + "\n"
}
