/** Days ahead in which an account's add-friend quota is looked for. */
export const INTRODUCTION_DAYS_MAX = 60
export const ASSIGNMENTS_PAGE_MAX = 200
/** Introductions left undone that are shown with their reasons, the latest first. */
export const DROPPED_SHOWN = 20
export const EVIDENCE_MAX = 2_000
/** Letters in which somebody says why an assignment is left undone. */
export const SKIP_REASON_MAX = 200
export const PLAY_NAME_MAX = 60
/** The ending of a play is told of so long after it is over; so many at most. */
export const ENDINGS_LATELY_MS = 3 * 86_400_000
export const ENDINGS_SHOWN = 50
/** Work of a day is due at this minute of it: 21:00. */
export const DUE_HOUR = 21
