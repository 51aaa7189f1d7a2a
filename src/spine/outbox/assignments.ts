import { newId } from "../../kernel/ids.ts"
import { type Refusal, refuse } from "../../kernel/result.ts"
import { maybeRow, type Queryable, rows, run, type Tx } from "../../platform/db.ts"
import { append, type FactType } from "../facts/index.ts"
import { assignmentCancelled, assignmentDone, assignmentMissed, assignmentOpened } from "./events.ts"
import { ASSIGNMENT_PAGE, MISSED_BATCH } from "./limits.ts"
import { changeTouches, readKey } from "./touches.ts"

export type Evidence = "none" | "text" | "screenshot"
export type NewAssignment = {
  /** Once for all time: a cause asks as often as it likes. */
  cause_key: string
  /** `introduction`, `send_by_hand`, `welcome` … */
  kind: string
  title: string
  script?: string
  /** Why a person has to do it, where a machine should have. */
  reason?: string | null
  customer_id?: string | null
  account_id?: string | null
  assignee_staff_id?: string | null
  /** What it is about, in the words of its kind. */
  target?: Record<string, unknown>
  due_at: Date
  evidence?: Evidence
  touch_key?: string | null
}

export type Assignment = {
  id: string
  cause_key: string
  kind: string
  title: string
  script: string
  reason: string | null
  customer_id: string | null
  account_id: string | null
  assignee_staff_id: string | null
  target: Record<string, unknown>
  due_at: Date
  evidence: Evidence
  evidence_given: string | null
  state: "open" | "done" | "missed" | "cancelled"
  late: boolean
  made_at: Date
  closed_at: Date | null
  closed_by: string | null
  touch_key: string | null
}

/** Opens assignments; a cause_key that has one already opens none. Gives the ids of those that are new. */
export async function openAssignments(t: Tx, list: readonly NewAssignment[], now: Date): Promise<string[]> {
  if (list.length === 0) return []
  const made = await rows<Assignment>(
    t,
    `insert into outbox_assignments (id, cause_key, kind, title, script, reason, customer_id, account_id, assignee_staff_id, target,
       due_at, evidence, touch_key, state, made_at)
     select n.*, 'open', $14 from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::uuid[],
       $9::uuid[], $10::jsonb[], $11::timestamptz[], $12::text[], $13::text[]) n
     on conflict (cause_key) do nothing returning *`,
    [
      list.map(() => newId(now.getTime())),
      list.map((a) => a.cause_key),
      list.map((a) => a.kind),
      list.map((a) => a.title),
      list.map((a) => a.script ?? ""),
      list.map((a) => a.reason ?? null),
      list.map((a) => a.customer_id ?? null),
      list.map((a) => a.account_id ?? null),
      list.map((a) => a.assignee_staff_id ?? null),
      list.map((a) => JSON.stringify(a.target ?? {})),
      list.map((a) => a.due_at.toISOString()),
      list.map((a) => a.evidence ?? "none"),
      list.map((a) => a.touch_key ?? null),
      now,
    ],
  )
  await append(
    t,
    made.map((a) => factOf(assignmentOpened, a, now, {})),
  )
  return made.map((a) => a.id)
}

function factOf<P>(type: FactType<P>, a: Assignment, now: Date, more: Record<string, unknown>) {
  return type.of({
    subject: a.customer_id ?? a.id,
    occurred_at: now,
    payload: {
      assignment_id: a.id,
      kind: a.kind,
      cause_key: a.cause_key,
      account_id: a.account_id,
      assignee_staff_id: a.assignee_staff_id,
      ...more,
    } as P,
  })
}

/**
 * Ticks an assignment off. One that was missed may still be done, and is marked late. Refused: it is done or cancelled already,
 * or its evidence is missing.
 */
export async function doAssignment(
  t: Tx,
  id: string,
  given: { staff_id: string | null; evidence?: string | null },
  now: Date,
): Promise<Assignment | Refusal<"not_found" | "already_closed" | "evidence_missing">> {
  const found = await maybeRow<Assignment>(t, "select * from outbox_assignments where id = $1 for update", [
    id,
  ])
  if (!found) return refuse("not_found")
  if (found.state === "done" || found.state === "cancelled")
    return refuse("already_closed", { detail: { state: found.state } })
  const evidence = given.evidence?.trim() || null
  if (found.evidence !== "none" && !evidence)
    return refuse("evidence_missing", { field: "evidence", detail: { evidence: found.evidence } })
  const [done] = await close(t, [id], "done", evidence, given.staff_id, now)
  if (!done) return refuse("not_found")
  await append(t, [factOf(assignmentDone, done, now, { by_staff_id: given.staff_id, late: done.late })])
  if (done.touch_key)
    await changeTouches(t, [{ key: readKey(done.touch_key), state: "delivered", reason: null }], now, {
      from: ["sent_to_staff", "confirmed", "unknown", "expired"],
    })
  return done
}

