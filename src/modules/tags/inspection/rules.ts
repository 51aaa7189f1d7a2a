/** Pure: the Monday of a day's week, as a day number. Day 0 was a Thursday. */
export function weekOf(day: number): number {
  return day - ((((day + 3) % 7) + 7) % 7)
}

/** Pure: the share of what was judged that was right, in tenths of a percent; null where nothing was. */
export function scoreOf(found: { right: number; wrong: number; missing: number }): number | null {
  const judged = found.right + found.wrong + found.missing
  return judged === 0 ? null : Math.round((found.right * 1_000) / judged)
}
