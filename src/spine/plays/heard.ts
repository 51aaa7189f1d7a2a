import { rows, type Tx } from "../../platform/db.ts"
import { toldOf } from "../facts/index.ts"

type Listener = { id: string; customer_id: string; since: Date; due_at?: Date }

/** Whose fact of this type (with these values) happened since their moment: enrolment ids. Only what happens live counts. */
export async function factsSince(
  t: Tx,
  type: string,
  where: Record<string, unknown>,
  listeners: readonly Listener[],
): Promise<string[]> {
  const heard = await firstFactsSince(
    t,
    type,
    where,
    listeners.map(({ due_at: _, ...l }) => l),
  )
  return [...heard.keys()]
}

/** When the first such fact of each happened, within the time they listen; enrolment id → moment. */
export async function firstFactsSince(
  t: Tx,
  type: string,
  where: Record<string, unknown>,
  listeners: readonly Listener[],
): Promise<Map<string, Date>> {
  if (listeners.length === 0) return new Map()
  const found = await rows<{ id: string; at: Date }>(
    t,
    `with listening as (
       select * from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamptz[]) l (id, customer_id, since, until))
     select l.id, min(f.occurred_at) as at
     from ${toldOf("listening")} l join facts f on f.subject = l.subject and f.occurred_at > l.since and (l.until is null or f.occurred_at <= l.until)
     where f.type = $5 and f.origin = 'l' and ($6::jsonb = '{}' or not exists (
       select from jsonb_each($6::jsonb) w where coalesce(f.payload->w.key, 'null') <> w.value))
     group by l.id`,
    [
      listeners.map((l) => l.id),
      listeners.map((l) => l.customer_id),
      listeners.map((l) => l.since.toISOString()),
      listeners.map((l) => l.due_at?.toISOString() ?? null),
      type,
      JSON.stringify(where),
    ],
  )
  return new Map(found.map((r) => [r.id, r.at]))
}
