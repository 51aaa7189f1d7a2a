/** A JSON body; files go through doors of their own. */
export const BODY_LIMIT_BYTES = 1_048_576
/** Requests of the JSON API worked on at once; beyond it the answer is 503 with Retry-After. */
export const IN_FLIGHT_LIMIT = 200
export const KEY_MAX_LENGTH = 255
