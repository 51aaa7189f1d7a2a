/** From this many facts on, COPY is quicker than one insert. */
export const APPEND_COPY_FROM = 16
/** Subjects of one and the same fact that one statement tells of. */
export const SUBJECTS_A_STATEMENT = 50_000
/** Facts a handler takes in one transaction unless it says otherwise. */
export const HANDLER_BATCH = 500
/** Lanes of a handler: so many batches of one handler may run side by side. */
export const LANES = 4
/** A fact that fails so often parks its subject for good, until someone asks for another try. */
export const ATTEMPTS_BEFORE_DEAD = 5
/** Pause before the n-th next try of a parked subject. */
export const RETRY_DELAY_MS = [1_000, 5_000, 30_000, 120_000] as const
/** Parked subjects tried again in one pass. */
export const RETRY_SUBJECTS = 50
/** Rows of one page of a timeline. */
export const TIMELINE_PAGE = 50
/** Months of partitions made ahead. */
export const PARTITIONS_AHEAD = 3
/** Transactions that an idle cursor may stay behind before it is moved up. */
export const CURSOR_SLACK = 10_000
/** Pause between two looks for new facts, one look for all handlers. */
export const IDLE_MS = 150
/** Pause between two looks that a handler takes by itself, should the look for all have missed it. */
export const UNWATCHED_REST_MS = 5_000
/** Pause after a failure that is nobody's fact, such as a lost connection. */
export const ERROR_REST_MS = 1_000
/** Facts that the intake commits together. */
export const INTAKE_FACTS = 4_000
/** Transactions of the intake on their way at once. */
export const INTAKE_IN_FLIGHT = 2
/** Batches that may wait at the intake; one more is refused as `busy`. */
export const INTAKE_WAITING = 500
/** How long the intake waits for a server to finish a commit whose answer was lost, between two looks. */
export const INTAKE_LOOK_MS = 50
