import { invariant } from "../../kernel/invariant.ts"
import type { Tx } from "../../platform/db.ts"
import { type Lot, planRestore, planTakeBack, type RuleLimits, type Take } from "./rules.ts"
import {
  type DayRow,
  daysOf,
  type LotRow,
  lockAccounts,
  lockMonths,
  lotsOf,
  type MonthRow,
  saveDays,
  saveLots,
  saveMonths,
  saveTakes,
  type TakeRow,
  takesOf,
} from "./store.ts"

export type Needs = {
  customers: string[]
  /** Postings that are reversed, settled or released. */
  targets: string[]
  days: number[]
  months: { rule: string; month: string }[]
}

/** What a batch has locked and loaded of points, beside the ledger: changed in memory while it decides, then written at once. */
export class Desk {
  readonly #lots = new Map<string, Map<string, LotRow>>()
  readonly #takes = new Map<string, TakeRow[]>()
  readonly #days = new Map<string, DayRow>()
  readonly #months = new Map<string, MonthRow>()
  readonly #dirty = {
    lots: new Set<LotRow>(),
    takes: new Set<TakeRow>(),
    days: new Set<DayRow>(),
    months: new Set<MonthRow>(),
  }

  static async open(t: Tx, needs: Needs): Promise<Desk> {
    const desk = new Desk()
    await lockAccounts(t, needs.customers)
    const takes = needs.targets.length > 0 ? await takesOf(t, needs.customers, needs.targets) : []
    for (const take of takes) desk.#takesOf(take.posting).push(take)
    const named = takes.map((x) => x.lot)
    for (const lot of await lotsOf(t, needs.customers, named)) desk.#lotsOf(lot.customer_id).set(lot.lot, lot)
    if (needs.days.length > 0)
      for (const row of await daysOf(t, needs.customers, needs.days))
        desk.#days.set(`${row.customer_id}|${row.rule}|${row.day}`, row)
    if (needs.months.length > 0)
      for (const row of await lockMonths(t, needs.months)) desk.#months.set(`${row.rule}|${row.month}`, row)
    return desk
  }

  lots(customer_id: string): Iterable<Lot> {
    return this.#lotsOf(customer_id).values()
  }

  /** What a rule gave a customer on a day, and everybody in a month. */
  given(customer_id: string, rule: string, day: number, month: string): { today: number; month: number } {
    return {
      today: this.#days.get(`${customer_id}|${rule}|${day}`)?.points ?? 0,
      month: this.#months.get(`${rule}|${month}`)?.points ?? 0,
    }
  }

  count(
    limits: RuleLimits,
    customer_id: string,
    rule: string,
    day: number,
    month: string,
    points: number,
  ): void {
    if (limits.daily_cap !== undefined) {
      const key = `${customer_id}|${rule}|${day}`
      const row = this.#days.get(key) ?? { customer_id, rule, day, points: 0 }
      row.points += points
      this.#days.set(key, row)
      this.#dirty.days.add(row)
    }
    const budget = this.#months.get(`${rule}|${month}`)
    if (limits.monthly_budget === undefined || !budget) return
    budget.points += points
    this.#dirty.months.add(budget)
  }

  addLot(lot: LotRow): void {
    this.#lotsOf(lot.customer_id).set(lot.lot, lot)
    this.#dirty.lots.add(lot)
  }

  /** Takes from lots, remembered under the posting so that they can come back. */
  take(customer_id: string, posting: string, takes: readonly Take[]): void {
    for (const { lot, points } of takes) {
      this.#change(customer_id, lot, -points)
      this.#remember({ customer_id, posting, lot, points })
    }
  }

  /** Takes back what an earning brought, as far as it is there; gone for good, so nothing is remembered. */
  takeBack(customer_id: string, own: string, points: number): void {
    const takes = planTakeBack(this.lots(customer_id), own, points)
    invariant(sum(takes) === points, `lots of ${customer_id} hold less than the ledger says`)
    for (const take of takes) this.#change(customer_id, take.lot, -take.points)
  }

  /** Gives points of an earlier posting back to the lots they came from. */
  restore(customer_id: string, target: string, points: number): void {
    const takes = this.#takesOf(target)
    const back = planRestore(takes, points)
    invariant(sum(back) === points, `${target} took less than ${points} points`)
    for (const { lot, points: n } of back) {
      this.#change(customer_id, lot, n)
      const take = takes.find((x) => x.lot === lot)!
      take.points -= n
      this.#dirty.takes.add(take)
    }
  }

  /** What a hold took now belongs to the posting that settled it. */
  hand(target: string, posting: string, points: number): void {
    let rest = points
    for (const take of this.#takesOf(target)) {
      const moved = Math.min(take.points, rest)
      if (moved === 0) continue
      rest -= moved
      take.points -= moved
      this.#dirty.takes.add(take)
      this.#remember({ ...take, posting, points: moved })
    }
  }

  async save(t: Tx): Promise<void> {
    const { lots, takes, days, months } = this.#dirty
    await saveLots(t, [...lots])
    await saveTakes(t, [...takes])
    await saveDays(t, [...days])
    await saveMonths(t, [...months])
  }

  #remember(take: TakeRow): void {
    this.#takesOf(take.posting).push(take)
    this.#dirty.takes.add(take)
  }

  #change(customer_id: string, lot: string, by: number): void {
    const row = this.#lotsOf(customer_id).get(lot)
    invariant(row && row.left + by >= 0 && row.left + by <= row.points, `lot ${lot} cannot change by ${by}`)
    row.left += by
    this.#dirty.lots.add(row)
  }

  #lotsOf(customer_id: string): Map<string, LotRow> {
    return getOr(this.#lots, customer_id, () => new Map())
  }

  #takesOf(posting: string): TakeRow[] {
    return getOr(this.#takes, posting, () => [])
  }
}

function sum(takes: readonly Take[]): number {
  return takes.reduce((total, t) => total + t.points, 0)
}

function getOr<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
