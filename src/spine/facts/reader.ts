import { type Db, maybeRow, oneRow, type Queryable, rows, run, type Tx, tx } from "../../platform/db.ts"
import { BUCKETS, type Fact } from "./fact.ts"
import { CURSOR_SLACK, HANDLER_BATCH, LANES } from "./limits.ts"
import { KNOWN_AS } from "./merged.ts"
import { handleOneByOne, parkedSubjects, queueBehind, retryParked } from "./parked.ts"

export type FactHandler = {
  name: string
  types: readonly string[]
  /** `live` leaves history out: nobody is welcomed, paid or written to for what happened before. */
  origins: "live" | "all"
  /** Where a handler that is new to this database begins. */
  from?: "start" | "now"
  batch?: number
  /**
   * Handlers that read a fact before this one does, so that what it asks of them is never older than the fact. A fact that one
   * of them could not take is parked there and holds up nobody here.
   */
  after?: readonly FactHandler[]
  /** Takes facts in order, in the transaction that moves the cursor. May be called again for the same facts after a failure. */
  handle(tx: Tx, facts: Fact[], now: Date): Promise<void>
}

/** How a lane's batch ended. */
export type Step = { handled: number; more: boolean }

const FACT_COLUMNS = `f.tx::text as tx, id, type, ${KNOWN_AS} as subject,
  case origin when 'l' then 'live' else 'history' end as origin, occurred_at, recorded_at, payload`

/**
 * The transaction id below which everything is decided: the lower of the snapshot's xmax and the lowest open transaction of
 * this database. (pg_snapshot_xmin would also wait for strangers in other databases of the cluster.) It must be asked in a
 * statement of its own, before the rows are read.
 */
export async function ceiling(q: Queryable): Promise<string> {
  const row = await oneRow<{ ceiling: string }>(
    q,
    `with here as (select pg_snapshot_xmax(pg_current_snapshot())::text::bigint as xmax)
     select least(xmax, (
       -- an id given out after the snapshot lies a little above xmax; one far above is of the epoch before
       select min(case when wide > xmax + 2147483648 then wide - 4294967296 else wide end)
       from (select (xmax & ~4294967295::bigint) | backend_xid::text::bigint as wide
             from pg_stat_activity
             where datname = current_database() and backend_xid is not null and pid <> pg_backend_pid()) open
     ))::text as ceiling
     from here`,
  )
  return row.ceiling
}

/** Makes the lanes of handlers that this database has not met. */
export async function registerHandlers(db: Db, handlers: readonly FactHandler[]): Promise<void> {
  for (const handler of handlers) {
    const at = handler.from === "now" ? await ceiling(db) : "0"
    await run(
      db,
      `insert into facts_cursors (handler, lane, tx, id, types, origins)
       select $1, lane, $2::xid8, 0, $4, $5::"char"[] from generate_series(0, $3 - 1) lane on conflict do nothing`,
      [handler.name, at, LANES, handler.types, originsOf(handler)],
    )
  }
}

/**
 * Lanes of a handler that have something to read, asked without a lock or a write, so that an idle system stays idle. A lane
 * that fell far behind on facts of other types is listed too: one step moves its cursor up, and the next look is short.
 */
export async function lanesWithWork(q: Queryable, handler: FactHandler): Promise<number[]> {
  const found = await rows<{ lane: number }>(
    q,
    `select c.lane from facts_cursors c
     where c.handler = $1 and (
       exists (select 1 from facts f where (f.tx, f.id) > (c.tx, c.id) and f.bucket >= c.lane * $4 and f.bucket < (c.lane + 1) * $4
         and f.type = any($2) and f.origin = any($3::"char"[]))
       or pg_snapshot_xmin(pg_current_snapshot())::text::bigint - c.tx::text::bigint > $5)
     order by c.lane`,
    [handler.name, handler.types, originsOf(handler), LANE_WIDTH, CURSOR_SLACK],
  )
  return found.map((r) => r.lane)
}

