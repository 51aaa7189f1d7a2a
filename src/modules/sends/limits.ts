export const NAME_MAX = 60
export const REASON_MAX = 200
/** A send goes on looking for room so long unless it says otherwise. */
export const SEND_LIFE_DAYS = 7
export const SEND_LIFE_MAX_DAYS = 31
/** A send may be planned so far ahead. */
export const AHEAD_MAX_DAYS = 90
/** Sends that a worker plans in one round. */
export const PLAN_SENDS = 10