/**
 * Leaves an assignment undone, with the reason in somebody's words; it counts neither as done nor as missed. A message that was to
 * be sent by hand has then been called off, and what it had reserved is given back. Refused: it is done or cancelled already, or a
 * deed waits for what comes of it.
 */
export async function skipAssignment(
  t: Tx,
  id: string,
  given: { staff_id: string | null; reason: string },
  now: Date,
): Promise<Assignment | Refusal<"not_found" | "already_closed" | "waited_for">> {
  const found = await maybeRow<Assignment>(t, "select * from outbox_assignments where id = $1 for update", [
    id,
  ])
  if (!found) return refuse("not_found")
  if (found.state === "done" || found.state === "cancelled")
    return refuse("already_closed", { detail: { state: found.state } })
  if (found.cause_key.startsWith("deed:")) return refuse("waited_for")
  const [gone] = await close(t, [id], "cancelled", given.reason, given.staff_id, now)
  if (!gone) return refuse("not_found")
  // The words stay with the assignment: facts hold codes.
  await append(t, [factOf(assignmentCancelled, gone, now, { reason: SKIPPED })])
  if (gone.touch_key)
    await changeTouches(t, [{ key: readKey(gone.touch_key), state: "cancelled", reason: SKIPPED }], now, {
      from: ["sent_to_staff"],
    })
  return gone
}

const SKIPPED = "skipped_by_hand"

function close(
  t: Tx,
  ids: readonly string[],
  state: "done" | "missed" | "cancelled",
  evidence: string | null,
  staff_id: string | null,
  now: Date,
): Promise<Assignment[]> {
  return rows<Assignment>(
    t,
    `update outbox_assignments set state = $2, evidence_given = coalesce($3, evidence_given), closed_by = $4, closed_at = $5,
       late = due_at < $5 and $2 <> 'cancelled'
     where id = any($1::uuid[]) returning *`,
    [ids, state, evidence, staff_id, now],
  )
}

/** Done by what happened, such as a contact that came to exist: closes open and missed ones by their cause keys. */
export async function doneByCause(
  t: Tx,
  cause_keys: readonly string[],
  evidence: string,
  now: Date,
): Promise<number> {
  const open = await openOf(t, cause_keys)
  const done = await close(t, open, "done", evidence, null, now)
  await append(
    t,
    done.map((a) => factOf(assignmentDone, a, now, { by_staff_id: null, late: a.late })),
  )
  return done.length
}

export async function cancelByCause(
  t: Tx,
  cause_keys: readonly string[],
  reason: string,
  now: Date,
): Promise<number> {
  const open = await openOf(t, cause_keys)
  const gone = await close(t, open, "cancelled", reason, null, now)
  await append(
    t,
    gone.map((a) => factOf(assignmentCancelled, a, now, { reason })),
  )
  return gone.length
}

async function openOf(t: Tx, cause_keys: readonly string[]): Promise<string[]> {
  const found = await rows<{ id: string }>(
    t,
    "select id from outbox_assignments where cause_key = any($1) and state in ('open', 'missed') order by id for update",
    [cause_keys],
  )
  return found.map((r) => r.id)
}

/**
 * Marks open assignments whose time has passed as missed, and tells it once. A message that was to be sent by hand has then not
 * been sent; whoever does it later all the same turns it to delivered.
 */
export async function markMissed(t: Tx, now: Date): Promise<number> {
  const late = await rows<{ id: string }>(
    t,
    `select id from outbox_assignments where state = 'open' and due_at < $1 order by due_at limit $2 for update skip locked`,
    [now, MISSED_BATCH],
  )
  const missed = await close(
    t,
    late.map((r) => r.id),
    "missed",
    null,
    null,
    now,
  )
  await append(
    t,
    missed.map((a) => factOf(assignmentMissed, a, now, {})),
  )
  await changeTouches(
    t,
    missed.flatMap((a) =>
      a.touch_key
        ? [{ key: readKey(a.touch_key), state: "expired" as const, reason: "not_done_by_hand" }]
        : [],
    ),
    now,
    { from: ["sent_to_staff"] },
  )
  return missed.length
}

/** What still waits, what is late or was missed, what was done. */
export type DayPart = "waiting" | "late" | "done"

const dayPart = (now: string) =>
  `case when state = 'done' then 'done' when state = 'missed' or due_at < ${now} then 'late' else 'waiting' end`

