import { newId } from "../../kernel/ids.ts"
import { invariant } from "../../kernel/invariant.ts"
import { isRefused, type Refusal } from "../../kernel/result.ts"
import type { Tx } from "../../platform/db.ts"
import { carriedOf, type Merged } from "../../spine/facts/index.ts"
import { aboutPostings, balancesOf, heldOf, type Line, postAll } from "../../spine/ledger/index.ts"
import { POINTS } from "./book.ts"
import { publishPoints } from "./handlers.ts"
import { type Parting, planParting } from "./parting.ts"
import { everyLot, saveLots } from "./store.ts"
import { addTakes, giveTakes, strayTakes, takePostings } from "./store-merge.ts"

/**
 * Points of two who are two again. Lots, holds and what was earned are back already; here follows what was spent of them since, and one
 * posting in the ledger. What expired, and what became of a hold of theirs, is theirs.
 */
export async function giveBackPoints(
  t: Tx,
  pair: Merged,
  now: Date,
): Promise<Refusal<"points_spent"> | undefined> {
  const spent = await spentSince(t, pair)
  const lots = await everyLot(t, [pair.from, pair.into])
  const has = await balancesOf(t, POINTS, pair.into)
  const before = await debts(t, pair)
  const plan = planParting({
    theirs: lots.filter((l) => l.customer_id === pair.from),
    own: lots.filter((l) => l.customer_id === pair.into),
    spent,
    has: { customer: has.customer ?? 0, owed: has.owed ?? 0 },
    owed: before.goes ?? 0,
    debt: before.stays ?? has.owed ?? 0,
  })
  if (isRefused(plan)) return plan
  const left = new Map([...plan.theirs, ...plan.own].map((l) => [l.lot, l.left]))
  await saveLots(
    t,
    lots.filter((l) => left.get(l.lot) !== l.left).map((l) => ({ ...l, left: left.get(l.lot)! })),
  )
  await addTakes(t, pair, spent, plan.instead)
  await post(t, pair, plan, has, now)
  const kept = plan.own.reduce((total, lot) => total + lot.left, 0)
  invariant(
    kept === plan.stays.customer,
    `lots of ${pair.into} hold ${kept} of ${plan.stays.customer} points`,
  )
  await publishPoints(t, [pair.from, pair.into].sort(), now)
  return undefined
}

/** Out of the lots that are back: what went with them is put beside them, the rest is what the one who stayed spent. */
async function spentSince(t: Tx, pair: Merged) {
  const strays = await strayTakes(t, pair)
  if (strays.length === 0) return []
  const theirs = new Set(await takePostings(t, pair.from))
  const about = await aboutPostings(t, [...new Set(strays.map((s) => s.posting))])
  const own = new Set(
    about
      .filter((a) => a.kinds.includes("expired") || (a.target !== null && theirs.has(a.target)))
      .map((a) => a.posting),
  )
  await giveTakes(t, pair, [...own])
  return strays.filter((s) => !own.has(s.posting) && s.points > 0)
}

/** What each owed before the merge, where the merge changed it. */
async function debts(t: Tx, pair: Merged): Promise<{ goes?: number; stays?: number }> {
  const kept = await carriedOf(t, [pair.from], "ledger_balances.owner")
  return Object.fromEntries(
    kept
      .filter((k) => k.before.book === POINTS && k.before.kind === "owed")
      .map((k) => [k.side, Number(k.before.amount)]),
  )
}

async function post(
  t: Tx,
  { from, into }: Merged,
  plan: Parting,
  has: Record<string, number>,
  now: Date,
): Promise<void> {
  const held = await heldOf(t, POINTS, from)
  const lines: Line[] = [
    { kind: "customer", owner: from, amount: plan.goes.customer },
    { kind: "reserved", owner: from, amount: held },
    { kind: "owed", owner: from, amount: plan.goes.owed },
    { kind: "customer", owner: into, amount: plan.stays.customer - (has.customer ?? 0) },
    { kind: "reserved", owner: into, amount: -held },
    { kind: "owed", owner: into, amount: plan.stays.owed - (has.owed ?? 0) },
  ].filter((line) => line.amount !== 0)
  if (lines.length === 0) return
  const [answer] = await postAll(t, [
    {
      op: "post",
      book: POINTS,
      key: `points-parted:${newId(now.getTime())}`,
      reason: "customers_parted",
      source: `customer:${from}`,
      at: now,
      lines,
    },
  ])
  invariant(answer && !isRefused(answer), `points of ${from} could not be given back by ${into}`)
}
