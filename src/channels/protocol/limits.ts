/**
 * A limit that the platform sets, as a dated row: limits change without a release. Of several rows of one name and `per`, the
 * one with the latest `effective_from` that is not in the future holds.
 */
export type PlatformLimit = {
  channel: string
  /** What is counted, such as `mass_send.per_customer`. */
  name: string
  value: number
  unit: "count" | "bytes" | "chars" | "ms"
  /** What the value holds for: one call, or a span for one something. */
  per: {
    span: "call" | "second" | "minute" | "hour" | "day" | "month" | "ever" | "rolling_90_days"
    of: string
  }
  /** Where the number is published. */
  source: string
  /** `YYYY-MM-DD`, the first day it is known to hold. */
  effective_from: string
}

/** The row that holds on a day (`YYYY-MM-DD`), of the platform's and the team's own rows together; later rows of the list win. */
export function limitOn(
  limits: readonly PlatformLimit[],
  name: string,
  day: string,
): PlatformLimit | undefined {
  let held: PlatformLimit | undefined
  for (const row of limits) {
    if (row.name !== name || row.effective_from > day) continue
    if (!held || row.effective_from >= held.effective_from) held = row
  }
  return held
}

/** Recipients of one parcel, whatever a channel says it takes. */
export const PARCEL_RECIPIENTS_MAX = 10_000
