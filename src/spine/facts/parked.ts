import { type Db, type Queryable, rows, run, type Tx, tx } from "../../platform/db.ts"
import { isBlameless } from "../../platform/transient.ts"
import type { Fact } from "./fact.ts"
import { ATTEMPTS_BEFORE_DEAD, RETRY_DELAY_MS, RETRY_SUBJECTS } from "./limits.ts"
import { KNOWN_AS } from "./merged.ts"
import type { FactHandler } from "./reader.ts"

/** Which subjects of these facts wait for an earlier fact of theirs. */
export async function parkedSubjects(q: Queryable, handler: string, facts: Fact[]): Promise<Set<string>> {
  const found = await rows<{ subject: string }>(
    q,
    "select distinct subject from facts_parked where handler = $1 and subject = any($2::uuid[])",
    [handler, [...new Set(facts.map((f) => f.subject))]],
  )
  return new Set(found.map((r) => r.subject))
}

/** Later facts of a waiting subject line up; nobody overtakes. */
export async function queueBehind(q: Queryable, handler: string, facts: Fact[]): Promise<void> {
  if (facts.length === 0) return
  await run(
    q,
    `insert into facts_parked (handler, subject, tx, id)
     select $1, * from unnest($2::uuid[], $3::text[]::xid8[], $4::bigint[]) on conflict do nothing`,
    [handler, facts.map((f) => f.subject), facts.map((f) => f.tx), facts.map((f) => f.id)],
  )
}

/** Takes facts singly, each behind a savepoint: what fails parks its subject, all others go on. */
export async function handleOneByOne(
  t: Tx,
  handler: FactHandler,
  facts: Fact[],
  now: Date,
  firstFailure: unknown,
): Promise<void> {
  if (isBlameless(firstFailure)) throw firstFailure
  const waiting = new Set<string>()
  for (const fact of facts) {
    if (waiting.has(fact.subject)) {
      await queueBehind(t, handler.name, [fact])
      continue
    }
    const error = await tryOne(t, handler, fact, now)
    if (error === undefined) continue
    if (isBlameless(error)) throw error
    waiting.add(fact.subject)
    await run(
      t,
      `insert into facts_parked (handler, subject, tx, id, attempts, error, next_try_at)
       values ($1, $2, $3::xid8, $4, 1, $5, clock_timestamp() + $6 * interval '1 ms')
       on conflict (handler, subject, tx, id) do nothing`,
      [handler.name, fact.subject, fact.tx, fact.id, messageOf(error), RETRY_DELAY_MS[0]],
    )
  }
}

async function tryOne(t: Tx, handler: FactHandler, fact: Fact, now: Date): Promise<unknown> {
  await t.query("savepoint one")
  try {
    await handler.handle(t, [fact], now)
    await t.query("release savepoint one")
    return undefined
  } catch (error) {
    if (!isBlameless(error)) await t.query("rollback to savepoint one")
    return error ?? new Error("handler threw nothing")
  }
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 2_000)
}

/** Tries the oldest parked fact of each subject whose time has come, then those behind it, in order. */
export async function retryParked(db: Db, handler: FactHandler, now: Date): Promise<number> {
  return tx(db, async (t) => {
    const heads = await rows<Fact & { attempts: number }>(
      t,
      `with heads as (
         select distinct on (subject) subject, tx, id, next_try_at, dead from facts_parked
         where handler = $1 order by subject, tx, id),
       due as (
         select p.subject, p.tx, p.id from facts_parked p join heads h using (subject, tx, id)
         where p.handler = $1 and not h.dead and h.next_try_at <= clock_timestamp()
         order by h.next_try_at limit $2 for update of p skip locked)
       select f.tx::text as tx, f.id, f.type, ${KNOWN_AS} as subject, case f.origin when 'l' then 'live' else 'history' end as origin,
         f.occurred_at, f.recorded_at, f.payload, p.attempts
       from due join facts_parked p on p.handler = $1 and (p.subject, p.tx, p.id) = (due.subject, due.tx, due.id)
       join facts f on f.tx = p.tx and f.id = p.id`,
      [handler.name, RETRY_SUBJECTS],
    )
    let taken = 0
    for (const fact of heads) {
      const error = await tryOne(t, handler, fact, now)
      if (isBlameless(error)) throw error
      if (error === undefined) {
        await run(
          t,
          "delete from facts_parked where handler = $1 and subject = $2 and tx = $3::xid8 and id = $4",
          [handler.name, fact.subject, fact.tx, fact.id],
        )
        taken++
        continue
      }
      const attempts = fact.attempts + 1
      await run(
        t,
        `update facts_parked set attempts = $5, error = $6, dead = $7, next_try_at = clock_timestamp() + $8 * interval '1 ms'
         where handler = $1 and subject = $2 and tx = $3::xid8 and id = $4`,
        [
          handler.name,
          fact.subject,
          fact.tx,
          fact.id,
          attempts,
          messageOf(error),
          attempts >= ATTEMPTS_BEFORE_DEAD,
          RETRY_DELAY_MS[Math.min(attempts - 1, RETRY_DELAY_MS.length - 1)],
        ],
      )
    }
    return taken
  })
}

export type DeadLetter = {
  handler: string
  subject: string
  tx: string
  id: number
  attempts: number
  error: string
  type: string
  behind: number
}

/** Facts that no try could take, each with how many wait behind it. */
export function deadLetters(q: Queryable, limit: number): Promise<DeadLetter[]> {
  return rows(
    q,
    `select p.handler, p.subject, p.tx::text as tx, p.id, p.attempts, p.error, f.type,
       (select count(*) - 1 from facts_parked b where b.handler = p.handler and b.subject = p.subject) as behind
     from facts_parked p join facts f on f.tx = p.tx and f.id = p.id
     where p.dead order by p.tx, p.id limit $1`,
    [limit],
  )
}

/** Gives dead letters (of one handler, or of one subject too) another round of tries; gives how many. */
export function reviveDead(q: Queryable, handler: string, subject?: string): Promise<number> {
  return run(
    q,
    `update facts_parked set dead = false, attempts = 0, next_try_at = clock_timestamp()
     where handler = $1 and dead and ($2::uuid is null or subject = $2)`,
    [handler, subject ?? null],
  )
}
