/** Rows of a file that are committed together. */
export const IMPORT_BATCH_ROWS = 5_000
/** A batch grows by at most so many rows to keep the lines of one order together. */
export const IMPORT_BATCH_SLACK_ROWS = 500
/** Bytes of a file that is imported. */
export const IMPORT_FILE_MAX_BYTES = 2 * 1024 ** 3
/** Bytes of a file sent to the console's wizard. */
export const UPLOAD_MAX_BYTES = 200 * 1024 ** 2
/** Letters of one line of a text file, and of one cell that is kept. */
export const LINE_MAX_LENGTH = 1_000_000
export const TEXT_MAX_LENGTH = 300
/** Columns of a file. */
export const COLUMNS_MAX = 1_000
/** Bytes that a workbook may have once unpacked, counted while unpacking: the directory may lie. */
export const XLSX_INFLATED_MAX_BYTES = 1024 ** 3
/** Bytes of the shared texts of a workbook once unpacked: they alone are held in memory. */
export const XLSX_SHARED_MAX_BYTES = 64 * 1024 ** 2
/** How much larger than its packed form a part of a workbook may be; ordinary sheets stay below 100. */
export const XLSX_RATIO_MAX = 250
export const XLSX_ENTRIES_MAX = 2_000
/** Failed rows that an answer names; all of them go to the errors file. */
export const ERRORS_SHOWN = 20
/** Orders of one call of the shop's door. */
export const SHOP_BATCH_MAX = 500
export const SHOP_LINES_MAX = 200
/** Bytes of one call of the shop's door. */
export const SHOP_BODY_MAX_BYTES = 4 * 1024 ** 2
/** Sources that are offered to choose from; older ones are found by asking for them by name. */
export const SOURCES_SHOWN = 200
/** The largest amount of money of one order: a hundred million yuan. */
export const FEN_MAX = 10_000_000_000
/** Customers whose scores one transaction of the night publishes. */
export const RFM_RESCORE_BATCH = 10_000
/** Days for which it is kept how many customers stood where in RFM. */
export const RFM_DAYS_KEPT = 800
/** Pause between two looks whether a new day has begun. */
export const RFM_REFRESH_REST_MS = 20_000
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
/** Memory of the process that reads files, in megabytes of JavaScript's heap. */
export const READER_MEMORY_MB = 256
/** How long it may say nothing while it reads, and how long it is kept with nothing to do. */
export const READER_SILENCE_MS = 120_000
export const READER_IDLE_MS = 30_000
/** Letters of rows that it hands over at once. */
export const SLICE_LETTERS = 4_000_000
/** How its folder for passing files is called. */
export const FOLDER_PREFIX = "siyu-reader-"
