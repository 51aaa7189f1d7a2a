/** Letters of one cell or word that is kept. */
export const TEXT_MAX_LENGTH = 300
/** Orders of one call of the shop's door. */
export const SHOP_BATCH_MAX = 500
export const SHOP_LINES_MAX = 200
/** Bytes of one call of the shop's door. */
export const SHOP_BODY_MAX_BYTES = 4 * 1024 ** 2
/** Sources that are offered to choose from; older ones are found by asking for them by name. */
export const SOURCES_SHOWN = 200
/** The largest amount of money of one order: a hundred million yuan. */
export const FEN_MAX = 10_000_000_000
/** Customers whose scores one transaction of the night publishes. */
export const RFM_RESCORE_BATCH = 10_000
/** Days for which it is kept how many customers stood where in RFM. */
export const RFM_DAYS_KEPT = 800
/** Pause between two looks whether a new day has begun. */
export const RFM_REFRESH_REST_MS = 20_000
