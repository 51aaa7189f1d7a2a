/** How old the bitmaps may be when a count is answered from them; older ones are brought up to date first. */
export const FRESH_MS = 1_000
/** From so many changed customers on, reading everything again is quicker than reading the changed ones. */
export const RELOAD_FROM = 150_000
/** Borders that a column of numbers is cut at: more cost memory, fewer cost time for each new range. */
export const QUANTILES = 48
/** Values looked at to find the borders. */
export const QUANTILE_SAMPLE = 20_000
/** A set of a word turns from a list into a bitmap at so many customers. */
export const DENSE_FROM = 4_096
/** Answers of single questions kept until the next change. */
export const ANSWERS_KEPT = 128
/** A column that nobody asked for so long is let go. */
export const COLUMN_IDLE_MS = 30 * 60_000
/** Customers looked at in one query by those who ask who newly matches. */
export const ENTERING_BATCH = 20_000
