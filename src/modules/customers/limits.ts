/** Customers looked up or made in one statement. */
export const ENSURE_BATCH = 5_000
/** Ways to read one name that are kept: the usual one and the others. */
export const READINGS_MAX = 12
/** Letters of a search. */
export const SEARCH_MAX_LENGTH = 40
/** A list's total is counted up to here; beyond it the page says "more than". */
export const COUNT_LIMIT = 10_000
/** People to whom one call does something by a filter: what one transaction writes within its time. */
export const BY_QUERY_MAX = 50_000
/** Why somebody looks at a full phone number or takes a list out as a file, in letters. */
export const REASON_MIN = 4
/** A search that finds more than this walks the customers newest first instead of gathering all that it finds. */
export const SEARCH_WIDE = 2_000
/** A search that finds more than this fills its first page by a short walk also among the customers of a few. */
export const SEARCH_VERY_WIDE = 20_000
/** So few customers of one's own are asked one by one; so many are walked along instead of gathered. */
export const OWN_FEW = 3_000
export const OWN_MANY = 60_000
/** Pairs of one person that a round merges. */
export const MERGE_BATCH = 50
/** For how long a merge may be undone, and how many rows of older ones a round throws away. */
export const UNDO_WHILE_MS = 24 * 3_600_000
export const CARRIED_FORGOTTEN = 5_000
/** For how long what comes in late under an old name is looked for, and for how many merges a round looks. */
export const LATE_WHILE_MS = 7 * 24 * 3_600_000
export const LATE_MERGES = 200
/** Customers whose search keys are written anew in one transaction. */
export const REKEY_BATCH = 300
/** Customers whose phones are spelled anew in one transaction. */
export const RESPELL_BATCH = 2_000
/** Letters from which on a search also looks for tags: one letter begins the name of many. */
export const TAG_SEARCH_MIN = 2
/** Letters of a remark: WeCom's limit; and of a name, a region, a source. */
export const REMARK_MAX_LENGTH = 20
export const NAME_MAX_LENGTH = 60
/** Members of staff among whom the owner named in a file is looked for. */
export const OWNERS_MAX = 20_000
/** How often a set of rows is looked at again because another door wrote one of its identities meanwhile. */
export const IDENTITY_RETRIES = 5
/** Customers of one file, those of it who can be chosen one by one, and how many are written at once. */
export const EXPORT_PEOPLE_MAX = 2_000_000
export const EXPORT_CHOSEN_MAX = 1_000
export const EXPORT_PAGE = 2_000
/** For how long a file that was opened can be got, and for how long it is kept: who began to get it in time has the rest to finish. */
export const EXPORT_OPEN_MS = 15 * 60_000
export const EXPORT_KEPT_MS = 2 * 3_600_000
