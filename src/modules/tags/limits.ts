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
/** Tags named in one cell of a file. */
export const TAGS_PER_CELL = 50
/** Rows of a file of tags: as many as a bulk reaches people. */
export const TAG_FILE_ROWS_MAX = 3_000_000
/** Customers from whom on their locks are first written as if nobody had one. */
export const LOCKED_PLAINLY_FROM = 1_000
/** Customers moved in one go when a tag is retired. */
export const MOVE_BATCH = 5_000
/** Words of one comment, and comments of one proposal. */
export const COMMENT_MAX_LENGTH = 2_000
export const COMMENTS_MAX = 200
/** The longest time after which a tag may count as stale. */
export const STALE_DAYS_MAX = 3_650
/** The most customers a week and operator that can be drawn for inspection. */
export const SAMPLE_A_WEEK_MAX = 50
/** What uses a tag, as far as it is listed. */
export const USERS_SHOWN = 50
/** Names that one version of the taxonomy tells of what came, changed and went with the channel's catalogue. */
export const NAMES_KEPT = 100
/** Rules that keep tags. */
export const RULES_MAX = 200
/** Customers that one transaction of a rule's look at everybody takes. */
export const SWEEP_BATCH = 50_000
/** Changed customers that one transaction looks at; from so many on everybody is looked at. */
export const CHANGED_BATCH = 20_000
export const CHANGED_MAX = 200_000
/** Values of a trait that a rule makes tags of. */
export const VALUES_MAX = 400
/** How often changes are looked for. */
export const FOLLOW_REST_MS = 5_000
/** How often rules are brought in line that ask rows, of which no changes are kept. Shop time. */
export const ROWS_EVERY_MS = 3_600_000
/** Customers whom one bulk may tag. */
export const BULK_PEOPLE_MAX = 3_000_000
/** Customers that one transaction of a bulk takes. */
export const BULK_BATCH = 5_000
export const BULK_REST_MS = 1_000
/** Bulks on the list, and days in which one can be undone. */
export const BULKS_SHOWN = 50
export const UNDO_DAYS = 7
/** How often the quality of tags is counted anew, in shop time; and how often it is looked whether it is due. */
export const QUALITY_EVERY_MS = 3_600_000
export const QUALITY_REST_MS = 30_000
/** How often it is looked whether a week is to be drawn: often, for where the shop's clock runs fast a week is soon over. */
export const DRAW_REST_MS = 5_000
/** How long an inspector has a customer on the desk before another may take it. Shop time. */
export const CLAIM_MS = 30 * 60_000
/** Weeks of scores and verdicts that are shown, and verdicts of them. */
export const SCORE_WEEKS = 26
export const VERDICTS_SHOWN = 500
/** Days after a verdict in which it may be disputed, and letters of the shortest reason. */
export const DISPUTE_DAYS = 7
export const REASON_MIN_LENGTH = 2
/** Tags, and most valuable customers, shown to who takes an account over. */
export const TAKEOVER_TAGS = 200
export const VALUABLE_SHOWN = 50
/** Tags that one search for customers looks for, and names of tags whose readings are kept at hand. */
export const TAGS_SOUGHT = 50
export const READINGS_KEPT = 5_000
/** Changes that one round brings to the channel's catalogue, tags that one of them makes, and how long who brings has the lease. */
export const PUSHES_A_ROUND = 20
export const TAGS_A_PUSH = 100
export const PUSH_LEASE_MS = 300_000
export const PUSH_REST_MS = 5_000
/** For how long marking a customer at the channel is worth trying, and how long the channel's word about a tag that was just taken away here is not believed. Shop time. */
export const MARK_WITHIN_MS = 7 * 24 * 3_600_000
export const MARK_UNDER_WAY_MS = 10 * 60_000
