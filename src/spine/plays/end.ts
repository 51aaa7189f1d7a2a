import { type Refusal, refuse } from "../../kernel/result.ts"
import { type Db, maybeRow, oneRow, type Queryable, rows, run, type Tx, tx } from "../../platform/db.ts"
import { END_BATCH } from "./limits.ts"
import { type Enrolment, type Moved, write } from "./move.ts"
import type { PlayWorld } from "./step.ts"

/** Why somebody left a play that was ended for everybody, and why a touch of theirs was called off. */
const REASON = "play_ended"
const FIRST = "00000000-0000-0000-0000-000000000000"

export type Ending = { began_at: Date; people: number; ended: number }

/**
 * Stops a play and ends it for everybody in it. From this commit on it moves nobody and nothing of it is handed to a channel;
 * `tendEndings` then leads people out piece by piece. Refused: it is being ended already, or not so many people are in it as were
 * named when it was confirmed. Whoever steps or enters holds the play's row, so that nobody is between two steps when it is over.
 */
export async function endPlay(
  t: Tx,
  play_id: string,
  people: number,
  now: Date,
): Promise<{ people: number; ran: boolean } | Refusal<"not_found" | "play_ending" | "count_changed">> {
  const play = await maybeRow<{ running: boolean }>(
    t,
    "select running from plays_plays where id = $1 for update",
    [play_id],
  )
  if (!play) return refuse("not_found")
  if (await endingOf(t, play_id)) return refuse("play_ending")
  const { inside } = await oneRow<{ inside: number }>(
    t,
    "select count(*)::int as inside from plays_enrolments where play_id = $1 and state = 'active'",
    [play_id],
  )
  if (inside !== people) return refuse("count_changed", { detail: { people: inside } })
  await run(t, "update plays_plays set running = false where id = $1", [play_id])
  await run(
    t,
    `insert into plays_endings (play_id, began_at, people) values ($1, $2, $3)
     on conflict (play_id) do update set began_at = excluded.began_at, people = excluded.people, ended = 0, through = null, done_at = null`,
    [play_id, now, people],
  )
  return { people, ran: play.running }
}

/** How far the ending of a play is; undefined where none is under way. */
export function endingOf(q: Queryable, play_id: string): Promise<Ending | undefined> {
  return maybeRow<Ending>(
    q,
    "select began_at, people, ended from plays_endings where play_id = $1 and done_at is null",
    [play_id],
  )
}

export type EndingLately = Ending & { id: string; name: string; ended_at: Date | null }

/** Plays that are being ended or were ended after `since`, those under way first. */
export function endingsLately(q: Queryable, since: Date, limit: number): Promise<EndingLately[]> {
  return rows(
    q,
    `select p.id, p.name, e.began_at, e.people, e.ended, e.done_at as ended_at from plays_endings e join plays_plays p on p.id = e.play_id
     where e.done_at is null or e.done_at > $1 order by e.done_at desc nulls first, e.began_at desc limit $2`,
    [since, limit],
  )
}

/** Of these enrolments those whose play is being ended, each with the reason: nothing of theirs goes out any more. */
export async function endedAmong(
  q: Queryable,
  enrolments: readonly { customer_id: string; enrolment_id: string }[],
): Promise<Map<string, string>> {
  const found = await rows<{ id: string }>(
    q,
    // Mostly no play is being ended: then nobody is looked up.
    `select e.id from unnest($1::uuid[], $2::uuid[]) k (customer_id, id)
     join plays_enrolments e on e.customer_id = k.customer_id and e.id = k.id
     where exists (select from plays_endings where done_at is null)
       and e.play_id in (select play_id from plays_endings where done_at is null)`,
    [enrolments.map((e) => e.customer_id), enrolments.map((e) => e.enrolment_id)],
  )
  return new Map(found.map(({ id }) => [id, REASON]))
}

/**
 * Leads the next piece of people out of a play that is being ended; what those who had left it before still intended is called off
 * as well. How far it is commits together with what was done: a kill anywhere repeats nothing and leaves nobody. Gives how many
 * enrolments it went over, or 1 for the end.
 */
export function tendEndings(db: Db, world: PlayWorld, now: Date, limit = END_BATCH): Promise<number> {
  return tx(db, async (t) => {
    const ending = await maybeRow<{ play_id: string; through: string | null }>(
      t,
      "select play_id, through from plays_endings where done_at is null order by began_at limit 1 for update skip locked",
    )
    if (!ending) return 0
    const { play_id, through } = ending
    // The key begins with the customer: a piece is so many enrolments of any play, of which this play's are taken.
    const last = await maybeRow<{ customer_id: string; n: number }>(
      t,
      `select customer_id, count(*) over ()::int as n from (
         select customer_id from plays_enrolments where customer_id > $1 order by customer_id limit $2) p
       order by customer_id desc limit 1`,
      [through ?? FIRST, limit],
    )
    if (!last) return run(t, "update plays_endings set done_at = $2 where play_id = $1", [play_id, now])
    const people = await rows<Enrolment>(
      t,
      `select * from plays_enrolments where customer_id > $1 and customer_id <= $2 and play_id = $3
       order by customer_id, entry for update`,
      [through ?? FIRST, last.customer_id, play_id],
    )
    await leadOut(t, play_id, people, world.onStopped, now)
    await run(t, "update plays_endings set through = $2 where play_id = $1", [play_id, last.customer_id])
    return last.n
  })
}

/**
 * Leads one person out of every play that is being ended: one whose enrolments get another key meanwhile would else come to stand
 * behind the place that has been gone over.
 */
export async function leaveEndings(
  t: Tx,
  customer_id: string,
  onStopped: PlayWorld["onStopped"],
  now: Date,
): Promise<void> {
  // The ending before its people, as `tendEndings` takes them.
  const endings = await rows<{ play_id: string }>(
    t,
    "select play_id from plays_endings where done_at is null order by play_id for update",
    [],
  )
  for (const ending of endings) {
    const people = await rows<Enrolment>(
      t,
      "select * from plays_enrolments where customer_id = $1 and play_id = $2 order by entry for update",
      [customer_id, ending.play_id],
    )
    await leadOut(t, ending.play_id, people, onStopped, now)
  }
}

async function leadOut(
  t: Tx,
  play_id: string,
  people: readonly Enrolment[],
  onStopped: PlayWorld["onStopped"],
  now: Date,
): Promise<void> {
  if (people.length === 0) return
  const inside = people.filter((one) => one.state === "active")
  await write(t, { play_id }, inside.map(leaves), now)
  await onStopped(
    t,
    people.map((one) => one.id),
    REASON,
    now,
  )
  await run(t, "update plays_endings set ended = ended + $2 where play_id = $1", [play_id, inside.length])
}

const leaves = (from: Enrolment): Moved => ({
  from,
  place: { ended: "stopped", reason: REASON },
  outcome: "stopped",
  detail: { reason: REASON },
})
