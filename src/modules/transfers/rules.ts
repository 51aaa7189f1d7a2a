/** An account with which a customer is in contact, as a transfer sees it. */
export type Known = {
  account_id: string
  channel: string
  custodian_staff_id: string | null
  ref: string
  added_at: Date
}

export type Candidate = {
  customer_id: string
  owner_staff_id: string | null
  contacts: readonly Known[]
  /** Another transfer of theirs is under way. */
  in_transfer: boolean
  /** How often they were handed over, by somebody in service, within the platform's window. */
  times: number
}

export type Target = { account_id: string; channel: string; custodian_staff_id: string }

/** `move`: the friendship passes over through the channel. `owner`: only who looks after them. `held`: nothing, and why. */
export type Decision =
  | { kind: "move"; from_account_id: string; ref: string }
  | { kind: "owner" }
  | { kind: "held"; code: "in_transfer" | "already_there" | "transferred_often" }

/**
 * What becomes of one customer who shall pass to `target`. `from_account_id`: the account that is emptied, where one is. Of several
 * friendships the one with an account of whoever looks after them passes over, else the newest of the target's channel.
 */
export function decide(
  one: Candidate,
  target: Target,
  asked: { from_account_id: string | null; gone: ReadonlySet<string>; times_max: number },
): Decision {
  if (one.in_transfer) return { kind: "held", code: "in_transfer" }
  const known = one.contacts.some((c) => c.account_id === target.account_id)
  const from = known ? undefined : pick(one, target, asked.from_account_id)
  if (!from)
    return one.owner_staff_id === target.custodian_staff_id
      ? { kind: "held", code: "already_there" }
      : { kind: "owner" }
  if (!asked.gone.has(from.account_id) && one.times >= asked.times_max)
    return { kind: "held", code: "transferred_often" }
  return { kind: "move", from_account_id: from.account_id, ref: from.ref }
}

function pick(one: Candidate, target: Target, wanted: string | null): Known | undefined {
  const usable = one.contacts
    .filter((c) => c.channel === target.channel && (wanted === null || c.account_id === wanted))
    .sort((a, b) => b.added_at.getTime() - a.added_at.getTime() || (a.account_id < b.account_id ? -1 : 1))
  return usable.find((c) => c.custodian_staff_id === one.owner_staff_id) ?? usable[0]
}

/** Days on which each of `n` things of one giver may pass over, from `today` on, `per_day` at most on each. */
export function spread(n: number, per_day: number, today: number): number[] {
  return Array.from({ length: n }, (_, i) => today + Math.floor(i / Math.max(1, per_day)))
}

/** What somebody still holds who leaves. */
export type Holdings = {
  accounts: readonly { id: string; name: string }[]
  customers: number
  groups: readonly { id: string; name: string }[]
  assignments: number
}

/** Whether nothing is left without an owner when they are gone. */
export const holdsNothing = (h: Holdings) =>
  h.accounts.length === 0 && h.customers === 0 && h.groups.length === 0 && h.assignments === 0
