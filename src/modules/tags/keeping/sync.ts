import { dayNumber } from "../../../kernel/day.ts"
import { isRefused } from "../../../kernel/result.ts"
import { type Db, type Tx, tx } from "../../../platform/db.ts"
import { changedSince } from "../../../spine/audiences/index.ts"
import { appendOfEach, type Origin } from "../../../spine/facts/index.ts"
import { publishWords, ROW } from "../../../spine/traits/index.ts"
import { tagAssigned, tagRemoved } from "../events.ts"
import { CHANGED_BATCH, CHANGED_MAX, ROWS_EVERY_MS, SWEEP_BATCH } from "../limits.ts"
import { allTags, lockCustomers } from "../store.ts"
import {
  endingRules,
  follow,
  followed,
  forgetDigests,
  livingRules,
  lockRule,
  type RuleRow,
  saveSweep,
  setBroken,
} from "./store.ts"
import {
  type Among,
  type Crowd,
  difference,
  giveOwn,
  type Keeper,
  type Loss,
  lastNumber,
  takeOwn,
  takeWeaker,
  type Want,
} from "./store-sync.ts"
import { allAsking, byValue, type KeepingDeps, type Understood, understand } from "./understand.ts"
import { makeValueTags } from "./values.ts"

/**
 * Brings the tags of all running rules in line: of those whose traits changed since the last look, and of everybody once a day,
 * after a rule was changed, and where changes were lost. Twice is once, so any number of workers may do it. Gives what it changed,
 * and the pieces of everybody that it looked at.
 */
export async function keepTags(db: Db, deps: KeepingDeps, now: Date): Promise<number> {
  const ready = await understandAll(db, deps, now)
  const position = await followed(db)
  const changed = await changedSince(db, [...new Set(ready.flatMap((r) => r.traits))], position)
  let done = 0
  if (isRefused(changed)) {
    await forgetDigests(
      db,
      ready.map((r) => r.rule.id),
    )
    // From the present on; what was lost comes with the look at everybody.
    await follow(db, position, await presentOf(db))
  } else {
    for (const one of ready) {
      const numbers = new Set<number>()
      for (const trait of [ROW, ...one.traits])
        for (const n of changed.numbers.get(trait) ?? []) numbers.add(n)
      if (numbers.size > CHANGED_MAX) await forgetDigests(db, [one.rule.id])
      else done += await follows(db, one, [...numbers], now)
    }
    await follow(db, position, changed.to)
  }
  for (const one of await understandAll(db, deps, now)) done += await sweep(db, one, now)
  for (const rule of await endingRules(db)) done += await takeBack(db, rule, now)
  return done
}

async function presentOf(db: Db): Promise<string> {
  const { rows } = await db.query("select pg_current_snapshot()::text as position")
  return (rows[0] as { position: string }).position
}

async function understandAll(db: Db, deps: KeepingDeps, now: Date): Promise<Understood[]> {
  const rules = await livingRules(db)
  const running = rules.filter((r) => r.running)
  if (running.length === 0) return []
  const tags = await allTags(db)
  const asking = await allAsking(db, deps, running, tags, now)
  const ready: Understood[] = []
  for (const rule of running) {
    const one = await understand(db, deps, rule, { tags, rules, asking }, now)
    const broken = isRefused(one)
      ? { code: one.refused, ...(one.detail ? { detail: one.detail } : {}) }
      : null
    if (broken || rule.broken?.code !== "taxonomy_full") await setBroken(db, rule.id, broken)
    if (!isRefused(one)) ready.push(one)
  }
  return ready
}

/** Those whose traits changed, by pieces. Before the first look at everybody there is nothing to follow. */
async function follows(db: Db, one: Understood, numbers: number[], now: Date): Promise<number> {
  if (one.rule.swept_day === 0 || one.views) return 0
  let done = 0
  for (let at = 0; at < numbers.length; at += CHANGED_BATCH) {
    const among = { numbers: numbers.slice(at, at + CHANGED_BATCH) }
    const { keeper, want } = await withValues(db, one, among, now)
    done += await tx(db, (t) => bring(t, keeper, want, among, now, "live"))
  }
  return done
}

