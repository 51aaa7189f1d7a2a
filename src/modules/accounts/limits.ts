export const ACCOUNTS_MAX = 2_000
/** Bytes of an agreement or a piece of evidence, and how many of them one account has. */
export const FILE_MAX_BYTES = 10 * 1024 ** 2
export const FILES_MAX = 50
export const FILE_NAME_MAX_LENGTH = 120
/** Letters of a name, of one line of registration facts, and of a note. */
export const NAME_MAX = 60
export const LINE_MAX = 60
export const NOTE_MAX = 500
export const REASON_MIN = 2
/** Rows that one account's page shows of each of its histories. */
export const HISTORY_SHOWN = 100
/** Requests, findings and stocktakes that a list shows. */
export const REQUESTS_SHOWN = 200
export const FINDINGS_SHOWN = 500
/** Days before an account was watched here for which somebody may vouch. */
export const DAYS_BEFORE_MAX = 3_650
