import { hash32 } from "../../../kernel/chance.ts"
import { atTime, dayNumber, dayString } from "../../../kernel/day.ts"
import { newId } from "../../../kernel/ids.ts"
import { isRefused, type Refusal, refuse } from "../../../kernel/result.ts"
import type { ConditionTree } from "../../../kernel/tree.ts"
import type { Db, Queryable, Tx } from "../../../platform/db.ts"
import { tx } from "../../../platform/db.ts"
import { audienceWhere, readAudience } from "../../../spine/audiences/index.ts"
import { intoWhom } from "../../../spine/facts/index.ts"
import type { Registry } from "../../../spine/offers/index.ts"
import {
  cancelByCause,
  openAssignments,
  type SenderAccount,
  type World,
} from "../../../spine/outbox/index.ts"
import { customerNames } from "../../customers/index.ts"
import { DUE_HOUR } from "../limits.ts"
import { lockIntroductions, takenBy } from "../store.ts"
import {
  DIVERSION_DAYS_MAX,
  DIVERSION_PEOPLE_MAX,
  DIVERSIONS_RUNNING_MAX,
  UNFOLD_BATCH,
  WAITED_FOR_DAYS,
} from "./limits.ts"
import { causeOf, type Lane, openingFor, type Slot, spread, type Waiting } from "./rules.ts"
import {
  type Diversion,
  endDiversion,
  lockRunning,
  runningDiversions,
  saveDiversion,
  setPeople,
} from "./store.ts"
import {
  type Asked,
  addSlots,
  clearLine,
  countPeople,
  freeSlots,
  heldIn,
  lineUp,
  openDue,
  putFirst,
  takeFirst,
  waiting,
} from "./store-line.ts"
import { anybodyAsked, drop, nameThem, takeBack } from "./store-move.ts"

export type DiversionDeps = {
  world: World
  registry(): Registry
  /** The rule of a segment as it stands, or why it cannot be asked. */
  segmentRule(q: Queryable, segment_id: string, now: Date): Promise<ConditionTree | Refusal>
}

export type DiversionAsk = {
  segment_id: string
  account_ids: string[]
  from_day: number
  scope: string[] | null
}
export type Planned = {
  asked: Asked
  rule: ConditionTree
  audience: number
  people: number
  slots: Slot[]
  left: number
}

/** How an ask would be shared out now; writes nothing. */
export async function plan(
  q: Queryable,
  deps: DiversionDeps,
  ask: DiversionAsk,
  now: Date,
): Promise<Planned | Refusal> {
  const today = dayNumber(now)
  if (ask.from_day < today) return refuse("day_over", { field: "from" })
  const rule = await deps.segmentRule(q, ask.segment_id, now)
  if (isRefused(rule)) return { ...rule, field: "segment_id" }
  const audience = await readAudience(q, deps.registry(), rule, { day: today })
  if (isRefused(audience)) return audience
  const usable = new Map((await deps.world.accounts(q)).filter((a) => a.usable).map((a) => [a.id, a]))
  const account_ids = [...new Set(ask.account_ids)].sort()
  const unusable = account_ids.filter((id) => !usable.has(id))
  if (unusable.length > 0)
    return refuse("account_unusable", { field: "account_ids", detail: { accounts: unusable } })
  const params: unknown[] = []
  const where = audienceWhere(audience, params, { scope: ask.scope })
  const asked = { where, params, contacts: deps.world.contacts, account_ids }
  const counted = await countPeople(q, asked)
  if (counted.people > DIVERSION_PEOPLE_MAX) return refuse("too_many_to_divert", { detail: counted })
  const lanes = await lanesOf(
    q,
    account_ids.map((id) => usable.get(id)!),
    ask.from_day,
  )
  return { asked, rule, ...counted, ...spread(counted.people, lanes, ask.from_day, DIVERSION_DAYS_MAX) }
}

async function lanesOf(q: Queryable, accounts: readonly SenderAccount[], from_day: number): Promise<Lane[]> {
  const taken = await takenBy(
    q,
    accounts.map((a) => a.id),
    from_day,
  )
  return accounts.map((a) => ({
    account_id: a.id,
    quota: a.quotas.friends,
    taken: new Map(taken.filter((x) => x.account_id === a.id).map((x) => [x.day, x.n])),
  }))
}

