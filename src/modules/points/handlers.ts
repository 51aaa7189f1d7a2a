import { dayNumber } from "../../kernel/day.ts"
import { isRefused } from "../../kernel/result.ts"
import type { Tx } from "../../platform/db.ts"
import type { Fact, FactHandler } from "../../spine/facts/index.ts"
import { publish } from "../../spine/traits/index.ts"
import { orderCancelled, orderExtended, orderPaid, orderRefunded } from "../orders/events.ts"
import type { PointsAsk } from "./asks.ts"
import { movePoints } from "./commands.ts"
import {
  pointsEarned,
  pointsExpired,
  pointsHeld,
  pointsReleased,
  pointsReversed,
  pointsSpent,
} from "./events.ts"
import { EXPIRING_DAYS } from "./limits.ts"
import { orderEffect } from "./rules.ts"
import { readSettings } from "./settings.ts"
import { leftOf } from "./store.ts"
import { type EarningRow, type MoneyRow, ordersOf, saveEarnings, saveMoney } from "./store-orders.ts"

/** The rule under which purchases earn; limits are set by this name. */
export const ORDER_RULE = "order_paid"

type Movement = { fact: Fact; customer_id: string; order_id: string; fen: number }

/** Money that came in is positive, money that went back negative; null where no known order is named. */
function movementOf(fact: Fact): Movement | null {
  const of = (order_id: string | null, fen: number) =>
    order_id === null || fen === 0 ? null : { fact, customer_id: fact.subject, order_id, fen }
  if (orderPaid.is(fact)) return of(fact.payload.order_id, fact.payload.paid_fen)
  if (orderExtended.is(fact)) return of(fact.payload.order_id, fact.payload.added_fen)
  if (orderRefunded.is(fact)) return of(fact.payload.order_id, -fact.payload.refund_fen)
  if (orderCancelled.is(fact)) return of(fact.payload.order_id, -fact.payload.refund_fen)
  return null
}

/**
 * Purchases earn points, refunds take them back. Only what is live: nobody is paid for the past. A fact that is read twice
 * counts once: its money is kept by its number.
 */
export async function takeOrders(t: Tx, facts: readonly Fact[]): Promise<void> {
  let rest = facts.map(movementOf).filter((m) => m !== null)
  while (rest.length > 0) {
    // One movement of each order at a time, so that a refund finds what the payment before it earned.
    const wave = new Map<string, Movement>()
    const later: Movement[] = []
    for (const m of rest) {
      if (wave.has(m.order_id)) later.push(m)
      else wave.set(m.order_id, m)
    }
    await takeWave(t, [...wave.values()])
    rest = later
  }
}

type Planned = { ask: PointsAsk; earning?: EarningRow; take?: number; movement: Movement }

async function takeWave(t: Tx, wave: Movement[]): Promise<void> {
  const settings = await readSettings(t)
  const known = await ordersOf(
    t,
    [...new Set(wave.map((m) => m.customer_id))],
    wave.map((m) => m.order_id),
  )
  const money = groupBy(known.money, (m) => m.order_id)
  const earned = groupBy(known.earnings, (e) => e.order_id)
  const fresh = wave.filter((m) => !(money.get(m.order_id) ?? []).some((row) => row.fact === m.fact.id))
  const planned: Planned[] = []
  const rows: MoneyRow[] = []
  for (const m of fresh) {
    const before = money.get(m.order_id) ?? []
    const earnings = earned.get(m.order_id) ?? []
    const points_per_yuan = before[0]?.points_per_yuan ?? settings.points_per_yuan
    const { customer_id, order_id, fen } = m
    rows.push({ customer_id, order_id, fact: m.fact.id, fen, points_per_yuan })
    const net_fen = before.reduce((sum, row) => sum + row.fen, 0)
    const kept = earnings.reduce((sum, e) => sum + e.points - e.reversed, 0)
    const effect = orderEffect({ net_fen, earned: kept, points_per_yuan }, fen)
    const common = { customer_id, source: `order:${order_id}`, at: m.fact.occurred_at }
    if (effect > 0) {
      const key = `points:order:${order_id}:${m.fact.id}`
      const { valid_days } = settings
      planned.push({
        movement: m,
        ask: { do: "give", ...common, key, rule: ORDER_RULE, points: effect, valid_days },
      })
    }
    let back = -effect
    for (const earning of [...earnings].reverse()) {
      const take = Math.min(back, earning.points - earning.reversed)
      if (take <= 0) continue
      back -= take
      const key = `points:order:${order_id}:${m.fact.id}:${earning.posting}`
      const ask: PointsAsk = {
        do: "take_back",
        ...common,
        key,
        rule: "order_refunded",
        target: earning.posting,
        points: take,
      }
      planned.push({ movement: m, ask, earning, take })
    }
  }
  await saveMoney(t, rows)
  const answers = await movePoints(
    t,
    planned.map((p) => p.ask),
  )
  await saveEarnings(
    t,
    planned.flatMap(({ movement, earning, take }, i): EarningRow[] => {
      const answer = answers[i]!
      if (earning) return isRefused(answer) ? [] : [{ ...earning, reversed: earning.reversed + take! }]
      // A cap or a spent budget is an answer too: the order simply earned nothing.
      if (isRefused(answer)) return []
      const { customer_id, order_id } = movement
      return [{ customer_id, order_id, posting: answer.posting, points: answer.points, reversed: 0 }]
    }),
  )
}

/** Publishes what segments and profiles ask about points. */
export async function publishPoints(t: Tx, customers: string[], now: Date): Promise<void> {
  const left = await leftOf(t, customers, dayNumber(now), EXPIRING_DAYS)
  await publish(
    t,
    {
      "points.balance": left.map((r) => ({ customer_id: r.customer_id, value: r.balance })),
      "points.expiring_in_7_days": left.map((r) => ({ customer_id: r.customer_id, value: r.expiring })),
    },
    now,
  )
}

export const handlers: FactHandler[] = [
  {
    name: "points.orders",
    types: [orderPaid.type, orderExtended.type, orderRefunded.type, orderCancelled.type],
    origins: "live",
    from: "now",
    handle: (t, facts) => takeOrders(t, facts),
  },
  {
    name: "points.traits",
    types: [pointsEarned, pointsSpent, pointsExpired, pointsReversed, pointsHeld, pointsReleased].map(
      (f) => f.type,
    ),
    origins: "all",
    from: "start",
    handle: (t, facts, now) => publishPoints(t, [...new Set(facts.map((f) => f.subject))].sort(), now),
  },
]

function groupBy<T>(list: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of list) {
    const group = groups.get(key(item))
    if (group) group.push(item)
    else groups.set(key(item), [item])
  }
  return groups
}
