import { run, type Tx } from "../../platform/db.ts"
import { append, type NewFact } from "../facts/index.ts"
import { playEnded, stepMissed } from "./events.ts"
import type { Active } from "./store.ts"
import type { Place } from "./timing.ts"

export type Enrolment = {
  customer_id: string
  play_id: string
  entry: number
  id: string
  version: number
  entered_by: string
  anchor_at: Date
  entered_at: Date
  node: string
  step: number
  due_at: Date
  since: Date | null
  state: "active" | "done" | "stopped" | "failed"
  reason: string | null
  ended_at: Date | null
  attempts: number
}

/** Where somebody goes and what the step came to. `heard`: waits for facts that were answered before anybody listened. */
export type Moved = {
  from: Enrolment
  place: Place | { ended: "failed"; reason: string }
  outcome: string
  detail?: Record<string, unknown>
  heard?: { node: string; at: Date }[]
}

/** Writes moves: the rows, what each step did, and what the world should know. */
export async function write(
  t: Tx,
  version: Pick<Active, "play_id">,
  moved: readonly Moved[],
  now: Date,
): Promise<void> {
  if (moved.length === 0) return
  await run(
    t,
    `update plays_enrolments e set node = coalesce(m.node, e.node), due_at = coalesce(m.due_at, e.due_at), since = m.since,
       state = m.state, reason = m.reason, ended_at = case when m.state = 'active' then null else $9::timestamptz end,
       step = e.step + m.steps, attempts = 0, retry_at = null
     from unnest($1::uuid[], $2::int[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::text[], $7::text[], $10::int[])
       m (customer_id, entry, node, due_at, since, state, reason, steps)
     where e.customer_id = m.customer_id and e.play_id = $8 and e.entry = m.entry`,
    [
      moved.map((m) => m.from.customer_id),
      moved.map((m) => m.from.entry),
      moved.map((m) => ("ended" in m.place ? null : m.place.node)),
      moved.map((m) => ("ended" in m.place ? null : m.place.due_at.toISOString())),
      moved.map((m) => ("ended" in m.place ? null : (m.place.since?.toISOString() ?? null))),
      moved.map((m) => ("ended" in m.place ? m.place.ended : "active")),
      moved.map((m) => ("ended" in m.place ? m.place.reason : null)),
      version.play_id,
      now,
      moved.map((m) => 1 + (m.heard?.length ?? 0)),
    ],
  )
  await writeSteps(t, moved, now)
  await append(
    t,
    moved.flatMap((m) => factsOf(m, now)),
  )
}

async function writeSteps(t: Tx, moved: readonly Moved[], now: Date): Promise<void> {
  const steps = moved.flatMap((m) => [
    {
      m,
      step: m.from.step,
      node: m.from.node,
      due_at: m.from.due_at,
      outcome: m.outcome,
      detail: m.detail ?? null,
    },
    ...(m.heard ?? []).map((h, i) => ({
      m,
      step: m.from.step + 1 + i,
      node: h.node,
      due_at: h.at,
      outcome: "heard",
      detail: { at: h.at.toISOString() } as Record<string, unknown>,
    })),
  ])
  await run(
    t,
    `insert into plays_steps (customer_id, enrolment_id, step, play_id, node, due_at, at, outcome, detail, version)
     select s.customer_id, s.enrolment_id, s.step, s.play_id, s.node, s.due_at, $9, s.outcome, s.detail, s.version
     from unnest($1::uuid[], $2::uuid[], $3::int[], $4::uuid[], $5::text[], $6::timestamptz[], $7::text[], $8::jsonb[], $10::int[])
       s (customer_id, enrolment_id, step, play_id, node, due_at, outcome, detail, version)`,
    [
      steps.map((s) => s.m.from.customer_id),
      steps.map((s) => s.m.from.id),
      steps.map((s) => s.step),
      steps.map((s) => s.m.from.play_id),
      steps.map((s) => s.node),
      steps.map((s) => s.due_at.toISOString()),
      steps.map((s) => s.outcome),
      steps.map((s) => (s.detail ? JSON.stringify(s.detail) : null)),
      now,
      steps.map((s) => s.m.from.version),
    ],
  )
}

function factsOf(m: Moved, now: Date): NewFact[] {
  const { id, play_id, version, entry } = m.from
  const where = { play_id, version, enrolment_id: id, entry }
  const fact = { subject: m.from.customer_id, occurred_at: now }
  const facts: NewFact[] = []
  if (m.outcome === "missed")
    facts.push(
      stepMissed.of({
        ...fact,
        payload: { ...where, node: m.from.node, due_at: m.from.due_at.toISOString() },
      }),
    )
  if ("ended" in m.place)
    facts.push(playEnded.of({ ...fact, payload: { ...where, state: m.place.ended, reason: m.place.reason } }))
  return facts
}
