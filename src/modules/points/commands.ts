import { dayNumber, dayString } from "../../kernel/day.ts"
import { newId } from "../../kernel/ids.ts"
import { invariant } from "../../kernel/invariant.ts"
import { isRefused, type Refusal } from "../../kernel/result.ts"
import type { Tx } from "../../platform/db.ts"
import { type Answer, type Ask, type Posted, postAll } from "../../spine/ledger/index.ts"
import { ledgerAsk, limitsOf, type PointsAsk } from "./asks.ts"
import { POINTS } from "./book.ts"
import { Desk } from "./desk.ts"
import { pointsExpired } from "./events.ts"
import { POINTS_MAX } from "./limits.ts"
import { monthOf } from "./rules.ts"
import { type PointsSettings, readSettings } from "./settings.ts"

export type Moved = {
  posting: string
  /** Points that moved. */
  points: number
  /** How many of them paid back what was owed. */
  repaid: number
  /** How many were no longer there and are owed from now on. */
  owed: number
}
export type PointsAnswer = Moved | Refusal

/**
 * Moves points for many customers in the caller's transaction: lock the customers, load lots and counters, let the rules decide
 * each ask in turn, post to the ledger, write lots. Points whose days are over expire first, so nobody spends them.
 */
export async function movePoints(t: Tx, asks: readonly PointsAsk[]): Promise<PointsAnswer[]> {
  if (asks.length === 0) return []
  for (const ask of asks)
    if ("points" in ask && ask.points !== undefined)
      invariant(
        Number.isInteger(ask.points) && ask.points > 0 && ask.points <= POINTS_MAX,
        `points ${ask.points}`,
      )
  const settings = await readSettings(t)
  const desk = await Desk.open(t, {
    customers: [...new Set(asks.map((a) => a.customer_id))],
    targets: [...new Set(asks.flatMap((a) => ("target" in a ? [a.target] : [])))],
    days: [
      ...new Set(asks.flatMap((a) => (a.do === "give" && limitsOf(settings, a) ? [dayNumber(a.at)] : []))),
    ],
    months: monthsOf(settings, asks),
  })
  const overdue = expiries(desk, asks)
  const answers = await postAll(t, [...overdue, ...asks.map((ask) => ledgerAsk(desk, settings, ask))])
  await desk.save(t)
  return answers.slice(overdue.length).map(answerOf)
}

/** Expires what is over for these customers on the day of `at`; gives how many points went. */
export async function expirePoints(t: Tx, customers: readonly string[], at: Date): Promise<number> {
  if (customers.length === 0) return 0
  const desk = await Desk.open(t, { customers: [...customers], targets: [], days: [], months: [] })
  const answers = await postAll(
    t,
    expiries(
      desk,
      customers.map((customer_id) => ({ customer_id, at })),
    ),
  )
  await desk.save(t)
  return answers.reduce((sum, a) => sum + (isRefused(a) ? 0 : positive(a)), 0)
}

function monthsOf(settings: PointsSettings, asks: readonly PointsAsk[]) {
  const months = new Map<string, { rule: string; month: string }>()
  for (const ask of asks) {
    if (ask.do !== "give" || limitsOf(settings, ask)?.monthly_budget === undefined) continue
    const month = monthOf(dayString(dayNumber(ask.at)))
    months.set(`${ask.rule}|${month}`, { rule: ask.rule, month })
  }
  return [...months.values()]
}

/** One posting a customer who has points that are over, before anything else is decided for them. */
function expiries(desk: Desk, asks: readonly { customer_id: string; at: Date }[]): Ask[] {
  const latest = new Map<string, Date>()
  for (const { customer_id, at } of asks)
    if (!latest.has(customer_id) || latest.get(customer_id)! < at) latest.set(customer_id, at)
  return [...latest].flatMap(([customer_id, at]): Ask[] => {
    const day = dayNumber(at)
    const over = [...desk.lots(customer_id)].filter(
      (l) => l.left > 0 && l.expires_day !== null && l.expires_day <= day,
    )
    const points = over.reduce((sum, l) => sum + l.left, 0)
    if (points === 0) return []
    return [
      {
        op: "post",
        book: POINTS,
        key: `points-expired:${newId()}`,
        reason: "expired",
        source: `day:${dayString(day)}`,
        at,
        lines: [
          { kind: "customer", owner: customer_id, amount: -points },
          { kind: "expired", owner: null, amount: points },
        ],
        facts: ({ posting }) => {
          desk.take(
            customer_id,
            posting,
            over.map((l) => ({ lot: l.lot, points: l.left })),
          )
          return [pointsExpired.of({ subject: customer_id, occurred_at: at, payload: { posting, points } })]
        },
      },
    ]
  })
}

function positive(done: Posted): number {
  return done.lines.reduce((sum, l) => sum + Math.max(0, l.amount), 0)
}

function answerOf(answer: Answer): PointsAnswer {
  if (isRefused(answer)) return answer
  const debt = answer.lines.find((l) => l.kind === "owed")?.amount ?? 0
  return {
    posting: answer.posting,
    points: Math.max(0, answer.lines.find((l) => l.kind === "spent")?.amount ?? 0) || positive(answer),
    repaid: Math.max(0, debt),
    owed: Math.max(0, -debt),
  }
}
