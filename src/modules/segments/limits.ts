/** Segments on the list. */
export const SEGMENTS_MAX = 500
export const NAME_MAX_LENGTH = 40
/** Members shown with their reasons in a preview. */
export const SAMPLE_MAX = 20
