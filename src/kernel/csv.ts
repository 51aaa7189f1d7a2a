/** In front of a file: spreadsheets read what follows as UTF-8. */
export const UTF8_MARK = "\ufeff"

/** What a spreadsheet would take for a formula, also in full width; NUL and blanks in front do not stop it. */
const FORMULA = /^[\s\0]*[=+\-@＝＋－＠\t\r]/
const NUMBER = /^-?\d+(\.\d+)?$/
const NEEDS_QUOTES = /[",\r\n]/

/** A text as one cell that no spreadsheet calculates: what begins like a formula gets an apostrophe in front; plain numbers stay. */
export function csvCell(text: string): string {
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** What a cell said before it got its apostrophe: rows that were given back are put right and sent again. */
export function saidInCell(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell
}

/** One line of a CSV file for people, formula-safe. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`
}
