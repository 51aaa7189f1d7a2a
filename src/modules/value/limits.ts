/** Customers to whom the model is fitted; of a larger company these are drawn by a seed. */
export const FIT_SAMPLE = 20_000
/** With fewer buyers, fewer of them who came back, or a shorter past, nothing is foretold. */
export const BUYERS_MIN = 200
export const REPEATERS_MIN = 50
export const SPAN_DAYS_MIN = 60
/** The last days of the past that are held back to see whether the model foretells them: a quarter of it, within these. */
export const HELD_BACK_DAYS_MIN = 14
export const HELD_BACK_DAYS_MAX = 180
/** Repeat purchases from which customers are put together in the comparison. */
export const REPEATS_SHOWN = 7
/** Evaluations of the likelihood between two turns that others are given. */
export const EVALUATIONS_A_TURN = 4
/** Customers whose predictions one transaction publishes. */
export const PUBLISH_CUSTOMERS = 5_000
/** Pause between two looks whether a night is due. */
export const VALUE_REST_MS = 60_000
/** Sources and operators that the page tells apart. */
export const VALUE_ROWS = 50
/** Nights whose models are kept. */
export const FITS_KEPT_DAYS = 400