/** Makes a diversion: each of the people has an account and a day; assignments come when their day does. */
export async function make(
  t: Tx,
  deps: DiversionDeps,
  ask: DiversionAsk & { name: string; opening: string; by: string },
  now: Date,
): Promise<{ id: string; people: number; left: number; last_day: string } | Refusal> {
  // One hand at a time gives quota away, to introductions too.
  await lockIntroductions(t)
  if ((await runningDiversions(t, DIVERSIONS_RUNNING_MAX)).length === DIVERSIONS_RUNNING_MAX)
    return refuse("too_many_diversions", { detail: { max: DIVERSIONS_RUNNING_MAX } })
  const planned = await plan(t, deps, ask, now)
  if (isRefused(planned)) return planned
  const last = planned.slots.at(-1)
  if (!last)
    return refuse("nobody_to_divert", { field: "segment_id", detail: { audience: planned.audience } })
  const id = newId(now.getTime())
  const seed = hash32("diversion", id) >>> 1
  await saveDiversion(t, {
    ...{ id, name: ask.name, opening: ask.opening, segment_id: ask.segment_id, rule: planned.rule },
    ...{ account_ids: [...planned.asked.account_ids], from_day: ask.from_day, state: "running", people: 0 },
    ...{ made_by: ask.by, made_at: now, ended_at: null },
  })
  const people = await lineUp(t, { id, seed }, planned.asked, planned.people - planned.left)
  await addSlots(t, id, planned.slots)
  await setPeople(t, id, people)
  return { id, people, left: planned.left, last_day: dayString(last.day) }
}

/** Stops one: who waits is waited for no longer, and what was to be done about them is called off. Gives how many. */
export async function cancel(t: Tx, diversion: Diversion, now: Date): Promise<number> {
  await endDiversion(t, diversion.id, "cancelled", now)
  const named = await drop(t, diversion.id)
  await callOff(t, diversion.id, named, "diversion_cancelled", now)
  return named.length + (await clearLine(t, diversion.id))
}

const callOff = (t: Tx, id: string, list: readonly Waiting[], why: string, now: Date) =>
  cancelByCause(
    t,
    list.map((one) => causeOf(id, one)),
    why,
    now,
  )

/**
 * One round over running diversions: whom an account that went out of use has not asked goes back to the line, and the line gets other
 * days of other accounts as far as there is room; those whose day has come become assignments. Gives how many were moved or given.
 */
export async function tendDiversions(db: Db, deps: DiversionDeps, now: Date): Promise<number> {
  const running = await runningDiversions(db, DIVERSIONS_RUNNING_MAX)
  if (running.length === 0) return 0
  const accounts = await deps.world.accounts(db)
  let done = 0
  for (const { id } of running)
    done += await tx(db, async (t) => {
      const found = await lockRunning(t, id)
      if (!found) return 0
      const open = accounts.filter((a) => a.usable && found.account_ids.includes(a.id))
      return (await replan(t, id, open, now)) + (await unfold(t, deps, found, open, now))
    })
  return done
}

async function replan(t: Tx, id: string, open: readonly SenderAccount[], now: Date): Promise<number> {
  const today = dayNumber(now)
  const usable = open.map((a) => a.id)
  const back = await takeBack(t, id, usable)
  await callOff(t, id, back, "account_out_of_use", now)
  await putFirst(
    t,
    id,
    back.map((b) => b.customer_id),
  )
  await freeSlots(t, id, usable, today)
  const held = await heldIn(t, id)
  if (held <= 0 || open.length === 0) return back.length
  await lockIntroductions(t)
  const { slots, left } = spread(held, await lanesOf(t, open, today), today, DIVERSION_DAYS_MAX)
  await addSlots(t, id, slots)
  return back.length + held - left
}

async function unfold(
  t: Tx,
  deps: DiversionDeps,
  found: Diversion,
  open: readonly SenderAccount[],
  now: Date,
): Promise<number> {
  const { id } = found
  const today = dayNumber(now)
  const due = await openDue(t, id, today, UNFOLD_BATCH)
  if (due.length === 0) {
    const over = (await waiting(t, id)) === 0 && !(await anybodyAsked(t, id, today - WAITED_FOR_DAYS))
    if (over) await endDiversion(t, id, "ended", now)
    return 0
  }
  const seats = due.flatMap(({ account_id, day, people }) =>
    Array.from({ length: people }, () => ({ account_id, day })),
  )
  const next = await takeFirst(t, id, seats.length)
  // In line they are known by the name they had when they were lined up.
  const now_known_as = await intoWhom(t, next)
  const named = await nameThem(
    t,
    { id, contacts: deps.world.contacts, account_ids: found.account_ids },
    next.map((customer_id, i) => ({
      customer_id: now_known_as.get(customer_id) ?? customer_id,
      ...seats[i]!,
    })),
    now,
  )
  const accounts = new Map(open.map((a) => [a.id, a]))
  const names = await customerNames(
    t,
    named.map((d) => d.customer_id),
  )
  const due_at = atTime(today, DUE_HOUR) > now ? atTime(today, DUE_HOUR) : atTime(today + 1, DUE_HOUR)
  await openAssignments(
    t,
    named.map((d) => {
      const account = accounts.get(d.account_id)!
      const name = names.get(d.customer_id) || "这位客户"
      return {
        cause_key: causeOf(id, d),
        kind: "diversion",
        title: `用「${account.name}」加${name}为好友`,
        script: openingFor(found.opening, name),
        customer_id: d.customer_id,
        account_id: d.account_id,
        assignee_staff_id: account.custodian_staff_id,
        target: { diversion_id: id, day: d.day },
        due_at,
      }
    }),
    now,
  )
  return next.length
}
