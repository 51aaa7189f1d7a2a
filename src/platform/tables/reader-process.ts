import { rmSync } from "node:fs"
import { basename } from "node:path"
import { isRefused } from "../../kernel/result.ts"
import type { Answer, Ask } from "./apart.ts"
import { FOLDER_PREFIX, LINE_MAX_LENGTH, SLICE_LETTERS } from "./limits.ts"
import { openTable, type TableRow } from "./table.ts"

/**
 * Reads other people's files in a process that may fail: it has no settings, no database and little memory. One question, one
 * answer, in order; it ends when whoever started it does.
 */
let rows: AsyncGenerator<TableRow[]> | null = null

async function answer(ask: Ask): Promise<Answer> {
  if ("open" in ask) {
    const table = await openTable(ask.open, ask.options)
    if (isRefused(table)) return { refusal: table }
    rows = inSlices(table.rows())
    const { rows: _, ...about } = table
    return { opened: about }
  }
  const next = await rows?.next()
  return next && !next.done ? { slice: next.value } : { end: true }
}

/** However long single rows are, what is handed over at once stays small. */
async function* inSlices(all: AsyncGenerator<TableRow[]>): AsyncGenerator<TableRow[]> {
  for await (const given of all) {
    let slice: TableRow[] = []
    let letters = 0
    for (const row of given) {
      const length = row.cells.reduce((sum, cell) => sum + cell.length, 0)
      const whole = length <= LINE_MAX_LENGTH
      slice.push(whole ? row : { line: row.line, cells: [], broken: "line_too_long" })
      letters += whole ? length : 0
      if (letters < SLICE_LETTERS) continue
      yield slice
      slice = []
      letters = 0
    }
    if (slice.length > 0) yield slice
  }
}

let last: Promise<unknown> = Promise.resolve()
process.on("message", (ask: Ask) => {
  last = last
    .then(() => answer(ask))
    .catch((error: Error): Answer => ({ damaged: error.message }))
    .then((said) => process.send?.(said))
})
process.on("disconnect", () => process.exit(0))
// Its folder for passing files is its own; where it is killed instead, whoever started it clears up.
const folder = process.argv[2]
if (folder && basename(folder).startsWith(FOLDER_PREFIX))
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }))
