import { setImmediate as turn } from "node:timers/promises"
import { dayNumber } from "../../kernel/day.ts"
import { type Db, tx } from "../../platform/db.ts"
import { publish } from "../../spine/traits/index.ts"
import { buyersAfter, buyersCount, purchaseHistories, sampleOfBuyers } from "../orders/index.ts"
import { EVALUATIONS_A_TURN, FIT_SAMPLE, FITS_KEPT_DAYS, PUBLISH_CUSTOMERS } from "./limits.ts"
import { fitBgNbd } from "./model/bg-nbd.ts"
import { fitGammaGamma } from "./model/gamma-gamma.ts"
import {
  type Buyer,
  compare,
  correlation,
  HORIZONS,
  heldBackDays,
  histories,
  isEnough,
  type Model,
  measureOf,
  predict,
  spendings,
  usableSpend,
} from "./rules.ts"
import { endFit, type Kept, lastFit, saveFit } from "./store.ts"

/** The same people are drawn every night, so that two nights differ by what people did and not by who was asked. */
const SEED = 20_050

/** A day's model is fitted again when the company has grown so much meanwhile, as by an import of its past. */
const GROWN = 1.5

/** A walk of the likelihood that lets others have their turn. */
async function gently<T>(walk: Generator<void, T>): Promise<T> {
  for (let n = 1; ; n++) {
    const step = walk.next()
    if (step.done) return step.value
    if (n % EVALUATIONS_A_TURN === 0) await turn()
  }
}

/**
 * Once a day: fits the models to this company's own orders, compares an earlier fit with what came after, and publishes what is
 * expected of each buyer. With too little of a past it says so and foretells nothing. Gives whether it did anything.
 */
export async function valueNight(db: Db, now: Date): Promise<boolean> {
  const today = dayNumber(now)
  const last = await lastFit(db)
  const of = await buyersCount(db)
  if (last?.done && last.day >= today && of <= last.model.of * GROWN) return false
  const ids = await sampleOfBuyers(db, SEED, FIT_SAMPLE)
  const buyers = await purchaseHistories(db, ids, today, today)
  const enough = measureOf(buyers, today)
  const nothing: Kept = {
    ...{ enough, sample: buyers.length, of },
    ...{ model: null, log_likelihood: null, correlation: null, calibration: null },
  }
  const row = { day: today, fitted_at: now }
  if (!isEnough(enough)) {
    await tx(db, (t) =>
      saveFit(t, { ...row, state: "too_little", model: nothing, done: true }, FITS_KEPT_DAYS),
    )
    return true
  }
  const { log_likelihood, ...model } = await modelOf(buyers, today)
  const kept: Kept = {
    ...nothing,
    ...{ model, log_likelihood, correlation: correlation(spendings(buyers)) },
    calibration: await calibrate(db, ids, today, heldBackDays(enough.span_days)),
  }
  await tx(db, (t) => saveFit(t, { ...row, state: "fitted", model: kept, done: false }, FITS_KEPT_DAYS))
  await publishAll(db, model, today, now)
  await endFit(db, today)
  return true
}

async function modelOf(buyers: readonly Buyer[], today: number): Promise<Model & { log_likelihood: number }> {
  const { r, alpha, a, b, log_likelihood } = await gently(fitBgNbd(histories(buyers, today)))
  const spent = spendings(buyers)
  const { p, q, v } = await gently(fitGammaGamma(spent))
  const average_yuan = spent.reduce((sum, s) => sum + s.mean, 0) / spent.length
  return { purchases: { r, alpha, a, b }, spend: usableSpend({ p, q, v }), average_yuan, log_likelihood }
}

/** What the model would have foretold so many days ago, beside what came. */
async function calibrate(
  db: Db,
  ids: readonly string[],
  today: number,
  days: number,
): Promise<Kept["calibration"]> {
  const cutoff_day = today - days
  const before = await purchaseHistories(db, ids, cutoff_day, today)
  if (!isEnough(measureOf(before, cutoff_day))) return null
  const { r, alpha, a, b } = await gently(fitBgNbd(histories(before, cutoff_day)))
  return { cutoff_day, days, groups: compare({ r, alpha, a, b }, before, cutoff_day, days) }
}

async function publishAll(db: Db, model: Model, today: number, now: Date): Promise<void> {
  let after = "00000000-0000-0000-0000-000000000000"
  for (;;) {
    const ids = await buyersAfter(db, after, PUBLISH_CUSTOMERS)
    const last = ids.at(-1)
    if (last === undefined) return
    const known = new Map((await purchaseHistories(db, ids, today, today)).map((b) => [b.customer_id, b]))
    const foretold = ids.map((customer_id) => {
      const buyer = known.get(customer_id)
      return {
        customer_id,
        ...(buyer ? predict(model, buyer, today) : { hundredths: [], predicted_fen: null }),
      }
    })
    const values = Object.fromEntries(
      HORIZONS.map((days, i) => [
        `value.expected_${days}`,
        foretold.map((f) => ({ customer_id: f.customer_id, value: f.hundredths[i] ?? null })),
      ]),
    )
    const money = foretold.map((f) => ({ customer_id: f.customer_id, value: f.predicted_fen }))
    await tx(db, (t) => publish(t, { ...values, "value.predicted_fen": money }, now))
    after = last
  }
}
