/** Requests end after this long; a welcome has only 20 s in all. */
export const REQUEST_TIMEOUT_MS = 15_000
export const WELCOME_TIMEOUT_MS = 5_000
/** Largest answer that is read. */
export const ANSWER_BYTES_MAX = 16 * 1024 * 1024
/** Tries of one call where the platform says "busy" (-1), "conflict" (6000, 45035) or "too many at once" (45033). */
export const BUSY_TRIES = 3
export const BUSY_REST_MS = 300
/** A call is used up to this many times at once by one process. */
export const CALLS_AT_ONCE = 20

/** A token is renewed so long before it ends. */
export const TOKEN_MARGIN_MS = 5 * 60_000
/** The one process that renews has so long before another may. */
export const TOKEN_LEASE_MS = 20_000
/** How long callers wait for the process that renews. */
export const TOKEN_WAIT_MS = 25_000
export const TOKEN_POLL_MS = 100
/** After a wrong secret nothing asks again for so long, in any process: the platform bans the address for an hour. */
export const WRONG_SECRET_REST_MS = 3_600_000

/**
 * Calls of one API by all processes: published are 10,000 a minute and 150,000 an hour, in windows of unknown kind. A leaky
 * bucket of burst B and rate R lets through at most B + R × T in any window T: 4,500 + 4,800 a minute, 20,000 + 124,800 an
 * hour; what is left covers the chunks that a process has taken and not used yet.
 */
export const PACE_MINUTE = { burst: 4_500, interval_ms: 60_000 / 4_800 } as const
export const PACE_HOUR = { burst: 20_000, interval_ms: 3_600_000 / 124_800 } as const
/** Calls that a process takes from the shared bucket in one go; they lapse after PACE_CHUNK_LIFE_MS. */
export const PACE_CHUNK = 50
export const PACE_CHUNK_LIFE_MS = 1_000
/** 45009 blocks an API for the length of a window that the answer does not name: a minute first, longer when it comes again. */
export const WINDOW_REST_MS = [60_000, 600_000, 3_600_000] as const

/** A person who tests the channel waits no longer for a free place under the platform's limits. */
export const CHECK_PATIENCE_MS = 3_000

/** Callback door. */
export const CALLBACK_BODY_BYTES = 64 * 1024
export const CALLBACK_FIELDS_MAX = 64
export const CALLBACK_ITEMS_MAX = 2_000
export const CALLBACK_DEPTH_MAX = 6
/** A signed timestamp may be so far from our clock. */
export const REPLAY_WINDOW_MS = 10 * 60_000
/** How long a welcome code lives after its event. */
export const WELCOME_LIFE_MS = 20_000

/** Callbacks stored by one statement. */
export const DOOR_BATCH = 200
/** Callbacks that may wait to be stored; more are answered 503 and pushed again by the platform. */
export const DOOR_WAITING = 5_000
/** Callbacks taken in one transaction. */
export const TELL_BATCH = 200
/** States fetched in one claim; as many calls as CALLS_AT_ONCE run side by side. */
export const FETCH_BATCH = 100
/** Fetched states told in one transaction. */
export const SETTLE_BATCH = 100
export const FETCH_LEASE_MS = 60_000
/** The platform updates a group's detail about two seconds after its event. */
export const GROUP_SETTLE_MS = 2_000
/** Looks at a group that is still older than its last event, before it is taken as it is. */
export const GROUP_STALE_TRIES = 3
/** A callback or a fetch that fails so often is shown as dead, and tried again when someone asks or at the next sweep. */
export const ATTEMPTS_BEFORE_DEAD = 8
export const RETRY_BASE_MS = 2_000
export const RETRY_MAX_MS = 10 * 60_000
/** Handled callbacks are kept so long: as proof, and to know a repeated one. */
export const CALLBACKS_KEPT_DAYS = 30
export const FORGET_EVERY_MS = 3_600_000
export const PURGE_BATCH = 5_000
export const WORKER_IDLE_MS = 150
export const WORKER_ERROR_REST_MS = 1_000

/** The event's second and the relation's creation may differ by so much and still be the same adding. */
export const SAME_ADDING_MS = 5_000
/** A sweep leaves relations alone that are younger than this: their callback may still be on its way. */
export const SWEEP_GRACE_MS = 60_000

export const SYNC_STAFF_AT_ONCE = 50
export const SYNC_PAGE = 100
export const SYNC_GROUP_PAGE = 200
/** Pages of one cursor chain before a sync says that the platform does not end. */
export const PAGES_MAX = 20_000
/** A cursor that the platform takes back begins its pages again, so often in a run. */
export const SYNC_RESTARTS = 5
/** A sync that was not continued for so long may be taken over by another process. */
export const SYNC_LEASE_MS = 120_000

/** What one parcel may hold, by the platform's documents. */
export const MASS_CUSTOMERS = 10_000
export const MASS_GROUPS = 2_000
export const MARK_TAG_PARCEL = 200
export const TRANSFER_PARCEL = 100
export const NOTIFY_PARCEL = 1_000
export const TEXT_BYTES = 4_000
export const NOTIFY_TEXT_BYTES = 2_048
export const ATTACHMENTS_MAX = 9
export const CONTACT_WAY_USERS = 100
export const STATE_CHARS = 30
export const TAG_NAME_CHARS = 30
export const REMARK_CHARS = 20
export const DESCRIPTION_CHARS = 150
export const MEDIA_LIFE_MS = 3 * 86_400_000
export const MEDIA_BYTES = {
  image: 10 * 1024 * 1024,
  video: 10 * 1024 * 1024,
  file: 20 * 1024 * 1024,
} as const
/** A mass send that is not listed so long after the asking was not made. */
export const SEND_SETTLE_MS = 2 * 60_000
/** Where an unknown send is looked for, around the moment of asking. */
export const SEND_SEARCH_MS = 10 * 60_000
/** Groups that a member did not choose stay unlisted; so long after pressing send they count as not sent. */
export const GROUP_CHOICE_MS = 10 * 60_000
export const WELCOME_TRIES = 4
export const WELCOME_REST_MS = 700
