import { dayNumber } from "../../../kernel/day.ts"
import { isRefused } from "../../../kernel/result.ts"
import { type Db, type Queryable, type Tx, tx } from "../../../platform/db.ts"
import { openCounts } from "../../../spine/outbox/index.ts"
import { allAccounts } from "../../accounts/index.ts"
import { ownedByNobody } from "../../customers/index.ts"
import { groupsOwnedBy } from "../../groups/index.ts"
import { activeStaff, leavingMembers } from "../../staff/index.ts"
import { ACCOUNTS_READ, LEAVINGS_MAX, UNOWNED_KEPT_DAYS, UNOWNED_READ } from "../limits.ts"
import { lastUnowned, leavingRows, saveUnowned, type UnownedRow } from "../store-leavings.ts"
import { close, note } from "./commands.ts"
import type { UNOWNED_KINDS } from "./contract.ts"

/** The invariant: everything has an owner who is here. Counts what has none. */
export async function countUnowned(
  q: Queryable,
  now: Date,
): Promise<Record<(typeof UNOWNED_KINDS)[number], number>> {
  const here = await activeStaff(q)
  const accounts = await allAccounts(q, ACCOUNTS_READ)
  const used = accounts.filter((a) => a.state === "in_use")
  const held = used.filter((a) => a.custodian_staff_id !== null && here.has(a.custodian_staff_id))
  const refs = new Set(held.map((a) => a.channel_ref))
  const groups = await groupsOwnedBy(q, null, UNOWNED_READ)
  const open = await openCounts(q)
  const leavings = await leavingRows(q, LEAVINGS_MAX)
  return {
    accounts: used.length - held.length,
    customers: await ownedByNobody(q, [...here]),
    groups: groups.filter((g) => g.owner_ref === null || !refs.has(g.owner_ref)).length,
    assignments: open
      .filter((c) => c.assignee_staff_id === null || !here.has(c.assignee_staff_id))
      .reduce((sum, c) => sum + c.n, 0),
    leavings_overdue: leavings.filter((l) => l.closed_at === null && l.due_day < dayNumber(now)).length,
  }
}

/** Looks and writes down what was found; of one day the last look holds. */
export async function lookNow(t: Tx, now: Date): Promise<UnownedRow[]> {
  const found = await countUnowned(t, now)
  const day = dayNumber(now)
  await saveUnowned(t, day, found, now, day - UNOWNED_KEPT_DAYS)
  return lastUnowned(t)
}

/**
 * Once a day looks for what has no owner. Of whom the channel says that they are gone gets their list, and who holds nothing is
 * through with it: nobody has to close what is empty.
 */
export async function tendLeavings(db: Db, now: Date): Promise<number> {
  const last = await lastUnowned(db)
  if (last[0]?.day !== dayNumber(now)) await tx(db, (t) => lookNow(t, now))
  const open = new Set(
    (await leavingRows(db, LEAVINGS_MAX)).filter((l) => !l.closed_at).map((l) => l.staff_id),
  )
  const gone = (await leavingMembers(db)).filter((m) => m.gone)
  for (const { id } of gone) {
    if (!open.has(id)) await tx(db, (t) => note(t, id, { note: "", by: null }, now))
    await tx(db, async (t) => {
      const closed = await close(t, id, null, now)
      return isRefused(closed) ? null : closed
    })
  }
  return 0
}
