/** Customers planned in one transaction: well inside the 30 s a write transaction may live. */
export const PLAN_CHUNK = 50_000
/** Days ahead in which a place under the quotas is looked for. */
export const PLAN_DAYS_MAX = 31
/** Touches without a day that one pass places. */
export const PLACE_CHUNK = 5_000
/** Touches of stopped plays called off in one transaction, and enrolments that one round looks at for what they have left. */
export const CALL_OFF_BATCH = 20_000
export const CALL_OFF_CAUSES = 5_000
/** Touches taken for delivery in one go; at least the largest parcel of any channel. */
export const CLAIM_BATCH = 20_000
/** A parcel's holder renews its lease this often; it is taken over when the lease has run out. Machine time. */
export const HEARTBEAT_MS = 5_000
export const LEASE_MS = 15_000
/** Tries of one touch before it is reported as failed. */
export const TOUCH_TRIES = 8
/** The least that somebody has for work handed to them today. */
export const HANDWORK_MINUTES = 30
export const BACKOFF_FIRST_MS = 2_000
export const BACKOFF_MAX_MS = 900_000
/** Pause between two questions about a parcel whose outcome is unknown, and how many are asked. */
export const RESOLVE_TRIES = 20
/** Pause between two looks for receipts of one task (machine time). */
export const RECEIPTS_EVERY_MS = 10_000
/** Staff are reminded once by themselves of a task that has waited so long (shop time). */
export const REMIND_AFTER_MS = 2 * 3_600_000
/** Reminders of one task in 24 hours where the channel's table says nothing narrower. */
export const REMINDERS_A_DAY = 3
/** Pause before a reminder or a recall that did not come through is tried again (machine time). */
export const TEND_AGAIN_MS = 60_000
/** Parcels looked at in one pass for receipts or unknown outcomes. */
export const PARCELS_PER_PASS = 50
/** How long a channel that said "stop" is left alone. */
export const CIRCUIT_MS = 300_000
/** Open assignments that one pass marks as missed. */
export const MISSED_BATCH = 5_000
/** A touch without an own end is worth sending so long after its time. */
export const TOUCH_LIFE_MS = 7 * 86_400_000
/** A person's outbound message in bytes of UTF-8, whatever the channel. */
export const TEXT_BYTES_MAX = 4_000
/** Assignments of one page. */
export const ASSIGNMENT_PAGE = 200
export const TITLE_MAX = 200
/** Days after which an assignment of a play may be due. */
export const DUE_DAYS_MAX = 90
/** Months of touch partitions made ahead. */
export const PARTITIONS_AHEAD = 2
/** Greetings taken in one go, and how many are under way at once. */
export const WELCOME_BATCH = 50
/** So much of a greeting's time must be left for the call itself. */
export const WELCOME_MARGIN_MS = 500
/** A greeting whose worker died is told as unknown after this. */
export const WELCOME_LOST_MS = 30_000
/** Letters of a text that a sentence quotes. */
export const QUOTED_LETTERS = 30
/** Deeds (marks, remarks, handing over) taken in one round. */
export const DEEDS_A_ROUND = 2_000
