/** Customers whose classes one transaction of the night computes. */
export const NIGHT_BATCH = 5_000
/** Pause between two looks whether a day has begun. */
export const NIGHT_REST_MS = 5_000
