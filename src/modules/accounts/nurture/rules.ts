/** What imitates a normal user: the daily list of an account that is being nurtured. */
export const NURTURE_ITEMS = [
  "add_friends",
  "chat",
  "groups",
  "steps",
  "payments",
  "post_moments",
  "browse_moments",
  "like",
] as const
export type NurtureItem = (typeof NURTURE_ITEMS)[number]

export const LEVEL_DAYS = 30
export const LEVEL_MAX = 5
/** Incidents count against the level for so many days. */
export const INCIDENT_DAYS = 30

/** Level 0 to 5: one for every full block of thirty active days, five at most, less one for every incident lately. */
export function nurtureLevel(active_days: number, incidents_lately: number): number {
  const earned = Math.min(LEVEL_MAX, Math.floor(active_days / LEVEL_DAYS))
  return Math.max(0, earned - incidents_lately)
}
