import { dayNumber } from "../../../kernel/day.ts"
import type { Clock } from "../../../platform/clock.ts"
import { type Db, run, type Tx, tx } from "../../../platform/db.ts"
import type { FactHandler } from "../../../spine/facts/index.ts"
import { publishFrom } from "../../../spine/traits/index.ts"
import { orderCancelled, orderExtended, orderPaid, orderRefunded } from "../events.ts"
import { RFM_DAYS_KEPT, RFM_REFRESH_REST_MS, RFM_RESCORE_BATCH } from "../limits.ts"
import {
  customersAfter,
  customersWithOrders,
  cutsAge,
  keepCuts,
  SCORES_SQL,
  type Thresholds,
  TRAITS,
  TRAITS_SQL,
} from "../store-traits.ts"
import { computeRfm } from "./index.ts"
import { type RfmCuts, UNIT, UNIT_FEN } from "./rules.ts"
import { keepDay, lastKeptDay } from "./store-days.ts"

/** The rule by which profiles and segments score; the command line computes any. */
export const RULE = "value"
/** Cut points are found again before the night when so much of the company is new to them. */
const GROWN = 1.1

/** Cut points as thresholds that are counted while not above the value, both times five. */
export function thresholdsOf(rule: "value" | "r", cuts: RfmCuts): Thresholds {
  const raised = (list: readonly number[], by: number) => list.map((cut) => cut + by)
  return rule === "value"
    ? {
        recency: raised(cuts.recency, 1),
        frequency: raised(cuts.frequency, 1),
        monetary: raised(cuts.monetary, 1),
      }
    : {
        recency: raised(cuts.recency, 5 * UNIT),
        frequency: raised(cuts.frequency, 5 * UNIT),
        monetary: raised(cuts.monetary, 5 * UNIT_FEN),
      }
}

/** Publishes what orders tell of these customers, scored by the kept cut points. */
export async function publishOrders(t: Tx, customers: readonly string[], now: Date): Promise<void> {
  await publishFrom(t, { traits: TRAITS, sql: TRAITS_SQL, params: [dayNumber(now), customers, RULE] }, now)
}

/** Scores of these customers by the kept cut points: one indexed statement, whatever the size of the company. */
export async function scoreCustomers(
  t: Tx,
  customers: readonly string[],
  day: number,
  into: string,
): Promise<number> {
  return run(
    t,
    `insert into ${into} (customer_id, r, f, m) ${SCORES_SQL}
     on conflict (customer_id) do update set r = excluded.r, f = excluded.f, m = excluded.m`,
    [day, customers, RULE],
  )
}

/** Finds the cut points of all customers as of a day, keeps them, and publishes everybody anew. Gives how many there are. */
export async function rescoreAll(db: Db, now: Date): Promise<number> {
  const day = dayNumber(now)
  const { base, scores } = await computeRfm(db, day, RULE)
  if (!scores.cuts) return 0
  const cuts = thresholdsOf(RULE, scores.cuts)
  await tx(db, (t) => keepCuts(t, RULE, day, cuts, scores.sums))
  let after = "00000000-0000-0000-0000-000000000000"
  for (;;) {
    const customers = await customersAfter(db, after, RFM_RESCORE_BATCH)
    const last = customers.at(-1)
    if (last === undefined) {
      await tx(db, (t) => keepDay(t, day, RULE, now, RFM_DAYS_KEPT))
      return base.count
    }
    await tx(db, (t) => publishOrders(t, customers, now))
    after = last
  }
}

/**
 * Rescores when a new day has begun, when many customers are new, or when a night was cut short: only a day that is kept was
 * published to its end. Gives whether it did.
 */
export async function rescoreWhenDue(db: Db, now: Date): Promise<boolean> {
  const kept = await cutsAge(db, RULE)
  const customers = await customersWithOrders(db)
  if (customers === 0) return false
  const done = await lastKeptDay(db)
  if (kept && done !== null && done >= dayNumber(now) && customers < kept.customers * GROWN) return false
  return (await rescoreAll(db, now)) > 0
}

export const handlers: FactHandler[] = [
  {
    name: "orders.traits",
    types: [orderPaid.type, orderExtended.type, orderRefunded.type, orderCancelled.type],
    origins: "all",
    from: "start",
    handle: (t, facts, now) => publishOrders(t, [...new Set(facts.map((f) => f.subject))].sort(), now),
  },
]

export function loops({ db, clock }: { db: Db; clock: Clock }) {
  return [
    {
      name: "orders.rfm",
      rest_ms: RFM_REFRESH_REST_MS,
      round: async () => {
        await rescoreWhenDue(db, clock.now())
        return 0
      },
    },
  ]
}
