/** Points that one ask gives or takes at most. */
export const POINTS_MAX = 10_000_000
/** Longest life of points that have one. */
export const VALID_DAYS_MAX = 3_650
/** Asks gathered into one transaction. */
export const BATCH_ASKS = 500
export const BATCHES_IN_FLIGHT = 2
/** Asks that may wait in one process. */
export const WAITING_ASKS = 20_000
/** Customers whose points expire in one transaction of the nightly sweep. */
export const SWEEP_CUSTOMERS = 500
/** Days ahead that count as "expiring soon". */
export const EXPIRING_DAYS = 7
/** Lots shown with a balance, the first to expire first. */
export const LOTS_SHOWN = 50
/** Rows of one page of a customer's points history. */
export const HISTORY_PAGE = 50
/** Rules that may have limits. */
export const RULES_MAX = 200
/** Pause between two looks for points that are over; shop days may pass quickly in the sandbox. */
export const SWEEP_REST_MS = 2_000