/** What all handlers have before them, and the moment of which that is true; handed back, it spares the next look where nothing was committed since. */
export type Look = { names: string[]; snapshot: string }

/**
 * Those of these handlers that have something to read or to try again, in one statement for all of them: a company at rest asks
 * once, not once a handler. Where nothing was committed since a look that found nothing, only what was parked is asked for.
 */
export async function handlersWithWork(
  q: Queryable,
  handlers: readonly FactHandler[],
  seen: string | null = null,
): Promise<Look> {
  const { snapshot, names } = await oneRow<Look>(
    q,
    `select pg_current_snapshot()::text as snapshot, array(
       select h.name from unnest($1::text[], $2::text[], $3::text[]) as h (name, types, origins)
       where pg_current_snapshot()::text is distinct from $6 and exists (
           select 1 from facts_cursors c
           where c.handler = h.name and (
             exists (select 1 from facts f where (f.tx, f.id) > (c.tx, c.id) and f.bucket >= c.lane * $4 and f.bucket < (c.lane + 1) * $4
               and f.type = any(string_to_array(h.types, ' ')) and f.origin = any(string_to_array(h.origins, ' ')::"char"[]))
             or pg_snapshot_xmin(pg_current_snapshot())::text::bigint - c.tx::text::bigint > $5))
         or exists (
           select 1 from facts_parked p
           where p.handler = h.name and not p.dead and p.next_try_at <= clock_timestamp() and not exists (
             select 1 from facts_parked b
             where b.handler = p.handler and b.subject = p.subject and (b.tx, b.id) < (p.tx, p.id)))) as names`,
    [
      handlers.map((h) => h.name),
      handlers.map((h) => h.types.join(" ")),
      handlers.map((h) => originsOf(h).join(" ")),
      LANE_WIDTH,
      CURSOR_SLACK,
      seen,
    ],
  )
  return { snapshot, names }
}

/** Reads one batch of one lane; another process that is at it already is left alone. */
export async function step(db: Db, handler: FactHandler, lane: number, now: Date): Promise<Step> {
  try {
    return await tx(db, (t) => takeBatch(t, handler, lane, (facts) => handler.handle(t, facts, now)))
  } catch (failure) {
    // Something in the batch cannot be taken. The same batch again, one by one, so that only its subject waits.
    return tx(db, (t) =>
      takeBatch(t, handler, lane, (facts) => handleOneByOne(t, handler, facts, now, failure)),
    )
  }
}

const LANE_WIDTH = BUCKETS / LANES

function originsOf(handler: FactHandler): string[] {
  return handler.origins === "live" ? ["l"] : ["l", "h"]
}

async function takeBatch(
  t: Tx,
  handler: FactHandler,
  lane: number,
  handle: (facts: Fact[]) => Promise<void>,
): Promise<Step> {
  const top = await ceiling(t)
  const cursor = await maybeRow<{ tx: string; id: number }>(
    t,
    "select tx::text as tx, id from facts_cursors where handler = $1 and lane = $2 for update skip locked",
    [handler.name, lane],
  )
  if (!cursor) return { handled: 0, more: false }
  // Another reader may have gone further since the ceiling was asked: to write ours would send everybody back.
  if (BigInt(cursor.tx) >= BigInt(top)) return { handled: 0, more: false }
  const limit = handler.batch ?? HANDLER_BATCH
  const found = await rows<Fact>(
    t,
    `select ${FACT_COLUMNS} from facts f
     where (f.tx, id) > ($1::xid8, $2::bigint) and f.tx < $3::xid8 and bucket >= $4 and bucket < $5
       and type = any($6) and origin = any($7::"char"[])
     order by f.tx, id limit $8`,
    [
      cursor.tx,
      cursor.id,
      top,
      lane * LANE_WIDTH,
      (lane + 1) * LANE_WIDTH,
      handler.types,
      originsOf(handler),
      limit,
    ],
  )
  const facts = found.length > 0 && handler.after ? await readBefore(t, handler.after, lane, found) : found
  const held = facts.length < found.length
  if (held && facts.length === 0) return { handled: 0, more: false }
  if (facts.length > 0) {
    const parked = await parkedSubjects(t, handler.name, facts)
    await queueBehind(
      t,
      handler.name,
      facts.filter((f) => parked.has(f.subject)),
    )
    const free = parked.size === 0 ? facts : facts.filter((f) => !parked.has(f.subject))
    if (free.length > 0) await handle(free)
  }
  const last = held || found.length === limit ? facts.at(-1) : undefined
  await run(
    t,
    `update facts_cursors set tx = $3::xid8, id = $4, advanced_at = clock_timestamp(), types = $5, origins = $6::"char"[]
     where handler = $1 and lane = $2`,
    [handler.name, lane, last?.tx ?? top, last?.id ?? 0, handler.types, originsOf(handler)],
  )
  return { handled: facts.length, more: !held && last !== undefined }
}

