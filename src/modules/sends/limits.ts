export const NAME_MAX = 60
export const REASON_MAX = 200
/** A send goes on looking for room so long unless it says otherwise. */
export const SEND_LIFE_DAYS = 7
export const SEND_LIFE_MAX_DAYS = 31
/** A send may be planned so far ahead. */
export const AHEAD_MAX_DAYS = 90
/** Sends that a worker plans in one round. */
export const PLAN_SENDS = 10
/** Sends that are told of as under way or ended lately, and for how long after their end. */
export const JOBS_SHOWN = 50
export const JOBS_LATELY_MS = 3 * 86_400_000
