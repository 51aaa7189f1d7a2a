import { dayNumber, dayString } from "../../kernel/day.ts"
import { isRefused } from "../../kernel/result.ts"
import type { Ask, Posted } from "../../spine/ledger/index.ts"
import { POINTS } from "./book.ts"
import type { Desk } from "./desk.ts"
import { pointsEarned, pointsHeld, pointsReleased, pointsReversed, pointsSpent } from "./events.ts"
import { expiryDay, monthOf, planGrant, planSpend, planTakeBack, type Take } from "./rules.ts"
import type { PointsSettings } from "./settings.ts"

type Common = {
  /** Once given, kept over every retry. */
  key: string
  customer_id: string
  /** The earning rule or the purpose: `order_paid`, `mall`, `operator`. Limits are set by it. */
  rule: string
  /** What caused it: `order:…`, `play:…`, `staff:…`. */
  source: string
  /** Shop time. */
  at: Date
}
export type Give = Common & {
  do: "give"
  points: number
  /** Days they are valid, this one counted; null for ever. */
  valid_days: number | null
  from?: "issue" | "adjustments"
}
export type Spend = Common & { do: "spend"; points: number; to?: "spent" | "adjustments" }
/** Takes an earning back, or gives a spending back; whole or in part. */
export type TakeBack = Common & { do: "take_back"; target: string; points?: number }
export type Hold = Common & { do: "hold"; points: number; expires_at: Date }
export type Settle = Common & { do: "settle"; target: string; points?: number }
export type Release = Common & { do: "release"; target: string; expired?: boolean }
export type PointsAsk = Give | Spend | TakeBack | Hold | Settle | Release

/** The limits of the rule by which points are given. */
export function limitsOf(settings: PointsSettings, ask: Give) {
  return settings.rules[ask.rule]
}

/** The posting that an ask means, with what it does to lots once it is posted. */
export function ledgerAsk(desk: Desk, settings: PointsSettings, ask: PointsAsk): Ask {
  const { key, customer_id, rule, source, at } = ask
  const common = { key, reason: rule, source, at }
  const fact = { subject: customer_id, occurred_at: at }
  const customer = { kind: "customer", owner: customer_id }
  if (ask.do === "give") return giveAsk(desk, settings, ask)
  if (ask.do === "spend") {
    let takes: Take[] = []
    return {
      ...{ ...common, op: "plan", book: POINTS, owners: [customer_id] },
      asked: [ask.points, ask.to],
      plan: () => {
        const plan = planSpend(desk.lots(customer_id), ask.points, dayNumber(at))
        if (isRefused(plan)) return plan
        takes = plan
        return [
          { ...customer, amount: -ask.points },
          { kind: ask.to ?? "spent", owner: null, amount: ask.points },
        ]
      },
      facts: ({ posting }) => {
        desk.take(customer_id, posting, takes)
        return [pointsSpent.of({ ...fact, payload: { posting, rule, source, points: ask.points } })]
      },
    }
  }
  if (ask.do === "take_back")
    return {
      ...{ ...common, op: "reverse", target: ask.target, amount: ask.points },
      facts: (done) => {
        const { taken, owed, returned, repaid } = sums(done, customer_id)
        if (taken > 0) desk.takeBack(customer_id, ask.target, taken)
        if (returned > 0) desk.restore(customer_id, ask.target, returned)
        const payload = {
          posting: done.posting,
          rule,
          source,
          target: ask.target,
          taken,
          owed,
          returned: returned + repaid,
        }
        return [pointsReversed.of({ ...fact, payload })]
      },
    }
  if (ask.do === "hold")
    return {
      ...{
        ...common,
        op: "hold",
        book: POINTS,
        from: customer,
        amount: ask.points,
        expires_at: ask.expires_at,
      },
      facts: ({ posting }) => {
        desk.take(customer_id, posting, planTakeBack(desk.lots(customer_id), "", ask.points))
        return [pointsHeld.of({ ...fact, payload: { posting, rule, source, points: ask.points } })]
      },
    }
  if (ask.do === "settle")
    return {
      ...{
        ...common,
        op: "post_hold",
        target: ask.target,
        to: { kind: "spent", owner: null },
        amount: ask.points,
      },
      facts: (done) => {
        const { returned } = sums(done, customer_id)
        const points = done.lines.find((l) => l.kind === "spent")!.amount
        if (returned > 0) desk.restore(customer_id, ask.target, returned)
        desk.hand(ask.target, done.posting, points)
        return [pointsSpent.of({ ...fact, payload: { posting: done.posting, rule, source, points } })]
      },
    }
  return {
    ...{ ...common, op: ask.expired ? "expire" : "void", target: ask.target },
    facts: (done) => {
      const { returned } = sums(done, customer_id)
      if (returned > 0) desk.restore(customer_id, ask.target, returned)
      const payload = { posting: done.posting, rule, source, target: ask.target, points: returned }
      return [pointsReleased.of({ ...fact, payload })]
    },
  }
}

function giveAsk(desk: Desk, settings: PointsSettings, ask: Give): Ask {
  const { key, customer_id, rule, source, at } = ask
  const day = dayNumber(at)
  const month = monthOf(dayString(day))
  const limits = limitsOf(settings, ask) ?? {}
  return {
    op: "plan",
    book: POINTS,
    key,
    reason: rule,
    source,
    at,
    owners: [customer_id],
    asked: [ask.points, ask.valid_days, ask.from],
    plan: () => {
      const grant = planGrant(ask.points, limits, desk.given(customer_id, rule, day, month))
      if (isRefused(grant)) return grant
      return [
        { kind: ask.from ?? "issue", owner: null, amount: -grant },
        { kind: "customer", owner: customer_id, amount: grant },
      ]
    },
    facts: (done) => {
      const { posting } = done
      const { returned: kept, repaid } = sums(done, customer_id)
      const expires_day = expiryDay(day, ask.valid_days)
      desk.count(limits, customer_id, rule, day, month, kept + repaid)
      if (kept > 0) desk.addLot({ customer_id, lot: posting, points: kept, left: kept, expires_day, rule })
      const payload = { posting, rule, source, points: kept + repaid, repaid, expires_day }
      return [pointsEarned.of({ subject: customer_id, occurred_at: at, payload })]
    },
  }
}

/** What a posting did to one customer: taken from and returned to the balance, owed and repaid. */
function sums(done: Posted, customer_id: string) {
  const of = (kind: string) => done.lines.find((l) => l.kind === kind && l.owner === customer_id)?.amount ?? 0
  const balance = of("customer")
  const debt = of("owed")
  return {
    taken: Math.max(0, -balance),
    returned: Math.max(0, balance),
    owed: Math.max(0, -debt),
    repaid: Math.max(0, debt),
  }
}
