export const LOGIN_MAX_LENGTH = 64
export const PASSWORD_MIN_LENGTH = 10
export const PASSWORD_MAX_LENGTH = 200
/** Wrong passwords in a row before a login is locked, and for how long. */
export const FAILED_LOGINS_LIMIT = 8
export const LOCK_MS = 10 * 60_000
/** Wrong passwords from one address, whoever's login: an office behind one address has this many, and one back in the time. */
export const WRONG_PASSWORDS_PER_ADDRESS = { tries: 40, back_after_ms: 15_000 }
export const STAFF_MAX = 2_000
export const TOKENS_MAX = 200
/** Saved views of one person on one list. */
export const VIEWS_MAX = 20
export const VIEW_NAME_MAX = 20
/** Filters and columns of one view, and letters of a name and of what a filter holds. */
export const VIEW_FILTERS_MAX = 40
export const VIEW_WORD_MAX = 60
export const VIEW_FILTER_LETTERS = 200
