/** Customers that one call of the door may tag. */
export const CUSTOMERS_PER_CALL = 1_000
/** Living tags of the whole taxonomy, and groups. */
export const TAGS_MAX = 2_000
export const GROUPS_MAX = 100
export const NAME_MAX_LENGTH = 30
export const TEXT_MAX_LENGTH = 300
/** Proposals on one page. */
export const PROPOSALS_PAGE = 100
/** Tags named in one condition or action. */
export const TAGS_PER_CONDITION = 50
/** Customers moved in one go when a tag is retired. */
export const MOVE_BATCH = 5_000
