import { newId } from "../../kernel/ids.ts"
import { invariant } from "../../kernel/invariant.ts"
import { isRefused } from "../../kernel/result.ts"
import type { Tx } from "../../platform/db.ts"
import { type Carry, carryRows, type Merged } from "../../spine/facts/index.ts"
import { balancesOf, LEDGER_KEPT, type Line, moveHolds, postAll } from "../../spine/ledger/index.ts"
import { POINTS } from "./book.ts"
import { Desk } from "./desk.ts"
import { giveBackPoints } from "./give-back.ts"
import { publishPoints } from "./handlers.ts"
import { lockAccounts } from "./store.ts"
import { addRuleDays, forgetAccount } from "./store-merge.ts"

/** What one had is the other's: one posting in the ledger, the lots with the days they have left, what was set aside and owed. */
export const carry: Carry = {
  name: "points",
  tables: [
    "points_accounts",
    { table: "points_lots", sums: ["left_points"] },
    "points_takes",
    { table: "points_rule_days", sums: ["points"] },
    "points_order_money",
    "points_order_earnings",
    ...LEDGER_KEPT,
  ],
  hold: (t, { from, into }) => lockAccounts(t, [from, into].sort()),
  giveBack: (t, pair, now) => giveBackPoints(t, pair, now),
  async carry(t, pair, now) {
    for (const table of ["points_lots", "points_takes", "points_order_money", "points_order_earnings"])
      await carryRows(t, pair, table)
    await addRuleDays(t, pair)
    await moveBalances(t, pair, now)
    await forgetAccount(t, pair.from)
    await publishPoints(t, [pair.into], now)
  },
}

/** Balances of the one who goes, as lines to the other. A debt is paid at once as far as the other has points, as any debt is. */
function linesOf(pair: Merged, had: Record<string, number>, has: Record<string, number>): Line[] {
  const { customer = 0, reserved = 0, owed = 0 } = had
  const paid = Math.min(-owed, Math.max(0, has.customer ?? 0))
  const move = (kind: string, goes: number, comes: number) => [
    { kind, owner: pair.from, amount: -goes },
    { kind, owner: pair.into, amount: comes },
  ]
  return [
    ...move("customer", customer, customer - paid),
    ...move("reserved", reserved, reserved),
    ...move("owed", owed, owed + paid),
  ].filter((line) => line.amount !== 0)
}

async function moveBalances(t: Tx, pair: Merged, now: Date): Promise<void> {
  const had = await balancesOf(t, POINTS, pair.from)
  const lines = linesOf(pair, had, await balancesOf(t, POINTS, pair.into))
  if (lines.length === 0) return
  await moveHolds(t, pair.from, pair.into)
  const desk = await Desk.open(t, { customers: [pair.into], targets: [], days: [], months: [] })
  const [answer] = await postAll(t, [
    {
      op: "post",
      book: POINTS,
      key: `points-merged:${newId(now.getTime())}`,
      reason: "customers_merged",
      source: `customer:${pair.from}`,
      at: now,
      lines,
    },
  ])
  invariant(answer && !isRefused(answer), `points of ${pair.from} could not be moved to ${pair.into}`)
  const came = answer.lines.find((l) => l.kind === "customer" && l.owner === pair.into)?.amount ?? 0
  // The lots are there already; what paid a debt, of either, is in none of them any more.
  const paid = (had.customer ?? 0) - came
  if (paid > 0) desk.takeBack(pair.into, "", paid)
  await desk.save(t)
}
