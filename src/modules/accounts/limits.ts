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
/** The hour at which the day's list of a nurtured account is due, and how many days back it may still be ticked. */
export const NURTURE_DUE_HOUR = 21
export const NURTURE_BACK_DAYS = 3
/** Days that the nurture calendar shows. */
export const CALENDAR_DAYS = 60
/** Planned touches taken from stopped accounts in one transaction, and the pause between two looks. */
export const VACATE_BATCH = 5_000
export const VACATE_REST_MS = 500
/** Pause between two looks whether a day has begun. */
export const NIGHT_REST_MS = 20_000
/** Letters of one text of a persona. */
export const PERSONA_TEXT_MAX = 2_000
/** Letters of a script, and how many one account has with those that its function shares. */
export const SCRIPT_LETTERS_MAX = 600
export const SCRIPTS_MAX = 200
/** Pause between two looks whether a company has the scripts that come with the system. */
export const SCRIPTS_REST_MS = 3_600_000
/** Friends that somebody may have counted: what the platform allows an account, and a little more. */
export const FRIENDS_MAX = 1_000_000
export const STOCKTAKES_SHOWN = 100
/** Messages of a week from which on its content mix is judged. */
export const MIX_JUDGED_FROM = 10
