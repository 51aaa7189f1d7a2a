/** Instructions that one parcel makes: what a person can work off in a sitting. */
export const MANUAL_PARCEL = 200
