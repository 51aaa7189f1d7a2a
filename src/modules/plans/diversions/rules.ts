/** An account that adds people: how many a day, and how many of them are given away already. */
export type Lane = { account_id: string; quota: number; taken: ReadonlyMap<number, number> }
export type Slot = { account_id: string; day: number; people: number }

/**
 * Pure: how many each account adds on each day. No account adds more than its quota of a day leaves; a day is filled before the
 * next begins; a day that is not full is shared out evenly. What does not fit within `days_max` is left over.
 */
export function spread(
  people: number,
  lanes: readonly Lane[],
  from_day: number,
  days_max: number,
): { slots: Slot[]; left: number } {
  const slots: Slot[] = []
  let left = people
  for (let day = from_day; day < from_day + days_max && left > 0; day++) {
    const open = lanes
      .map((lane) => ({
        account_id: lane.account_id,
        free: Math.max(0, lane.quota - (lane.taken.get(day) ?? 0)),
      }))
      .filter((lane) => lane.free > 0)
      .sort((a, b) => a.free - b.free || (a.account_id < b.account_id ? -1 : 1))
    // The fullest first: what it cannot take of an even share goes to those who can.
    for (const [i, lane] of open.entries()) {
      const share = Math.min(lane.free, Math.floor(left / (open.length - i)))
      if (share > 0) slots.push({ account_id: lane.account_id, day, people: share })
      left -= share
    }
  }
  return { slots, left }
}

/** The customer's name in either language, in the braces of sends, plays and scripts or in single ones, as lines of before have them. */
const NAME_HOLE = /\{\{\s*(?:name|称呼)\s*\}\}|\{(?:name|称呼)\}/g

/** The opening line for one person; braces in a name stay as they are. */
export const openingFor = (opening: string, name: string) => opening.replace(NAME_HOLE, () => name)

export type Waiting = { customer_id: string; turn: number }
/** A cause is asked for once for all time; whoever is moved is asked about anew. */
export const causeOf = (diversion_id: string, { customer_id, turn }: Waiting) =>
  `diversion:${diversion_id}:${customer_id}:${turn}`

/** What a cause key names; null for those of others. */
export function readCause(key: string): { diversion_id: string; customer_id: string } | null {
  const [kind, diversion_id, customer_id] = key.split(":")
  return kind === "diversion" && diversion_id && customer_id ? { diversion_id, customer_id } : null
}
