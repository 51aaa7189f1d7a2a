import { type Db, oneRow, run } from "../../platform/db.ts"
import { PACE_CHUNK, PACE_CHUNK_LIFE_MS, PACE_HOUR, PACE_MINUTE, WINDOW_REST_MS } from "./limits.ts"

export type Pace = {
  /** Waits until one more call of `api` is within the limits; gives the wait where it would be longer than `patience_ms`. */
  take(api: string, patience_ms: number): Promise<{ wait_ms: number } | undefined>
  /** After 45009: nobody calls this API for a window. Gives how long. */
  block(api: string): Promise<number>
  /** A call went well: the next block begins with the short window again. */
  ease(api: string): void
}

type Chunk = { left: number; size: number; until_ms: number; ready_ms: number }

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** The published limits count all processes together, so the buckets are rows; each process takes a few calls at a time. */
export function pgPace(db: Db): Pace {
  const chunks = new Map<string, Chunk>()
  const asking = new Map<string, Promise<void>>()
  const blocked = new Set<string>()

  /** One call at first, twice as many each time that all were used in their life: a quiet process wastes nothing. */
  const sizeOf = (last: Chunk | undefined): number => {
    if (!last || last.left > 0 || last.until_ms < Date.now()) return 1
    return Math.min(last.size * 2, PACE_CHUNK)
  }

  const refill = async (api: string): Promise<void> => {
    const size = sizeOf(chunks.get(api))
    const taken = await oneRow<{ wait_ms: number }>(
      db,
      `insert into wecom_pace as p (api, minute_at, hour_at)
       values ($1, now() - ($3::float8 - $2::float8) * interval '1 ms', now() - ($5::float8 - $4::float8) * interval '1 ms')
       on conflict (api) do update set
         minute_at = greatest(p.minute_at, now() - $3::float8 * interval '1 ms') + $2::float8 * interval '1 ms',
         hour_at = greatest(p.hour_at, now() - $5::float8 * interval '1 ms') + $4::float8 * interval '1 ms'
       returning ceil(greatest(0, extract(epoch from
         greatest(p.minute_at, p.hour_at, p.blocked_until) - now()) * 1000))::float8 as wait_ms`,
      [
        api,
        size * PACE_MINUTE.interval_ms,
        PACE_MINUTE.burst * PACE_MINUTE.interval_ms,
        size * PACE_HOUR.interval_ms,
        PACE_HOUR.burst * PACE_HOUR.interval_ms,
      ],
    )
    const ready_ms = Date.now() + taken.wait_ms
    chunks.set(api, { left: size, size, ready_ms, until_ms: ready_ms + PACE_CHUNK_LIFE_MS })
  }

  return {
    async take(api, patience_ms) {
      const end = Date.now() + patience_ms
      for (;;) {
        const now = Date.now()
        const chunk = chunks.get(api)
        if (chunk && chunk.left > 0 && chunk.until_ms > now) {
          const wait_ms = chunk.ready_ms - now
          if (wait_ms > 0 && chunk.ready_ms > end) return { wait_ms }
          chunk.left--
          if (wait_ms > 0) await sleep(wait_ms)
          return undefined
        }
        let pending = asking.get(api)
        if (!pending) {
          pending = refill(api).finally(() => asking.delete(api))
          asking.set(api, pending)
        }
        await pending
      }
    },
    async block(api) {
      chunks.delete(api)
      blocked.add(api)
      const row = await oneRow<{ rest_ms: number }>(
        db,
        `insert into wecom_pace as p (api, minute_at, hour_at, blocked_until, blocks)
         values ($1, now(), now(), now() + ($2::float8[])[1] * interval '1 ms', 1)
         on conflict (api) do update set
           blocks = case when p.blocked_until > now() then p.blocks else least(p.blocks + 1, $3::int) end,
           blocked_until = case when p.blocked_until > now() then p.blocked_until
             else now() + ($2::float8[])[least(p.blocks + 1, $3::int)] * interval '1 ms' end
         returning ceil(extract(epoch from p.blocked_until - now()) * 1000)::float8 as rest_ms`,
        [api, WINDOW_REST_MS, WINDOW_REST_MS.length],
      )
      return row.rest_ms
    },
    ease(api) {
      if (!blocked.delete(api)) return
      void run(db, "update wecom_pace set blocks = 0 where api = $1 and blocked_until < now()", [api]).catch(
        () => blocked.add(api),
      )
    },
  }
}

/** No shared limits: for one call at a time, such as checking a setting. */
export function freePace(): Pace {
  return { take: async () => undefined, block: async () => WINDOW_REST_MS[0], ease: () => undefined }
}
