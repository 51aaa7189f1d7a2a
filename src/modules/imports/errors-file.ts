import { once } from "node:events"
import { createWriteStream } from "node:fs"
import { copyFile, rename, rm } from "node:fs/promises"
import { csvLine, UTF8_MARK } from "../../kernel/csv.ts"
import type { FailedRow } from "./engine.ts"

export type FailuresFile = {
  write(failure: FailedRow): Promise<void>
  /** Ends the file under its name, with the given heading; where nothing failed it holds the heading alone. */
  close(headings: string[] | null): Promise<void>
  discard(): Promise<void>
}

/**
 * Failed rows as they came, with the line and the reason behind them, so that they can be put right and sent again. `goOn` writes
 * behind those that a file of that name holds; it stays as it is until this one takes its place.
 */
export async function failuresFile(path: string, { goOn = false } = {}): Promise<FailuresFile> {
  const part = `${path}.${process.pid}.part`
  if (goOn) await copyFile(path, part)
  const stream = createWriteStream(part, { flags: goOn ? "a" : "w" })
  await once(stream, "open")
  // A disk that is full is told to whoever writes next; unheard, the event would end the process.
  let broken: Error | null = null
  stream.on("error", (error) => {
    broken ??= error
  })
  const put = async (text: string) => {
    if (broken) throw broken
    if (!stream.write(text)) await once(stream, "drain")
  }
  const end = async () => {
    stream.end()
    if (!stream.closed) await new Promise<void>((ended) => stream.once("close", ended))
  }
  let headed = goOn
  const head = async (headings: string[] | null, width: number) => {
    if (headed) return
    headed = true
    const columns = headings ?? Array.from({ length: width }, (_, i) => `列${i + 1}`)
    await put(UTF8_MARK + csvLine([...columns, "行号", "错误原因"]))
  }
  return {
    async write({ line, reason, cells, headings }) {
      const width = headings?.length ?? cells.length
      await head(headings, width)
      const padded = Array.from({ length: Math.max(width, cells.length) }, (_, i) => cells[i] ?? "")
      await put(csvLine([...padded, String(line), reason]))
    },
    async close(headings) {
      await head(headings, 0)
      await end()
      if (broken) throw broken
      await rename(part, path)
    },
    async discard() {
      await end()
      await rm(part, { force: true })
    },
  }
}