/** Looks at everybody where it is due, a piece a transaction; a look that was cut goes on where it stood. */
async function sweep(db: Db, one: Understood, now: Date): Promise<number> {
  const today = dayNumber(now)
  const { rule } = one
  const old = one.views && (!rule.synced_at || now.getTime() - rule.synced_at.getTime() >= ROWS_EVERY_MS)
  const same = rule.digest === one.digest
  if (same && rule.swept_day >= today && rule.sweep_after === null && !old) return 0
  const { keeper, want } = await withValues(db, one, null, now)
  return walk(db, rule, one.digest, now, (t, among) =>
    // What was so before the rule is no news.
    bring(t, keeper, want, among, now, rule.swept_day === 0 ? "history" : "live"),
  )
}

/** A rule of values with tags for those that have newly come. */
async function withValues(db: Db, one: Understood, among: Among | null, now: Date) {
  if (!one.rule.group_id || (await makeValueTags(db, one.rule, among, now)) === 0) return one
  return byValue(db, one.rule, await allTags(db), one.keeper.weaker)
}

async function takeBack(db: Db, rule: RuleRow, now: Date): Promise<number> {
  const tags = [...(await allTags(db)).values()]
  const mine = tags.filter((t) => t.id === rule.tag_id || t.group_id === rule.group_id).map((t) => t.id)
  const keeper = { rule_id: rule.id, tags: mine, exclusive_group: null, weaker: [] }
  return walk(db, rule, "over", now, (t, among) => bring(t, keeper, null, among, now, "live"))
}

async function walk(
  db: Db,
  rule: RuleRow,
  digest: string,
  now: Date,
  piece: (t: Tx, among: Among) => Promise<number>,
): Promise<number> {
  const last = await lastNumber(db)
  let done = 0
  for (;;) {
    const step = await tx(db, async (t) => {
      const held = await lockRule(t, rule.id, true)
      if (!held || (held.running !== rule.running && !held.taking_back)) return null
      const after = held.digest === digest ? (held.sweep_after ?? -1) : -1
      const upto = after + SWEEP_BATCH
      const changed = await piece(t, { after, upto })
      const over = upto >= last
      await saveSweep(t, {
        id: rule.id,
        digest,
        swept_day: over ? dayNumber(now) : held.swept_day,
        sweep_after: over ? null : upto,
        synced_at: now,
      })
      return { changed, over }
    })
    if (!step) return done
    done += step.changed + (step.over ? 0 : 1)
    if (step.over) return done
  }
}

/** The rule's tags among some customers, as it wants them now; `want` null wants none. Gives how many were given and taken. */
export async function bring(
  t: Tx,
  keeper: Keeper,
  want: Want | null,
  among: Among,
  now: Date,
  origin: Origin,
): Promise<number> {
  const { give, take } = await difference(t, keeper, want, among)
  if (give.length + take.length === 0) return 0
  await lockCustomers(
    t,
    [...give, ...take].flatMap((crowd) => crowd.ids),
    now,
  )
  const taken = (await takeOwn(t, keeper.rule_id, take)).map((crowd) => ({ ...crowd, instead: null }))
  const given = await giveOwn(t, keeper, give, now)
  const weaker = keeper.exclusive_group === null ? [] : await takeWeaker(t, keeper, given)
  await tell(t, given, [...taken, ...weaker], { by: keeper.rule_id, origin }, now)
  return sum(given) + sum(taken)
}

const sum = (crowds: readonly Crowd[]) => crowds.reduce((n, { ids }) => n + ids.length, 0)

async function tell(
  t: Tx,
  given: readonly Crowd[],
  taken: readonly Loss[],
  { by, origin }: { by: string; origin: Origin },
  now: Date,
): Promise<void> {
  const of = { occurred_at: now, origin, subject: by }
  const what = { source: "rule" as const, by }
  for (const { tag_id, instead, ids } of taken)
    await appendOfEach(t, tagRemoved.of({ ...of, payload: { tag_id, ...what, instead } }), ids)
  for (const { tag_id, ids } of given)
    await appendOfEach(t, tagAssigned.of({ ...of, payload: { tag_id, ...what } }), ids)
  await publishWords(t, "tags.all", [
    ...taken.map(({ tag_id, ids }) => ({ word: tag_id, put: false, ids })),
    ...given.map(({ tag_id, ids }) => ({ word: tag_id, put: true, ids })),
  ])
}
