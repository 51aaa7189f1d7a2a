import { z } from "zod"
import { DAY_MS } from "../../kernel/day.ts"
import { type Queryable, rows, run, type Tx } from "../../platform/db.ts"
import type { Fact, FactHandler } from "../facts/index.ts"
import { TOUCHPOINTS_MAX, WINDOW_DAYS } from "./limits.ts"
import { credits, type Touchpoint } from "./rules.ts"

/** How the facts of money are called here, and which facts say that something reached a person. Lent by the app. */
export type OutcomeWords = {
  paid: string
  extended: string
  refunded: string
  cancelled: string
  /** Two customers became one: contacts of either may have earned orders of the other. */
  merged: string
  /** Two are two again: each earns by their own contacts. */
  parted: string
  /** Fact type → the cause that gets credit, of a play an enrolment and its step; null where this one has none. */
  touchpoints: Record<
    string,
    (payload: Record<string, unknown>) => { kind: string; id: string; step?: number } | null
  >
  /**
   * A play reaches people by their enrolments; the credit is the play's, and that part's of it which did. Gives both, by
   * `enrolment/step`, of each enrolment that is known.
   */
  plays(q: Queryable, taken: readonly StepTaken[]): Promise<Map<string, { id: string; part: string | null }>>
}
export type StepTaken = { customer_id: string; enrolment_id: string; step: number }

const paid = z.object({
  order_id: z.string(),
  paid_fen: z.number().int(),
  source_code: z.string().optional(),
})
const extended = z.object({ order_id: z.string(), added_fen: z.number().int() })
const refunded = z.object({ order_id: z.string().nullable(), refund_fen: z.number().int() })

/** Follows orders and contacts; whichever comes first, an order's credit is the same in the end. */
export function outcomesHandler(words: OutcomeWords): FactHandler {
  const reached = Object.keys(words.touchpoints)
  const whole = new Set([words.merged, words.parted])
  return {
    name: "outcomes",
    types: [
      words.paid,
      words.extended,
      words.refunded,
      words.cancelled,
      words.merged,
      words.parted,
      ...reached,
    ],
    origins: "all",
    async handle(t, facts) {
      await takeOrders(t, words, facts)
      const merged = facts.filter((f) => whole.has(f.type))
      const others = facts.filter((f) => !whole.has(f.type))
      if (others.length > 0) await recompute(t, words, subjects(others), earliest(others))
      if (merged.length > 0) await recompute(t, words, subjects(merged), new Date(0))
    },
  }
}

const subjects = (facts: readonly Fact[]) => [...new Set(facts.map((f) => f.subject))]

function earliest(facts: readonly Fact[]): Date {
  return new Date(Math.min(...facts.map((f) => f.occurred_at.getTime())))
}

type Change = {
  key: string
  customer_id: string
  order_id: string
  paid_at: Date
  paid: number
  refunded: number
  code: string | null
}

function changesOf(words: OutcomeWords, facts: readonly Fact[]): Change[] {
  return facts.flatMap((f): Change[] => {
    const base = {
      key: `${f.tx}/${f.id}`,
      customer_id: f.subject,
      paid_at: f.occurred_at,
      paid: 0,
      refunded: 0,
      code: null,
    }
    if (f.type === words.paid) {
      const p = paid.parse(f.payload)
      return [
        {
          ...base,
          key: `paid:${p.order_id}`,
          order_id: p.order_id,
          paid: p.paid_fen,
          code: p.source_code ?? null,
        },
      ]
    }
    if (f.type === words.extended) {
      const p = extended.parse(f.payload)
      return [{ ...base, order_id: p.order_id, paid: p.added_fen }]
    }
    if (f.type === words.refunded || f.type === words.cancelled) {
      const p = refunded.parse(f.payload)
      return p.order_id === null ? [] : [{ ...base, order_id: p.order_id, refunded: p.refund_fen }]
    }
    return []
  })
}

/** Each fact of money counts once, also when a handler reads it again. */
async function takeOrders(t: Tx, words: OutcomeWords, facts: readonly Fact[]): Promise<void> {
  const changes = changesOf(words, facts)
  if (changes.length === 0) return
  const fresh = await rows<{ key: string; customer_id: string }>(
    t,
    `insert into outcomes_seen (customer_id, key) select * from unnest($1::uuid[], $2::text[]) on conflict do nothing
     returning customer_id, key`,
    [changes.map((c) => c.customer_id), changes.map((c) => c.key)],
  )
  const isNew = new Set(fresh.map((r) => `${r.customer_id} ${r.key}`))
  const news = changes.filter((c) => isNew.delete(`${c.customer_id} ${c.key}`))
  await run(
    t,
    `insert into outcomes_orders as o (customer_id, order_id, paid_at, paid_fen, refunded_fen, source_code)
     select customer_id, order_id, min(paid_at), sum(paid), sum(refunded), min(code)
     from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::bigint[], $5::bigint[], $6::text[])
       c (customer_id, order_id, paid_at, paid, refunded, code) group by 1, 2
     on conflict (customer_id, order_id) do update set paid_fen = o.paid_fen + excluded.paid_fen,
       refunded_fen = o.refunded_fen + excluded.refunded_fen, paid_at = least(o.paid_at, excluded.paid_at),
       source_code = coalesce(o.source_code, excluded.source_code)`,
    [
      news.map((c) => c.customer_id),
      news.map((c) => c.order_id),
      news.map((c) => c.paid_at.toISOString()),
      news.map((c) => c.paid),
      news.map((c) => c.refunded),
      news.map((c) => c.code),
    ],
  )
}

