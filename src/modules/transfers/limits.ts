/** Customers of one transfer: what an account may have, with room to spare. */
export const TRANSFER_MAX = 50_000
/** Customers begun or settled in one transaction. */
export const TRANSFER_BATCH = 2_000
/** Letters of what the customer reads, by the platform. */
export const MESSAGE_MAX_LENGTH = 200
export const NOTE_MAX_LENGTH = 500
/** Days ahead for which a transfer may be planned. */
export const AHEAD_DAYS_MAX = 90
/** Where the table of limits says nothing: times that a customer in service may be handed over in 90 days, and groups a day. */
export const TIMES_IN_90_DAYS = 2
export const GROUPS_A_DAY = 300
/** Pause between two questions about one pair of accounts (shop time). */
export const POLL_EVERY_MS = 3_600_000
/** Pairs of accounts that one round asks about. */
export const PAIRS_A_ROUND = 20
/** What a channel has no answer about so long after it was asked has failed: it takes effect after a day. */
export const ANSWER_WITHIN_MS = 4 * 86_400_000
/** A deed of handing over is worth doing so long. */
export const ASK_WITHIN_MS = 3 * 86_400_000
/** Days in which everything that somebody holds who leaves should have found other hands. */
export const LEAVING_DAYS = 7
export const LEAVINGS_MAX = 500
/** Groups and assignments of one person who leaves. */
export const HELD_MAX = 2_000
/** Days of history of what had no owner. */
export const UNOWNED_KEPT_DAYS = 400
export const LIMIT_DAYS = 90
export const ACCOUNTS_READ = 2_000
/** Groups looked at for one without an owner. */
export const UNOWNED_READ = 20_000
export const TRANSFERS_REST_MS = 2_000
/** Pause between two looks at those who leave: what they hold is counted each time. */
export const LEAVINGS_REST_MS = 10_000
