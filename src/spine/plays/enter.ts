import { atTime, dayNumber } from "../../kernel/day.ts"
import { newId } from "../../kernel/ids.ts"
import { isRefused } from "../../kernel/result.ts"
import { type Db, maybeRow, oneRow, rows, run, type Tx, tx } from "../../platform/db.ts"
import { audiencePage, readAudience } from "../audiences/index.ts"
import { append } from "../facts/index.ts"
import type { Registry } from "../offers/index.ts"
import type { PlayDefinition } from "./definition.ts"
import { playEntered } from "./events.ts"
import { holdRunning } from "./hold.ts"
import { ENTRY_BATCH } from "./limits.ts"
import type { Active } from "./store.ts"
import { arrive } from "./timing.ts"

export type Entering = {
  customer_id: string
  /** What let them in; the same cause again lets nobody in. */
  cause: string
  /** Where offsets are counted from: when it happened. */
  anchor_at: Date
}

/**
 * Lets people into a play's version, as its re-entry rule says; nobody, where it was stopped meanwhile. One statement for all; gives
 * how many came in.
 */
export async function enter(t: Tx, to: Active, people: readonly Entering[], now: Date): Promise<number> {
  if (people.length === 0 || !(await holdRunning(t, to.play_id))) return 0
  const { definition: play } = to
  const places = people.map((p) =>
    arrive(play, play.first, p.anchor_at, now < p.anchor_at ? p.anchor_at : now),
  )
  const standing = people.flatMap((p, i) => {
    const place = places[i]!
    return "ended" in place ? [] : [{ ...p, place }]
  })
  const again = play.reentry.policy === "never" ? null : play.reentry.days
  const entered = await rows<{ id: string; customer_id: string; entry: number; entered_by: string }>(
    t,
    `with asked as (
       select distinct on (customer_id) * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::text[], $6::timestamptz[],
         $7::timestamptz[]) a (customer_id, id, entered_by, anchor_at, node, due_at, since) order by customer_id, anchor_at),
     known as (
       select e.customer_id, max(entry) as entry, bool_or(state = 'active') as active, max(coalesce(ended_at, entered_at)) as last_at,
         array_agg(entered_by) as causes
       from plays_enrolments e where play_id = $8 and customer_id in (select customer_id from asked) group by 1)
     insert into plays_enrolments (customer_id, play_id, entry, id, version, entered_by, anchor_at, entered_at, node, due_at, since, state)
     select a.customer_id, $8, coalesce(k.entry, 0) + 1, a.id, $9, a.entered_by, a.anchor_at, $10, a.node, a.due_at, a.since, 'active'
     from asked a left join known k using (customer_id)
     where k.customer_id is null
       or ($11::int is not null and not k.active and not a.entered_by = any(k.causes) and k.last_at + $11::int * interval '1 day' <= $10)
     on conflict do nothing
     returning id, customer_id, entry, entered_by`,
    [
      standing.map((p) => p.customer_id),
      standing.map(() => newId(now.getTime())),
      standing.map((p) => p.cause),
      standing.map((p) => p.anchor_at.toISOString()),
      standing.map((p) => p.place.node),
      standing.map((p) => p.place.due_at.toISOString()),
      standing.map((p) => p.place.since?.toISOString() ?? null),
      to.play_id,
      to.version,
      now,
      again,
    ],
  )
  await append(
    t,
    entered.map((e) =>
      playEntered.of({
        subject: e.customer_id,
        occurred_at: now,
        payload: {
          play_id: to.play_id,
          version: to.version,
          enrolment_id: e.id,
          entry: e.entry,
          entered_by: e.entered_by,
        },
      }),
    ),
  )
  return entered.length
}

/** The last moment at which an audience play lets people in, at or before now; null where it has not come or was before publishing. */
export function entryMoment(play: PlayDefinition, published_at: Date, now: Date): Date | null {
  if (play.entry.on !== "audience" || play.entry.at === "entering") return null
  const { at } = play.entry
  let moment: Date
  if (/^\d\d:\d\d$/.test(at)) {
    const [hour = 0, minute = 0] = at.split(":").map(Number)
    moment = atTime(dayNumber(now), hour, minute)
    if (moment > now) moment = atTime(dayNumber(now) - 1, hour, minute)
  } else moment = new Date(at)
  return moment <= now && moment >= published_at ? moment : null
}

/** Lets in who matches, for every audience play whose moment has come, piece by piece; a kill in between loses nobody. */
export async function enterAudiences(db: Db, registry: Registry, now: Date): Promise<number> {
  const due = await rows<Active & { published_at: Date }>(
    db,
    `select v.play_id, v.version, v.state, v.definition, v.published_at from plays_versions v join plays_plays p on p.id = v.play_id and p.running
     where v.state = 'published' and v.definition->'entry'->>'on' = 'audience'`,
  )
  let entered = 0
  for (const play of due) {
    const moment = entryMoment(play.definition, play.published_at, now)
    if (moment)
      for (let more = true; more; )
        ({ more, entered } = await piece(db, registry, play, moment, now, entered))
  }
  return entered
}

async function piece(db: Db, registry: Registry, play: Active, moment: Date, now: Date, before: number) {
  return tx(db, async (t) => {
    // A play that was switched off meanwhile keeps its place, and goes on from there when it is switched on.
    if (!(await holdRunning(t, play.play_id))) return { more: false, entered: before }
    await run(
      t,
      "insert into plays_entries (play_id, at, version) values ($1, $2, $3) on conflict do nothing",
      [play.play_id, moment, play.version],
    )
    const progress = await maybeRow<{ through: number; done: boolean }>(
      t,
      "select through, done from plays_entries where play_id = $1 and at = $2 for update skip locked",
      [play.play_id, moment],
    )
    if (!progress || progress.done || play.definition.entry.on !== "audience")
      return { more: false, entered: before }
    const audience = await readAudience(t, registry, play.definition.entry.tree, { day: dayNumber(moment) })
    // a rule that points at something deleted lets nobody in until it is mended
    if (isRefused(audience)) return { more: false, entered: before }
    const page = await audiencePage(t, audience, { after: progress.through, limit: ENTRY_BATCH })
    const came = await enter(
      t,
      play,
      page.map((m) => ({
        customer_id: m.customer_id,
        cause: `at:${moment.toISOString()}`,
        anchor_at: moment,
      })),
      now,
    )
    const done = page.length < ENTRY_BATCH
    await oneRow(
      t,
      `update plays_entries set through = $3, done = $4, entered = entered + $5 where play_id = $1 and at = $2 returning done`,
      [play.play_id, moment, page.at(-1)?.number ?? progress.through, done, came],
    )
    return { more: !done, entered: before + came }
  })
}