/**
 * The facts of a batch that all of these handlers have read: those before the first one that any of them still has to read. All
 * handlers have the same lanes, so a fact is in one lane for all of them.
 */
async function readBefore(
  t: Tx,
  handlers: readonly FactHandler[],
  lane: number,
  facts: Fact[],
): Promise<Fact[]> {
  const last = facts.at(-1)!
  const unread = await maybeRow<{ tx: string; id: number }>(
    t,
    `select f.tx::text as tx, f.id
     from unnest($1::text[], $2::text[], $3::text[]) as h (handler, types, origins)
     join facts_cursors c on c.handler = h.handler and c.lane = $4
     cross join lateral (
       select facts.tx, id from facts
       where (facts.tx, id) > (c.tx, c.id) and (facts.tx, id) <= ($5::xid8, $6::bigint) and bucket >= $7 and bucket < $8
         and type = any(string_to_array(h.types, ' ')) and origin = any(string_to_array(h.origins, ' ')::"char"[])
       order by facts.tx, id limit 1) f
     order by f.tx, f.id limit 1`,
    [
      handlers.map((h) => h.name),
      handlers.map((h) => h.types.join(" ")),
      handlers.map((h) => originsOf(h).join(" ")),
      lane,
      last.tx,
      last.id,
      lane * LANE_WIDTH,
      (lane + 1) * LANE_WIDTH,
    ],
  )
  if (!unread) return facts
  const edge = BigInt(unread.tx)
  return facts.filter((f) => BigInt(f.tx) < edge || (BigInt(f.tx) === edge && f.id < unread.id))
}

/** Tries parked subjects whose time has come; gives how many facts were taken. */
export function retry(db: Db, handler: FactHandler, now: Date): Promise<number> {
  return retryParked(db, handler, now)
}

/** Reads a handler's facts again from a point; effects must be such that doing them twice is doing them once. */
export async function replay(
  db: Db,
  handler: string,
  from: { tx: string; id: number } = { tx: "0", id: 0 },
): Promise<void> {
  await run(db, "update facts_cursors set tx = $2::xid8, id = $3 where handler = $1", [
    handler,
    from.tx,
    from.id,
  ])
}

/** Facts that each handler has still to read, those it parked, and those that no try could take. */
export async function lag(
  q: Queryable,
): Promise<{ handler: string; behind: number; parked: number; dead: number }[]> {
  return rows(
    q,
    `select c.handler, sum(f.unread)::bigint as behind,
       (select count(*) from facts_parked p where p.handler = c.handler)::bigint as parked,
       (select count(*) from facts_parked p where p.handler = c.handler and p.dead)::bigint as dead
     from facts_cursors c cross join lateral (
       select count(*) as unread from facts f
       where (f.tx, f.id) > (c.tx, c.id) and f.bucket >= c.lane * $1 and f.bucket < (c.lane + 1) * $1
         and (c.types is null or f.type = any(c.types) and f.origin = any(c.origins))) f
     group by c.handler order by c.handler`,
    [LANE_WIDTH],
  )
}
