import { dayNumber, startOfDay } from "../../kernel/day.ts"
import { type Db, type Tx, tx } from "../../platform/db.ts"
import type { Origin } from "../../spine/facts/index.ts"
import { publish, readTraits, type TraitRow } from "../../spine/traits/index.ts"
import { orderStanding } from "../orders/index.ts"
import { assignedAt, INTERESTED_TAG } from "../tags/index.ts"
import { proposeStepDowns } from "./ladder/propose.ts"
import { type StepDays, stepDays } from "./ladder/rules.ts"
import { knownSteps, saveSteps } from "./ladder/store.ts"
import { CLASSIFY_BATCH, NIGHT_BATCH } from "./limits.ts"
import {
  activityOf,
  climb,
  type Decided,
  interestedDay,
  type Numbers,
  stageByOrders,
  standingOf,
} from "./rules.ts"
import type { Stage } from "./shared.ts"
import { lockNight, readNight, saveNight } from "./store.ts"
import { type Look, lookAt, publishNight, unasked } from "./store-night.ts"

/** Computes and publishes the classes of these customers as of now; changes are told as facts of this origin. */
export async function classify(t: Tx, ids: readonly string[], now: Date, tell: Origin): Promise<number> {
  if (ids.length === 0) return 0
  const today = dayNumber(now)
  const standing = await orderStanding(t, ids)
  const tagged = await assignedAt(t, INTERESTED_TAG, ids)
  const known = await readTraits(t, ids, ["customers.stage"])
  const stages: TraitRow[] = []
  const due: TraitRow[] = []
  const standings: TraitRow[] = []
  const activities: TraitRow[] = []
  const interested: TraitRow[] = []
  const steps: (StepDays & { customer_id: string })[] = []
  const stood = await knownSteps(t, ids)
  for (const { customer_id, ...orders } of standing) {
    const tag = tagged.get(customer_id)
    const numbers: Numbers = { ...orders, interested_tag_day: tag ? dayNumber(tag) : null }
    const present = (known.get(customer_id)?.["customers.stage"]?.value ?? null) as Stage | null
    const byOrders = stageByOrders(numbers)
    const stage = climb(present, byOrders)
    if (stage) stages.push(row(customer_id, stage, now))
    const days = stepDays(stage?.value ?? present ?? "prospect", numbers, stood.get(customer_id), today)
    if (stood.has(customer_id) || days.customer_day !== null) steps.push({ customer_id, ...days })
    due.push({ customer_id, value: byOrders.value })
    standings.push(row(customer_id, standingOf(numbers, today), now))
    activities.push(row(customer_id, activityOf(numbers, today), now))
    interested.push({ customer_id, value: interestedDay(numbers) })
  }
  const values = {
    "customers.stage_by_orders": due,
    "customers.standing": standings,
    "customers.activity": activities,
    "customers.interested_day": interested,
  }
  await saveSteps(t, steps)
  // those who climb are few: the others go in one update of their own
  const changed = await publish(t, values, now, { tell })
  return changed + (await publish(t, { "customers.stage": stages }, now, { tell }))
}

function row<V extends string>(customer_id: string, decided: Decided<V>, now: Date): TraitRow {
  const since = decided.since_day === null ? now : startOfDay(decided.since_day)
  return { customer_id, value: decided.value, since: since > now ? now : since, why: decided.why }
}

/**
 * Once a day for everybody, so that classes that time alone changes are told too. Batch by batch, each with its place in the same
 * transaction: a night that was cut goes on where it stood. Gives how many customers were looked at now.
 */
export async function night(db: Db, now: Date): Promise<number> {
  const today = dayNumber(now)
  if ((await readNight(db)).done_day >= today) return 0
  return tx(db, async (t) => {
    const place = await lockNight(t)
    if (!place || place.done_day >= today) return 0
    const after = place.running_day === today ? place.after_number : -1
    const found = await lookAt(t, { day: today, after, limit: NIGHT_BATCH, steps_kept: place.steps_kept })
    if (found) await settle(t, found, now, place.done_day === 0 ? "history" : "live")
    const customers = found?.customers ?? 0
    await saveNight(
      t,
      found && customers === NIGHT_BATCH
        ? { done_day: place.done_day, running_day: today, after_number: found.last }
        : { done_day: today, running_day: null, after_number: -1 },
    )
    return customers
  })
}

/** What was found of a range of everybody: what is not known at all row by row, what time changed in one statement, who is to be asked. */
async function settle(t: Tx, found: Look, now: Date, tell: Origin): Promise<void> {
  const { moved, unsettled } = found
  const today = dayNumber(now)
  for (let at = 0; at < unsettled.length; at += CLASSIFY_BATCH)
    await classify(t, unsettled.slice(at, at + CLASSIFY_BATCH), now, tell)
  if (moved.length > 0) await publishNight(t, { ids: moved, day: today }, now, tell)
  const asked = new Set([...found.unasked, ...unsettled])
  const ask = unsettled.length > 0 ? await unasked(t, [...asked], today) : found.unasked
  await proposeStepDowns(t, ask, new Set(), now)
}
