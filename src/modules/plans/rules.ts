export type Target = {
  account_id: string
  team_id: string | null
  /** Friends it may add in one day. */
  quota: number
  open_customers: number
  /** Introductions it has on each day already. */
  taken: ReadonlyMap<number, number>
}

export type Choice = { account_id: string; day: number }

/**
 * The account that a customer is introduced to, and the day: same team first, then the earliest day with add-friend quota left,
 * then fewest open customers. Null where no account has room within `days_max`.
 */
export function chooseTarget(
  targets: readonly Target[],
  team_id: string | null,
  today: number,
  days_max: number,
): Choice | null {
  const open = targets.flatMap((t) => {
    const day = firstDay(t, today, days_max)
    return day === null ? [] : [{ t, day, foreign: team_id !== null && t.team_id === team_id ? 0 : 1 }]
  })
  open.sort(
    (a, b) =>
      a.foreign - b.foreign ||
      a.day - b.day ||
      a.t.open_customers - b.t.open_customers ||
      (a.t.account_id < b.t.account_id ? -1 : 1),
  )
  const best = open[0]
  return best ? { account_id: best.t.account_id, day: best.day } : null
}

function firstDay(t: Target, today: number, days_max: number): number | null {
  for (let day = today; day < today + days_max; day++) if ((t.taken.get(day) ?? 0) < t.quota) return day
  return null
}
