/** Rows of a file that are committed together. */
export const IMPORT_BATCH_ROWS = 5_000
/** A batch grows by at most so many rows to keep together what must be written together. */
export const IMPORT_BATCH_SLACK_ROWS = 500
/** Bytes of a file sent to the console's wizard. */
export const UPLOAD_MAX_BYTES = 200 * 1024 ** 2
/** Letters of one cell that is kept. */
export const CELL_MAX_LENGTH = 300
/** Failed rows that an answer names; all of them go to the errors file. */
export const ERRORS_SHOWN = 20
/** Rows and cells of a file that are shown before it is imported. */
export const SAMPLE_ROWS = 5
export const SAMPLE_CELLS = 60
/** Earlier imports that are looked through for how columns like these were named. */
export const MAPPINGS_REMEMBERED = 20
/** How long a running import holds its place when its runner says nothing any more, and how often a runner says that it lives. */
export const IMPORT_LEASE_MS = 60_000
export const IMPORT_BEAT_MS = 15_000
/** Pause between two looks for a waiting import. */
export const IMPORT_REST_MS = 500
export const IMPORTS_SHOWN = 50
/** An import is told of so long after its end. */
export const IMPORTS_LATELY_MS = 3 * 86_400_000
/** Days for which the files of an import are kept after its end, and those of an upload that nobody ran after it came. */
export const IMPORT_FILES_KEPT_DAYS = 30
export const UPLOAD_UNRUN_KEPT_DAYS = 7
/** How long a file stays of which no import tells: one may be coming in just now. */
export const UPLOAD_STRAY_KEPT_MS = 86_400_000
/** Imports whose files are deleted in one transaction, and the pause between two looks for them. */
export const IMPORT_EXPIRY_BATCH = 100
export const IMPORT_EXPIRY_REST_MS = 3_600_000
export const FILE_NAME_MAX_LENGTH = 120