type Order = {
  customer_id: string
  order_id: string
  paid_at: Date
  paid_fen: number
  refunded_fen: number
  source_code: string | null
}

/** Credit of these people's orders that may have changed, computed anew as a whole. */
async function recompute(
  t: Tx,
  words: OutcomeWords,
  customers: readonly string[],
  since: Date,
): Promise<void> {
  const orders = await rows<Order>(
    t,
    `select o.* from outcomes_orders o where customer_id = any($1::uuid[])
       and (paid_at >= $2 or exists (select from outcomes_credits c where (c.customer_id, c.order_id) = (o.customer_id, o.order_id)))
     order by customer_id, order_id for update`,
    [customers, since],
  )
  if (orders.length === 0) return
  const touchpoints = await touchpointsOf(t, words, orders)
  const all = orders.flatMap((o) =>
    credits(o, withCode(o, touchpoints.get(o.order_id) ?? [])).map((c) => ({ ...c, o })),
  )
  await run(
    t,
    `delete from outcomes_credits c using unnest($1::uuid[], $2::uuid[]) k (customer_id, order_id)
     where (c.customer_id, c.order_id) = (k.customer_id, k.order_id)`,
    [orders.map((o) => o.customer_id), orders.map((o) => o.order_id)],
  )
  await run(
    t,
    `insert into outcomes_credits (customer_id, order_id, model, cause_kind, cause_id, paid_at, touched_at, fen, net_fen, cause_part)
     select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::bigint[], $9::bigint[],
       $10::text[])`,
    [
      all.map((c) => c.o.customer_id),
      all.map((c) => c.o.order_id),
      all.map((c) => c.model),
      all.map((c) => c.cause_kind),
      all.map((c) => c.cause_id),
      all.map((c) => c.o.paid_at.toISOString()),
      all.map((c) => c.touched_at.toISOString()),
      all.map((c) => c.fen),
      all.map((c) => c.net_fen),
      all.map((c) => c.cause_part),
    ],
  )
}

/** The code an order names itself is its last contact, at the moment of paying. */
function withCode(o: Order, touchpoints: Touchpoint[]): Touchpoint[] {
  return o.source_code === null
    ? touchpoints
    : [...touchpoints, { cause_kind: "code", cause_id: o.source_code, cause_part: null, at: o.paid_at }]
}

async function touchpointsOf(
  t: Tx,
  words: OutcomeWords,
  orders: readonly Order[],
): Promise<Map<string, Touchpoint[]>> {
  const found = await rows<{
    customer_id: string
    order_id: string
    type: string
    at: Date
    payload: Record<string, unknown>
  }>(
    t,
    `select o.customer_id, o.order_id, f.type, f.occurred_at as at, f.payload
     from unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) o (customer_id, order_id, paid_at)
     cross join lateral (
       select type, occurred_at, payload from facts
       where subject in (select o.customer_id union all select from_id from facts_merged where into_id = o.customer_id) and type = any($4) and occurred_at <= o.paid_at
         and occurred_at > o.paid_at - $5 * interval '1 ms'
       order by occurred_at desc, id desc limit $6) f`,
    [
      orders.map((o) => o.customer_id),
      orders.map((o) => o.order_id),
      orders.map((o) => o.paid_at.toISOString()),
      Object.keys(words.touchpoints),
      WINDOW_DAYS * DAY_MS,
      TOUCHPOINTS_MAX,
    ],
  )
  const caused = found.flatMap((row) => {
    const cause = words.touchpoints[row.type]?.(row.payload)
    return cause ? [{ row, cause }] : []
  })
  const plays = await words.plays(
    t,
    caused.flatMap(({ row, cause }) =>
      cause.kind === "play"
        ? [{ customer_id: row.customer_id, enrolment_id: cause.id, step: cause.step ?? 0 }]
        : [],
    ),
  )
  const byOrder = new Map<string, Touchpoint[]>()
  for (const { row, cause } of caused) {
    const whole =
      cause.kind === "play" ? plays.get(`${cause.id}/${cause.step ?? 0}`) : { id: cause.id, part: null }
    if (!whole) continue
    const list = byOrder.get(row.order_id)
    const one = { cause_kind: cause.kind, cause_id: whole.id, cause_part: whole.part, at: row.at }
    if (list) list.push(one)
    else byOrder.set(row.order_id, [one])
  }
  return byOrder
}
