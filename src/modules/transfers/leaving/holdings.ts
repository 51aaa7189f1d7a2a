import type { Queryable } from "../../../platform/db.ts"
import { openCounts } from "../../../spine/outbox/index.ts"
import { type Account, allAccounts } from "../../accounts/index.ts"
import { ownedBy } from "../../customers/index.ts"
import { groupsOwnedBy, type OwnedGroup } from "../../groups/index.ts"
import { memberById } from "../../staff/index.ts"
import { ACCOUNTS_READ, HELD_MAX } from "../limits.ts"
import { underWayFrom } from "../store.ts"
import { groupsUnderWay } from "../store-polls.ts"

export type Held = {
  accounts: Account[]
  customers: number
  customers_under_way: number
  groups: (OwnedGroup & { under_way: boolean })[]
  assignments: number
}

/** What somebody holds: accounts in their custody, customers they look after, groups of those accounts or of their own, open tasks. */
export async function holdingsOf(q: Queryable, staff_id: string): Promise<Held> {
  const accounts = (await allAccounts(q, ACCOUNTS_READ)).filter((a) => a.custodian_staff_id === staff_id)
  const own = await ownRef(q, staff_id)
  const groups = await groupsOwnedBy(
    q,
    [...new Set([...accounts.map((a) => a.channel_ref), ...(own ? [own] : [])])],
    HELD_MAX,
  )
  const moving = await groupsUnderWay(
    q,
    groups.map((g) => g.id),
  )
  return {
    accounts,
    customers: await ownedBy(q, staff_id),
    customers_under_way: await underWayFrom(q, staff_id),
    groups: groups.map((g) => ({ ...g, under_way: moving.has(g.id) })),
    assignments: (await openCounts(q)).find((c) => c.assignee_staff_id === staff_id)?.n ?? 0,
  }
}

/** How the channel calls the person themself. */
export async function ownRef(q: Queryable, staff_id: string): Promise<string | null> {
  return (await memberById(q, staff_id))?.channel_ref ?? null
}
