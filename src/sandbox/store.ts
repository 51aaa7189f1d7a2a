import type { Op } from "./journal.ts"

/** A keyed table whose every change is noted for the journal. Values are replaced, never changed in place. */
export class Table<K extends string | number, V> {
  readonly name: string
  readonly rows = new Map<K, V>()
  private readonly note: (op: Op) => void
  private readonly watch: ((key: K, value: V | undefined, before: V | undefined) => void)[] = []

  constructor(name: string, note: (op: Op) => void) {
    this.name = name
    this.note = note
  }

  get(key: K): V | undefined {
    return this.rows.get(key)
  }

  has(key: K): boolean {
    return this.rows.has(key)
  }

  get size(): number {
    return this.rows.size
  }

  put(key: K, value: V): void {
    this.set(key, value)
    this.note([this.name, key, value])
  }

  del(key: K): void {
    if (!this.rows.has(key)) return
    this.set(key, undefined)
    this.note([this.name, key])
  }

  /** Keeps an index beside the table right, at load as in operation. */
  onChange(watcher: (key: K, value: V | undefined, before: V | undefined) => void): void {
    this.watch.push(watcher)
  }

  /** Without a note: for loading. */
  set(key: K, value: V | undefined): void {
    const before = this.rows.get(key)
    if (value === undefined) this.rows.delete(key)
    else this.rows.set(key, value)
    for (const watcher of this.watch) watcher(key, value, before)
  }

  /** The newest `keep` rows by order of insertion stay. */
  trim(keep: number): void {
    for (const key of this.rows.keys()) {
      if (this.rows.size <= keep) return
      this.del(key)
    }
  }
}

/** All tables and the ops since the last flush. */
export class Store {
  private readonly tables = new Map<string, Table<string | number, unknown>>()
  private pending: Op[] = []
  private readonly note = (op: Op): void => {
    this.pending.push(op)
  }

  table<K extends string | number, V>(name: string): Table<K, V> {
    const table = new Table<K, V>(name, this.note)
    this.tables.set(name, table as unknown as Table<string | number, unknown>)
    return table
  }

  load([name, key, value]: Op): void {
    this.tables.get(name)?.set(key, value)
  }

  take(): Op[] {
    const ops = this.pending
    this.pending = []
    return ops
  }

  *all(): Generator<Op> {
    for (const [name, table] of this.tables) for (const [key, value] of table.rows) yield [name, key, value]
  }
}
