/** Customers whom one transaction of the night looks at, and of how many at once it asks the orders again. */
export const NIGHT_BATCH = 50_000
export const CLASSIFY_BATCH = 5_000
/** Pause between two looks whether a day has begun. */
export const NIGHT_REST_MS = 5_000
/** Sources and operators that the ladder's page tells apart, the largest first. */
export const LADDER_ROWS = 50
/** Letters of the reason of a decision. */
export const REASON_MAX = 300
/** Days within which somebody is to say whether a customer steps down. */
export const STEP_DOWN_DAYS = 3
