/** Segments on the list. */
export const SEGMENTS_MAX = 500
export const NAME_MAX_LENGTH = 40
/** Members shown with their reasons in a preview. */
export const SAMPLE_MAX = 20
/** Customers a part of a segment's standing holds: the width of its column of bits. */
export const STANDING_PART = 2_048
/** People of whom a day keeps that they moved; all of them are counted. */
export const MOVES_LISTED = 20_000
/** People of whom a day also keeps why; to tell it, what they were before is read. */
export const MOVES_EXPLAINED = 1_000
/** For how long it is kept who moved, and for how long how many. */
export const MOVES_KEPT_DAYS = 90
export const DAYS_KEPT = 400
/** Days that one look at the movement shows. */
export const MOVEMENT_DAYS_MAX = 90
/** Rows thrown away in one transaction. */
export const MOVES_PRUNED = 20_000
/** Pause of the loop that looks at segments after it found none due. */
export const FOLLOW_REST_MS = 30_000
