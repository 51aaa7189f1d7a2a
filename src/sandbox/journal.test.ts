import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { Journal } from "./journal.ts"
import { Store } from "./store.ts"

let home = ""
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "journal-"))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

function open() {
  const store = new Store()
  const table = store.table<string, number>("numbers")
  const journal = new Journal(home, (op) => store.load(op))
  const write = () => journal.write(store.take())
  return { store, table, journal, write }
}

const logFile = () => join(home, readdirSync(home).find((name) => name.startsWith("journal-"))!)

function filled(lines: number) {
  const first = open()
  for (let i = 0; i < lines; i++) {
    first.table.put(`k${i}`, i)
    first.table.put("last", i)
    first.write()
  }
  first.journal.close()
}

describe("what outlives a kill", () => {
  it("finds everything again that was written, removals included", () => {
    filled(5)
    const second = open()
    second.table.del("k1")
    second.write()
    second.journal.close()
    const third = open()
    expect([...third.table.rows.keys()].sort()).toEqual(["k0", "k2", "k3", "k4", "last"])
    third.journal.close()
  })

  it("cuts a half-written tail at every possible byte, keeps whole lines whole and goes on writing", () => {
    filled(3)
    const whole = readFileSync(logFile())
    for (let bytes = 0; bytes < whole.length; bytes++) {
      writeFileSync(logFile(), whole.subarray(0, bytes))
      const again = open()
      const last = again.table.get("last")
      // A line is one call: its changes are all there or none.
      expect(again.table.size).toBe(last === undefined ? 0 : last + 2)
      again.table.put("after", 1)
      again.write()
      again.journal.close()
      const after = open()
      expect(after.table.get("after")).toBe(1)
      expect(after.journal.cut_bytes).toBe(0)
      after.journal.close()
    }
  })

  it("stops at a damaged line instead of reading what follows it", () => {
    filled(4)
    const text = readFileSync(logFile(), "utf8")
    writeFileSync(logFile(), text.replace('"k2",2', '"k2",9'))
    const again = open()
    expect([...again.table.rows.keys()].sort()).toEqual(["k0", "k1", "last"])
    expect(again.journal.cut_bytes).toBeGreaterThan(0)
    again.journal.close()
  })

  it("starts a new journal with a snapshot and reads both", () => {
    filled(4)
    const second = open()
    second.journal.snapshot(second.store.all())
    expect(second.journal.size_bytes).toBe(0)
    second.table.put("new", 7)
    second.write()
    second.journal.close()
    appendFileSync(logFile(), "garbage")
    const third = open()
    expect(third.table.get("new")).toBe(7)
    expect(third.table.get("k3")).toBe(3)
    third.journal.close()
  })

  it("lives on when the kill came between the snapshot and its journal", () => {
    filled(2)
    const second = open()
    second.journal.snapshot(second.store.all())
    second.journal.close()
    rmSync(logFile())
    const third = open()
    expect(third.table.get("k1")).toBe(1)
    third.journal.close()
    truncateSync(logFile(), 0)
  })
})
