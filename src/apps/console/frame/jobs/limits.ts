/** How often the server is asked what goes on; with the list open, more often. Never while the page is out of sight. */
export const JOBS_EVERY_MS = 15_000
export const JOBS_OPEN_EVERY_MS = 3_000
