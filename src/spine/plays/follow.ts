import { dayNumber } from "../../kernel/day.ts"
import { isRefused } from "../../kernel/result.ts"
import { type Db, maybeRow, rows, run, type Tx, tx } from "../../platform/db.ts"
import { entering, readAudience } from "../audiences/index.ts"
import type { Registry } from "../offers/index.ts"
import { enter } from "./enter.ts"
import { holdRunning } from "./hold.ts"
import { ENTRY_BATCH } from "./limits.ts"
import type { Active } from "./store.ts"

type Followed = Active & { position: string; day: number; round: number }

/** From here on whoever comes to match enters; who matches already does not. */
export async function followFromNow(t: Tx, play_id: string, version: number, now: Date): Promise<void> {
  await run(
    t,
    `insert into plays_follows as f (play_id, version, position, day) values ($1, $2, pg_current_snapshot(), $3)
     on conflict (play_id) do update set version = excluded.version, position = excluded.position, day = excluded.day,
       round = f.round + 1`,
    [play_id, version, dayNumber(now)],
  )
}

/**
 * Lets in who has come to match since the last look, for every running play whose entry is `entering`: by what changed about them
 * (an import counts as a change) or by the days that went by. Exact over any number of workers: the place moves on only when all
 * that was found has been let in, and what was let in by one round is not let in again by it. A rule that is broken keeps its
 * place until it is mended; where the changes since then were thrown away, it goes on from the present.
 */
export async function followAudiences(db: Db, registry: Registry, now: Date): Promise<number> {
  const followed = await rows<Followed>(
    db,
    `select v.play_id, v.version, v.state, v.definition, f.position::text as position, f.day, f.round from plays_versions v
     join plays_plays p on p.id = v.play_id and p.running join plays_follows f on f.play_id = v.play_id and f.version = v.version
     where v.state = 'published' and v.definition->'entry'->>'at' = 'entering'`,
  )
  let entered = 0
  for (const play of followed) entered += await followOne(db, registry, play, now)
  return entered
}

async function followOne(db: Db, registry: Registry, play: Followed, now: Date): Promise<number> {
  if (play.definition.entry.on !== "audience") return 0
  const audience = await readAudience(db, registry, play.definition.entry.tree, { day: dayNumber(now) })
  if (isRefused(audience)) return 0
  const found = await entering(db, audience, { position: play.position, day: play.day })
  if (isRefused(found)) {
    if (found.refused === "position_lost")
      await tx(db, (t) => followFromNow(t, play.play_id, play.version, now))
    return 0
  }
  let entered = 0
  for (let at = 0; at < found.customers.length; at += ENTRY_BATCH) {
    const people = found.customers.slice(at, at + ENTRY_BATCH)
    entered += await tx(db, async (t) => {
      // The play before its place, as whoever publishes or switches it takes them.
      if (!(await holdRunning(t, play.play_id)) || !(await stillThere(t, play))) return 0
      const cause = `entering:${play.round}`
      return enter(
        t,
        play,
        people.map((customer_id) => ({ customer_id, cause, anchor_at: now })),
        now,
      )
    })
  }
  await run(
    db,
    `update plays_follows set position = $4::pg_snapshot, day = $5, round = round + $6
     where play_id = $1 and version = $2 and round = $3 and position::text = $7`,
    [
      play.play_id,
      play.version,
      play.round,
      found.to.position,
      found.to.day,
      found.customers.length > 0 ? 1 : 0,
      play.position,
    ],
  )
  return entered
}

/** Whether nobody has moved the place in the meantime: another worker, a new version, a switch. */
async function stillThere(t: Tx, play: Followed): Promise<boolean> {
  const row = await maybeRow(
    t,
    "select 1 from plays_follows where play_id = $1 and version = $2 and round = $3 and position::text = $4 for update",
    [play.play_id, play.version, play.round, play.position],
  )
  return row !== undefined
}
