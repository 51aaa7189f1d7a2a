import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeSync,
} from "node:fs"
import { join } from "node:path"
import { hash32 } from "../kernel/chance.ts"

/** One change of one table: [table, key, value], or [table, key] for a removal. */
export type Op = [table: string, key: string | number, value?: unknown]

const SNAPSHOT = "snapshot.ndjson"

function sealed(json: string): string {
  return `${hash32(json).toString(36)} ${json}\n`
}

function unsealed(line: string): string | null {
  const space = line.indexOf(" ")
  if (space < 1) return null
  const json = line.slice(space + 1)
  return hash32(json).toString(36) === line.slice(0, space) ? json : null
}

/**
 * A snapshot file and one journal file of its generation. A line is what one request or one step changed, with a checksum,
 * written with one write() before the answer leaves: enough for kill -9 (the page cache outlives the process), without an
 * fsync per call. A damaged or half-written tail is cut at the first line that does not check.
 */
export class Journal {
  readonly cut_bytes: number = 0
  private readonly home: string
  private generation = 0
  private fd = -1
  private bytes = 0

  constructor(home: string, onOp: (op: Op) => void) {
    this.home = home
    mkdirSync(home, { recursive: true })
    const snapshot = join(home, SNAPSHOT)
    if (existsSync(snapshot)) {
      const lines = readFileSync(snapshot, "utf8").split("\n")
      this.generation = (JSON.parse(lines[0] ?? "{}") as { generation: number }).generation
      for (const line of lines.slice(1)) if (line !== "") onOp(JSON.parse(line) as Op)
    }
    const path = this.path()
    if (existsSync(path)) {
      const data = readFileSync(path)
      let good = 0
      while (good < data.length) {
        const end = data.indexOf(10, good)
        if (end < 0) break
        const json = unsealed(data.toString("utf8", good, end))
        if (json === null) break
        for (const op of JSON.parse(json) as Op[]) onOp(op)
        good = end + 1
      }
      if (good < data.length) truncateSync(path, good)
      this.cut_bytes = data.length - good
      this.bytes = good
    }
    this.fd = openSync(path, "a")
  }

  get size_bytes(): number {
    return this.bytes
  }

  write(ops: Op[]): void {
    const line = sealed(JSON.stringify(ops))
    this.bytes += writeSync(this.fd, line)
  }

  /** The whole state in a new file, put in place by one rename; then a fresh journal. */
  snapshot(ops: Iterable<Op>): void {
    const next = this.generation + 1
    const target = join(this.home, SNAPSHOT)
    const fd = openSync(target + ".new", "w")
    let lines = `${JSON.stringify({ generation: next })}\n`
    for (const op of ops) {
      lines += JSON.stringify(op) + "\n"
      if (lines.length > 1_000_000) {
        writeSync(fd, lines)
        lines = ""
      }
    }
    writeSync(fd, lines)
    fsyncSync(fd)
    closeSync(fd)
    renameSync(target + ".new", target)
    const old = this.path()
    closeSync(this.fd)
    this.generation = next
    this.bytes = 0
    this.fd = openSync(this.path(), "w")
    rmSync(old, { force: true })
  }

  close(): void {
    closeSync(this.fd)
  }

  private path(): string {
    return join(this.home, `journal-${this.generation}.log`)
  }
}
