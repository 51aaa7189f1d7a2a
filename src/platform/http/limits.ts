/** A JSON body; files go through doors of their own. */
export const BODY_LIMIT_BYTES = 1_048_576
/** Requests of the JSON API worked on at once; beyond it the answer is 503 with Retry-After. */
export const IN_FLIGHT_LIMIT = 200
/** When a caller may come again while the database or the disk cannot serve. */
export const OUTAGE_RETRY_S = 5
export const KEY_MAX_LENGTH = 255
/** Addresses whose tries are counted at once, for each endpoint that counts them: some megabytes at most. */
export const ADDRESSES_KEPT = 20_000
/** How long a browser that came by https is told to come by nothing else. */
export const HSTS_S = 15_552_000
/** Smaller answers fit into a packet or two as they are. */
export const COMPRESS_FROM_BYTES = 2_048
/** Steps of the place that a refusal names. */
export const PLACE_STEPS = 20
