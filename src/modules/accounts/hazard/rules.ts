export const INCIDENT_KINDS = ["restricted", "banned", "lost", "complaint", "other"] as const
export type IncidentKind = (typeof INCIDENT_KINDS)[number]
export type Hazard = "none" | "restricted" | "banned" | "lost"

const WEIGHT: Record<Hazard, number> = { none: 0, restricted: 1, banned: 2, lost: 3 }

/** What an incident leaves an account in: a lesser one never lifts what stands. */
export function hazardAfter(before: Hazard, kind: IncidentKind): Hazard {
  const given: Hazard = kind === "complaint" || kind === "other" ? "none" : kind
  return WEIGHT[given] > WEIGHT[before] ? given : before
}
