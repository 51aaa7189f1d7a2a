export const CODES_MAX = 1_000
export const ACCOUNTS_PER_CODE = 100
export const TAGS_PER_CODE = 20
/** The channel echoes at most this many letters. */
export const STATE_MAX_LENGTH = 30
/** A welcome's text in UTF-8. */
export const WELCOME_MAX_BYTES = 4_000
