import { type Db, maybeRow, type Queryable, run } from "./db.ts"

/** Shop time: facts, plays, quotas, windows and days follow it. Machine time (sessions, leases, logs) is Date.now(). */
export type Clock = { now(): Date }

/** The clock of several processes; `refresh` reads it anew. */
export type SharedClock = Clock & { refresh(): Promise<void>; stop(): void }

export type ClockRow = { anchor_real: Date; anchor_shop: Date; rate: number }

/** The system's clock: shop time is machine time. */
export const systemClock: Clock = { now: () => new Date() }

/** Pure: what the shop's clock shows at a machine instant. */
export function shopTime(row: ClockRow, real_ms: number): number {
  return row.anchor_shop.getTime() + Math.max(0, real_ms - row.anchor_real.getTime()) * row.rate
}

const REFRESH_MS = 500

/**
 * The clock that every process of this database shows, read from its one row. It never runs back: where the row is set to an
 * earlier moment, the clock stands until time has caught up.
 */
export async function sharedClock(db: Db): Promise<SharedClock> {
  let row: ClockRow | undefined
  let last = 0
  const refresh = async () => {
    row = await maybeRow<ClockRow>(db, "select anchor_real, anchor_shop, rate from platform_clock")
  }
  await refresh()
  const timer = setInterval(() => void refresh().catch(() => undefined), REFRESH_MS)
  timer.unref()
  return {
    now() {
      last = Math.max(last, row ? shopTime(row, Date.now()) : Date.now())
      return new Date(last)
    },
    refresh,
    stop: () => clearInterval(timer),
  }
}

/** Sets the shared clock; a moment before what it already shows is raised to that. */
export async function setClock(q: Queryable, row: ClockRow, source: string): Promise<void> {
  await run(
    q,
    `insert into platform_clock as c (anchor_real, anchor_shop, rate, source) values ($1, $2, $3, $4)
     on conflict (one) do update set anchor_real = excluded.anchor_real, rate = excluded.rate, source = excluded.source,
       anchor_shop = greatest(excluded.anchor_shop,
         c.anchor_shop + greatest(excluded.anchor_real - c.anchor_real, interval '0') * c.rate)`,
    [row.anchor_real, row.anchor_shop, row.rate, source],
  )
}
