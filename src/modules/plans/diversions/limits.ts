/** Days ahead over which one diversion may stretch. */
export const DIVERSION_DAYS_MAX = 400
/** Accounts of one diversion, and people. */
export const DIVERSION_ACCOUNTS_MAX = 200
export const DIVERSION_PEOPLE_MAX = 2_000_000
/** Days that a plan shows before it is confirmed, and of a diversion afterwards. */
export const DIVERSION_DAYS_SHOWN = 60
/** Diversions that run at one time: what one round of the worker looks at. */
export const DIVERSIONS_RUNNING_MAX = 100
/** People of whom one transaction makes assignments. */
export const UNFOLD_BATCH = 500
/** People in one row of the line. */
export const LINE_CHUNK = 1_000
/** How long after their day somebody who was not added is still waited for. */
export const WAITED_FOR_DAYS = 30
export const DIVERSION_REST_MS = 5_000
export const OPENING_MAX = 300
export const DIVERSION_NAME_MAX = 60
