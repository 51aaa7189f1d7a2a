/** An order counts for what reached the person so long before it. */
export const WINDOW_DAYS = 7
/** Contacts of one person that are looked at for one order, the latest ones. */
export const TOUCHPOINTS_MAX = 200
