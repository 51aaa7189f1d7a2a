/** People moved in one transaction. */
export const STEP_BATCH = 5_000
/** Enrolments gone over in one transaction while a play is ended for everybody. */
export const END_BATCH = 5_000
/** People let in from an audience in one transaction. */
export const ENTRY_BATCH = 5_000
/** A step's window: later than this after its time it is not done any more, unless the play says otherwise. */
export const WINDOW_MINUTES = 120
/** Tries of one person's step before the enrolment is put aside as failed. */
export const STEP_TRIES = 5
export const STEP_RETRY_MS = 5_000
/** Characters kept of what went wrong with one person's step. */
export const FAILURE_TEXT_MAX = 500
export const NODES_MAX = 100
export const STOP_FACTS_MAX = 20
/** Letters in which a stage of a play is called. */
export const STAGE_LETTERS_MAX = 20
export const WAIT_DAYS_MAX = 400
/** Reasons for which people left a stage that are told, the commonest first. */
export const STAGE_REASONS = 5
export const PLAYS_MAX = 500
/** Versions of a play that are looked at: the newest. A published one is never pushed out by drafts, since there is one draft. */
export const VERSIONS_SHOWN = 50
/** Steps of one person that are shown. */
export const WHY_STEPS = 200
/** Steps a preview follows. */
export const PREVIEW_STEPS = 200
