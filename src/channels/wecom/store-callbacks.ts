import { type Db, maybeRow, type Queryable, rows, run, type Tx } from "../../platform/db.ts"
import { createGatherer, type Gatherer } from "../../platform/gather.ts"
import type { CallbackEvent } from "./event.ts"
import { ATTEMPTS_BEFORE_DEAD, DOOR_BATCH, DOOR_WAITING, RETRY_BASE_MS, RETRY_MAX_MS } from "./limits.ts"
import type { Received } from "./rules.ts"
import { textOf } from "./xml.ts"

type Incoming = { event: CallbackEvent; now: Date }

const doors = new WeakMap<Db, Gatherer<Incoming, boolean | null>>()

/**
 * One row an event, however often it is pushed; true where it is new, null where too many wait to be stored: then the platform
 * is to come again. What comes in while the last batch commits is stored together, so that a flood costs as many commits as the
 * disk allows and each answer leaves after its own commit.
 */
export function storeCallback(db: Db, event: CallbackEvent, now: Date): Promise<boolean | null> {
  let door = doors.get(db)
  if (!door) {
    door = createGatherer<Incoming, boolean | null>({
      work: (asks) => storeBatch(db, asks),
      batch: DOOR_BATCH,
      in_flight: 1,
      waiting: DOOR_WAITING,
      busy: null,
    })
    doors.set(db, door)
  }
  return door.ask({ event, now })
}

async function storeBatch(db: Db, asks: Incoming[]): Promise<boolean[]> {
  const byKey = new Map<string, { ask: Incoming; copies: number }>()
  const first = asks.map((ask) => {
    const held = byKey.get(ask.event.key)
    if (held) held.copies++
    else byKey.set(ask.event.key, { ask, copies: 1 })
    return !held
  })
  const all = [...byKey.values()]
  const fresh = await rows<{ key: string; fresh: boolean }>(
    db,
    `insert into wecom_callbacks as c
       (key, event, change, subject, create_time, fields, received_at, urgent, copies)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::jsonb[], $7::timestamptz[],
       $8::boolean[], $9::int[])
     on conflict (key) do update set copies = c.copies + excluded.copies
     returning key, (xmax = 0) as fresh`,
    [
      all.map(({ ask }) => ask.event.key),
      all.map(({ ask }) => plain(ask.event.event, 100)),
      all.map(({ ask }) => plain(ask.event.change, 100)),
      all.map(({ ask }) => plain(ask.event.subject, 300)),
      all.map(({ ask }) => ask.event.create_time),
      all.map(({ ask }) => JSON.stringify(ask.event.fields).replaceAll("\\u0000", "")),
      all.map(({ ask }) => ask.now.toISOString()),
      all.map(({ ask }) => textOf(ask.event.fields, "WelcomeCode") !== ""),
      all.map(({ copies }) => copies),
    ],
  )
  const isFresh = new Map(fresh.map((row) => [row.key, row.fresh]))
  return asks.map((ask, n) => (first[n] ?? false) && (isFresh.get(ask.event.key) ?? false))
}

/** Text as PostgreSQL takes it. */
const plain = (text: string, chars: number) => text.replaceAll("\u0000", "").slice(0, chars)

export type StoredCallback = Received & { id: number; attempts: number }

/** The advisory lock of whoever tells: callbacks, or a page of a sync. */
export const TELLING = 7_318_300

/**
 * The next subjects that have something waiting, welcome codes first, and all that waits of each, in the order in which it
 * happened. One teller at a time in all processes: telling is a few statements, and order costs nothing this way. Null: another
 * one is at it. `only` restricts to one subject, also before its next try.
 */
export async function takeWaiting(tx: Tx, limit: number, only?: string): Promise<StoredCallback[] | null> {
  const lock = await maybeRow<{ mine: boolean }>(tx, "select pg_try_advisory_xact_lock($1) as mine", [
    TELLING,
  ])
  if (!lock?.mine) return null
  return rows<StoredCallback>(
    tx,
    `select c.id, c.key, c.event, c.change, c.subject, c.create_time, c.fields, c.received_at, c.received_machine_at,
            c.attempts
     from wecom_callbacks c
     where c.state = 'waiting' and ($2::text is null or c.subject = $2) and c.subject in (
       select n.subject from wecom_callbacks n
       where n.state = 'waiting' and ($2::text is not null or n.next_try_at <= now())
         and ($2::text is null or n.subject = $2)
       order by n.urgent desc, n.id limit $1)
     order by c.create_time, c.id`,
    [limit, only ?? null],
  )
}

export type Marks = { id: number; state: "handled" | "stale" | "ignored" }[]

export async function markTold(tx: Tx, marks: Marks, now: Date): Promise<void> {
  await run(
    tx,
    `update wecom_callbacks c set state = m.state, handled_at = $3, error = null
     from unnest($1::bigint[], $2::text[]) m(id, state) where c.id = m.id`,
    [marks.map((m) => m.id), marks.map((m) => m.state), now],
  )
}

/** Puts a subject's callbacks off after a failure; after ATTEMPTS_BEFORE_DEAD they are dead and seen. */
export async function putOff(db: Queryable, ids: number[], error: string): Promise<void> {
  await run(
    db,
    `update wecom_callbacks set attempts = attempts + 1, error = $2,
       state = case when attempts + 1 >= $3 then 'dead' else state end,
       next_try_at = now() + least($4 * 2 ^ attempts, $5) * interval '1 millisecond'
     where id = any($1::bigint[])`,
    [ids, error.slice(0, 500), ATTEMPTS_BEFORE_DEAD, RETRY_BASE_MS, RETRY_MAX_MS],
  )
}

/** Dead callbacks wait again. */
export async function reviveCallbacks(db: Queryable): Promise<number> {
  return run(
    db,
    "update wecom_callbacks set state = 'waiting', attempts = 0, next_try_at = now() where state = 'dead'",
  )
}

export async function purgeCallbacks(db: Queryable, before: Date, batch: number): Promise<number> {
  return run(
    db,
    `delete from wecom_callbacks where id in (
       select id from wecom_callbacks where state <> 'waiting' and handled_at < $1 order by handled_at limit $2)`,
    [before, batch],
  )
}

export type CallbackCounts = {
  waiting: number
  dead: number
  ignored: number
  /** Age of the oldest that waits, by the machine's clock; null where none does. */
  oldest_ms: number | null
}

export async function callbackCounts(db: Queryable): Promise<CallbackCounts> {
  return (
    await rows<CallbackCounts>(
      db,
      `select count(*) filter (where state = 'waiting')::int as waiting, count(*) filter (where state = 'dead')::int as dead,
              count(*) filter (where state = 'ignored')::int as ignored,
              (extract(epoch from now() - min(received_machine_at) filter (where state = 'waiting')) * 1000)::float8
                as oldest_ms
       from wecom_callbacks`,
    )
  )[0]!
}
