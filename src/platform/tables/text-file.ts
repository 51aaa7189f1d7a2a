import { createReadStream } from "node:fs"
import { open } from "node:fs/promises"
import { type Refusal, refuse } from "../../kernel/result.ts"

export const ENCODINGS = ["utf-8", "gb18030", "utf-16le", "utf-16be"] as const
export type Encoding = (typeof ENCODINGS)[number]

const CHUNK_BYTES = 256 * 1024

/**
 * The encoding of a text file: by its mark (BOM), else UTF-8 when all of it is, else GB18030 when all of it is. The whole file
 * is looked at, since a table may be plain ASCII up to its last row. A file cut inside a letter is still what it was.
 */
export async function detectEncoding(path: string): Promise<Encoding | Refusal> {
  const file = await open(path)
  const start = Buffer.alloc(4)
  const { bytesRead } = await file.read(start, 0, 4, 0).finally(() => file.close())
  const mark = start.subarray(0, bytesRead)
  if (mark[0] === 0xff && mark[1] === 0xfe) return "utf-16le"
  if (mark[0] === 0xfe && mark[1] === 0xff) return "utf-16be"
  if (await decodes(path, "utf-8")) return "utf-8"
  if (await decodes(path, "gb18030")) return "gb18030"
  return refuse("unknown_encoding")
}

async function decodes(path: string, encoding: Encoding): Promise<boolean> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES }))
      decoder.decode(chunk as Buffer, { stream: true })
    return true
  } catch (error) {
    if (error instanceof TypeError) return false
    throw error
  }
}

/** The text of a file in pieces, without its mark. */
export async function* readText(path: string, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding)
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
    const text = decoder.decode(chunk as Buffer, { stream: true })
    if (text) yield text
  }
  const rest = decoder.decode()
  if (rest) yield rest
}

export type Delimiter = "," | "\t" | ";" | "|" | "whitespace"
const CANDIDATES = [",", "\t", ";", "|"] as const

/** The delimiter that the first line uses most outside of quotes; a comma where none is used. */
export function guessDelimiter(firstLine: string): Delimiter {
  const bare = firstLine.replace(/"[^"]*"/g, "")
  const counts = CANDIDATES.map((d) => bare.split(d).length - 1)
  const best = counts.indexOf(Math.max(...counts))
  return counts[best]! > 0 ? CANDIDATES[best]! : ","
}

/** One row: its number in the file (from 1, a row over several lines counts once) and its cells; `broken` where it ends badly. */
export type TextRow = { line: number; cells: string[]; broken?: "unclosed_quote" | "line_too_long" }

/**
 * Rows of delimited text (RFC 4180, and a quote inside an unquoted cell is itself). A quoted cell may hold line ends; one that
 * the end of the file leaves open is told as a broken row and not guessed at. Rows without any cell are passed over but counted.
 */
export async function* delimitedRows(
  text: AsyncIterable<string>,
  delimiter: Exclude<Delimiter, "whitespace">,
  line_max: number,
): AsyncGenerator<TextRow[]> {
  let cells: string[] = []
  let cell = ""
  let line = 1
  let length = 0
  let state: "start" | "bare" | "quoted" | "closed" = "start"
  let swallowNewline = false
  let tooLong = false
  for await (const chunk of text) {
    const out: TextRow[] = []
    let from = 0
    const endRow = () => {
      if (tooLong) out.push({ line, cells: [], broken: "line_too_long" })
      else if (cells.length > 0 || cell !== "" || state !== "start")
        out.push({ line, cells: [...cells, cell] })
      cells = []
      cell = ""
      state = "start"
      tooLong = false
      length = 0
      line++
    }
    for (let i = 0; i < chunk.length; i++) {
      const c = chunk[i]!
      if (swallowNewline) {
        swallowNewline = false
        if (c === "\n") {
          from = i + 1
          continue
        }
      }
      if (state === "quoted") {
        if (c === '"') {
          cell += chunk.slice(from, i)
          from = i + 1
          state = "closed"
        }
      } else if (c === delimiter) {
        cells.push(cell + chunk.slice(from, i))
        cell = ""
        from = i + 1
        state = "start"
        // An empty cell after a delimiter still makes a row.
      } else if (c === "\n" || c === "\r") {
        cell += chunk.slice(from, i)
        length += i - from
        endRow()
        from = i + 1
        swallowNewline = c === "\r"
      } else if (c === '"' && state === "closed") {
        cell += '"'
        from = i + 1
        state = "quoted"
      } else if (c === '"' && state === "start") {
        from = i + 1
        state = "quoted"
      } else if (state === "start" || state === "closed") {
        state = "bare"
      }
    }
    cell += chunk.slice(from)
    length += chunk.length - from
    if (length > line_max) {
      tooLong = true
      cell = ""
      cells = []
      length = 0
    }
    if (out.length > 0) yield out
  }
  if (state === "quoted") yield [{ line, cells: [...cells, cell], broken: "unclosed_quote" }]
  else if (tooLong) yield [{ line, cells: [], broken: "line_too_long" }]
  else if (cells.length > 0 || cell !== "") yield [{ line, cells: [...cells, cell] }]
}

/** Rows of fixed columns that are told apart by blanks only, as statistics programs print them. */
export async function* blankRows(text: AsyncIterable<string>, line_max: number): AsyncGenerator<TextRow[]> {
  let rest = ""
  let line = 1
  const row = (content: string): TextRow | null => {
    const at = line++
    if (content.length > line_max) return { line: at, cells: [], broken: "line_too_long" }
    const trimmed = content.trim()
    return trimmed === "" ? null : { line: at, cells: trimmed.split(/\s+/) }
  }
  for await (const chunk of text) {
    const lines = (rest + chunk).split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop()!
    if (rest.length > line_max) rest = rest.slice(0, line_max + 1)
    yield lines.map(row).filter((r) => r !== null)
  }
  const last = row(rest)
  if (last) yield [last]
}
