/** Rows of one group that the search shows; who finds more types more. */
export const GROUP_ROWS = 6
/** What was chosen last, kept for when nothing is typed. */
export const RECENT_ROWS = 5
/** The server is asked once typing pauses for so long. */
export const TYPING_PAUSE_MS = 200
