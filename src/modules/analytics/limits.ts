/** Days of one dashboard. */
export const RANGE_MAX_DAYS = 400
export const SOURCES_SHOWN = 20
export const SENDS_SHOWN = 20
