/** Customers whose traits one statement writes. */
export const PUBLISH_BATCH = 10_000
/** Customers whose change one row of the log tells. */
export const CHANGES_PER_ROW = 8_192
/** Customers whose sets one statement gives a word, or takes it from. */
export const WORDS_BATCH = 50_000
/** Words (tags, groups) one customer may have in one trait. */
export const WORDS_MAX = 1_000
/** Days for which changes are kept for readers that fell behind. */
export const CHANGES_KEPT_DAYS = 7
/** How often a start asks for an index of a trait that somebody else builds or stands in the way of, and the pause between. */
export const INDEX_TRIES = 7_200
export const INDEX_REST_MS = 500
