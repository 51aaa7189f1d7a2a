/** What a spreadsheet would take for a formula; NUL and blanks in front do not stop it. */
const FORMULA = /^[\s\0]*[=+\-@\t\r]/
const NUMBER = /^-?\d+(\.\d+)?$/
const NEEDS_QUOTES = /[",\r\n]/

/** A text that no spreadsheet calculates: what begins like a formula gets an apostrophe in front; plain numbers stay. */
export function formulaSafe(text: string): string {
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text
}

/** One line of a CSV file for people, formula-safe. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => quoted(formulaSafe(cell))).join(",")}\r\n`
}

function quoted(cell: string): string {
  return NEEDS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
