/** Asks gathered into one transaction. */
export const BATCH_ASKS = 500
/** Batches of one process that may be on their way at once: the second is decided while the first commits. */
export const BATCHES_IN_FLIGHT = 2
/** Asks that may wait in one process; more are refused as busy, so that a stuck database fills no memory. */
export const WAITING_ASKS = 50_000
/** Lines of one posting. */
export const POSTING_LINES = 20
/** The most that one line moves, far inside exact numbers. */
export const LINE_AMOUNT = 1_000_000_000_000
/** Characters of a key. */
export const KEY_LENGTH = 255
/** Holds that one sweep lets go. */
export const EXPIRE_HOLDS = 500
/** Postings of one page of an owner's history. */
export const HISTORY_PAGE = 50
/** Findings of each kind that verify prints. */
export const VERIFY_FINDINGS = 20
