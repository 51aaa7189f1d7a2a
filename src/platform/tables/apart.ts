import { type ChildProcess, fork } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { isRefused, type Refusal, refuse } from "../../kernel/result.ts"
import { ROOT } from "../config.ts"
import {
  FOLDER_PREFIX,
  READER_IDLE_MS,
  READER_MEMORY_MB,
  READER_SILENCE_MS,
  READER_YOUNG_MB,
} from "./limits.ts"
import type { Table, TableOptions, TableRow } from "./table.ts"

export type Ask = { open: string; options: TableOptions } | { next: true }
export type Answer =
  | { refusal: Refusal }
  | { opened: Omit<Table, "rows"> }
  | { slice: TableRow[] }
  | { end: true }
  | { damaged: string }

/** A table that is read elsewhere; it must be closed. */
export type ApartTable = Table & { close(): void }

/** The file turned out to be unreadable while rows of it were already taken. */
export class TableLost extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.refused)
  }
}

/**
 * Opens a table as `openTable` does, but in a process of its own with bounded memory: a file that is made to exhaust its reader
 * takes that process along and is refused, and the server goes on.
 */
export async function openApart(path: string, options: TableOptions): Promise<ApartTable | Refusal> {
  const reader = borrow()
  const answer = await reader.ask({ open: resolve(path), options: pick(options) })
  if (!("opened" in answer)) {
    reader.giveBack()
    return refusalOf(answer)
  }
  let half_read = false
  return {
    ...answer.opened,
    async *rows() {
      half_read = true
      let ahead = reader.ask({ next: true })
      for (;;) {
        const got = await ahead
        if ("end" in got) {
          half_read = false
          return
        }
        if (!("slice" in got)) throw new TableLost(refusalOf(got))
        ahead = reader.ask({ next: true })
        yield got.slice
      }
    },
    // What a workbook's library leaves open behind it must not fall upon the next file.
    close: () => (half_read || answer.opened.kind === "xlsx" ? reader.end() : reader.giveBack()),
  }
}

/** Of what a caller has, signals and functions included, only what a table is read by. */
const pick = ({ header, delimiter, encoding, sheet }: TableOptions): TableOptions => ({
  header,
  ...(delimiter ? { delimiter } : {}),
  ...(encoding ? { encoding } : {}),
  ...(sheet === undefined ? {} : { sheet }),
})

function refusalOf(answer: Answer): Refusal {
  if ("refusal" in answer && isRefused(answer.refusal)) return answer.refusal
  return refuse("damaged_file", { detail: { reason: "damaged" in answer ? answer.damaged : "unreadable" } })
}

type Reader = { ask(question: Ask): Promise<Answer>; giveBack(): void; end(): void }

/** One reader that has nothing to do is kept a while: to start one takes longer than to read a small file. */
let idle: { reader: Reader; until: NodeJS.Timeout } | null = null

function borrow(): Reader {
  if (!idle) return start()
  const { reader, until } = idle
  clearTimeout(until)
  idle = null
  return reader
}

const PROGRAM = fileURLToPath(new URL("./reader-process.ts", import.meta.url))
/** What a Node process needs to run at all; our settings are not its business. */
const NEEDED = ["PATH", "HOME", "SystemRoot", "TZ"]

function start(): Reader {
  const folder = mkdtempSync(join(tmpdir(), FOLDER_PREFIX))
  const child = fork(PROGRAM, [folder], {
    cwd: ROOT,
    execArgv: [
      ...["--import", "tsx"],
      `--max-old-space-size=${READER_MEMORY_MB}`,
      `--max-semi-space-size=${READER_YOUNG_MB}`,
    ],
    env: {
      ...Object.fromEntries(NEEDED.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
      TMPDIR: folder,
    },
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  })
  let dead: Answer | null = null
  const waiting: ((answer: Answer) => void)[] = []
  const fall = (answer: Answer) => {
    dead ??= answer
    for (const settle of waiting.splice(0)) settle(dead)
    rmSync(folder, { recursive: true, force: true })
    if (idle?.reader === reader) idle = null
  }
  child.on("message", (answer: Answer) => waiting.shift()?.(answer))
  child.on("error", (error) => fall({ damaged: error.message }))
  child.on("exit", (code, signal) => fall(lastWords(code, signal)))
  const reader: Reader = {
    ask(question) {
      if (dead) return Promise.resolve(dead)
      awake(child, true)
      return new Promise((settle) => {
        const late = setTimeout(() => child.kill("SIGKILL"), READER_SILENCE_MS)
        waiting.push((answer) => {
          clearTimeout(late)
          settle(answer)
        })
        child.send(question)
      })
    },
    giveBack() {
      if (dead || idle) return reader.end()
      awake(child, false)
      idle = { reader, until: setTimeout(() => reader.end(), READER_IDLE_MS).unref() }
    },
    end() {
      // Before its exit is heard nobody may borrow it: a file would be refused for what its reader did to itself.
      if (idle?.reader === reader) idle = null
      child.kill("SIGKILL")
      // Here too, since this process may be gone before it hears of the other's end.
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return reader
}

/** Only while it is asked something does a reader keep this process from ending. */
function awake(child: ChildProcess, yes: boolean): void {
  if (yes) child.ref()
  else child.unref()
  const channel = child.channel as { ref?(): void; unref?(): void } | null | undefined
  if (yes) channel?.ref?.()
  else channel?.unref?.()
}

/** Out of memory, Node aborts; the system, or we after a long silence, kill: the file is more than a table. */
function lastWords(code: number | null, signal: NodeJS.Signals | null): Answer {
  if (signal !== null || code === 134) return { refusal: refuse("unpacks_too_large") }
  return { damaged: `the reader ended with ${code}` }
}