/** One person's (or, with null, everybody's) assignments of a span of time, by time; what is missed and open comes along. */
export function assignmentsOf(
  q: Queryable,
  filter: {
    staff_ids: readonly string[] | null
    from: Date
    until: Date
    /** Only those of one part of the day, as it stands at a moment. */
    part?: { name: DayPart; now: Date } | null
    after?: { due_at: Date; id: string } | null
    limit?: number
  },
): Promise<Assignment[]> {
  return rows<Assignment>(
    q,
    `select * from outbox_assignments
     where ($1::uuid[] is null or assignee_staff_id = any($1))
       and (state in ('open', 'missed') and due_at < $3 or state = 'done' and closed_at >= $2 and closed_at < $3)
       and ($4::timestamptz is null or (due_at, id) > ($4, $5::uuid)) and ($7::text is null or ${dayPart("$8::timestamptz")} = $7)
     order by due_at, id limit $6`,
    [
      filter.staff_ids,
      filter.from,
      filter.until,
      filter.after?.due_at ?? null,
      filter.after?.id ?? null,
      Math.min(filter.limit ?? ASSIGNMENT_PAGE, ASSIGNMENT_PAGE) + 1,
      filter.part?.name ?? null,
      filter.part?.now ?? null,
    ],
  )
}

/** How many of a day wait, are late and are done, at a moment. */
export async function countAssignments(
  q: Queryable,
  filter: { staff_ids: readonly string[] | null; from: Date; until: Date; now: Date },
): Promise<Record<DayPart, number>> {
  const found = await rows<{ part: DayPart; n: number }>(
    q,
    `select ${dayPart("$4::timestamptz")} as part, count(*) as n from outbox_assignments
     where ($1::uuid[] is null or assignee_staff_id = any($1))
       and (state in ('open', 'missed') and due_at < $3 or state = 'done' and closed_at >= $2 and closed_at < $3)
     group by 1`,
    [filter.staff_ids, filter.from, filter.until, filter.now],
  )
  const of = new Map(found.map((f) => [f.part, f.n]))
  return { waiting: of.get("waiting") ?? 0, late: of.get("late") ?? 0, done: of.get("done") ?? 0 }
}

export function assignmentById(q: Queryable, id: string): Promise<Assignment | undefined> {
  return maybeRow(q, "select * from outbox_assignments where id = $1", [id])
}

/** What is open or was missed about one customer with these people (null: with anybody), the first due first. */
export function openAboutCustomer(
  q: Queryable,
  customer_id: string,
  staff_ids: readonly string[] | null,
  limit: number,
): Promise<Assignment[]> {
  return rows(
    q,
    `select * from outbox_assignments where customer_id = $1 and state in ('open', 'missed')
       and ($2::uuid[] is null or assignee_staff_id = any($2)) order by due_at, id limit $3`,
    [customer_id, staff_ids, limit],
  )
}

/** The words with which assignments were closed: what was done, or why it was not. */
export async function reasonsGiven(q: Queryable, ids: readonly string[]): Promise<Map<string, string>> {
  const found = await rows<{ id: string; evidence_given: string }>(
    q,
    "select id, evidence_given from outbox_assignments where id = any($1::uuid[]) and evidence_given is not null",
    [ids],
  )
  return new Map(found.map((a) => [a.id, a.evidence_given]))
}

/** What those of them are called that there are. */
export async function assignmentTitles(
  q: Queryable,
  ids: readonly string[],
): Promise<Map<string, { name: string }>> {
  const found = await rows<{ id: string; title: string }>(
    q,
    "select id, title from outbox_assignments where id = any($1::uuid[])",
    [ids],
  )
  return new Map(found.map(({ id, title }) => [id, { name: title }]))
}

/** What is open about customers passes from one member of staff to another along with them. Gives how many. */
export async function giveAssignments(
  t: Tx,
  given: readonly { customer_id: string; from: string | null; staff_id: string }[],
): Promise<number> {
  if (given.length === 0) return 0
  return run(
    t,
    `update outbox_assignments a set assignee_staff_id = g.staff_id
     from unnest($1::uuid[], $2::uuid[], $3::uuid[]) g (customer_id, from_id, staff_id)
     where a.customer_id = g.customer_id and a.state in ('open', 'missed') and a.assignee_staff_id is not distinct from g.from_id`,
    [given.map((g) => g.customer_id), given.map((g) => g.from), given.map((g) => g.staff_id)],
  )
}

/** Everything that is open with one member of staff passes to another. Gives how many. */
export function passAssignments(t: Tx, from: string, to: string): Promise<number> {
  return run(
    t,
    "update outbox_assignments set assignee_staff_id = $2 where assignee_staff_id = $1 and state in ('open', 'missed')",
    [from, to],
  )
}

/** Open assignments by who is to do them; those of nobody stand under null. */
export function openCounts(q: Queryable): Promise<{ assignee_staff_id: string | null; n: number }[]> {
  return rows(
    q,
    "select assignee_staff_id, count(*)::int as n from outbox_assignments where state = 'open' group by assignee_staff_id",
  )
}
