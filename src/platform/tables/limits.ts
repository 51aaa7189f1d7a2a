/** Bytes of a table that is read. */
export const TABLE_MAX_BYTES = 2 * 1024 ** 3
/** Letters of one line of a text file. */
export const LINE_MAX_LENGTH = 1_000_000
/** Columns of a file. */
export const COLUMNS_MAX = 1_000
/** Bytes that a workbook may have once unpacked, counted while unpacking: the directory may lie. */
export const XLSX_INFLATED_MAX_BYTES = 1024 ** 3
/** Bytes of the shared texts of a workbook once unpacked: they alone are held in memory. */
export const XLSX_SHARED_MAX_BYTES = 64 * 1024 ** 2
/** How much larger than its packed form a part of a workbook may be; ordinary sheets stay below 100. */
export const XLSX_RATIO_MAX = 250
export const XLSX_ENTRIES_MAX = 2_000
/** Memory of the process that reads files, in megabytes of JavaScript's heap. */
export const READER_MEMORY_MB = 256
/** Of it each half of the room for what has just been made: a row is handed over and forgotten. */
export const READER_YOUNG_MB = 4
/** How long it may say nothing while it reads, and how long it is kept with nothing to do. */
export const READER_SILENCE_MS = 120_000
export const READER_IDLE_MS = 30_000
/** Letters of rows that it hands over at once. */
export const SLICE_LETTERS = 4_000_000
/** How its folder for passing files is called. */
export const FOLDER_PREFIX = "siyu-reader-"
