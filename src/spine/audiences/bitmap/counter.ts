import { type Db, maybeRow, oneRow, rows, type Tx, tx } from "../../../platform/db.ts"
import type { Registry, Test, ViewTest } from "../../offers/index.ts"
import { ROW, SCOPE, TRAITS_TABLE } from "../../traits/index.ts"
import type { Audience } from "../audience.ts"
import { testsOf } from "../evaluate.ts"
import { ANSWERS_KEPT, COLUMN_IDLE_MS, FRESH_MS, RELOAD_FROM } from "../limits.ts"
import { conditionSql, type Scope } from "../sql.ts"
import { addTo, type Bits, countOf, dropFrom, firstOf, grown, keepCommon, wordsFor } from "./bitset.ts"
import { changedNumbers, loadColumns, reloadNumbers } from "./load.ts"
import { LoadedColumn } from "./loaded.ts"
import { NumberColumn } from "./number-column.ts"
import { type Answers, answer, combined } from "./questions.ts"

/** A count and the state it is true of: everything committed at that position (a snapshot), on that day. */
export type LiveCount = { count: number; as_of: { position: string; at: Date; day: number } }

export type CounterOptions = { db: Db; registry: Registry; machineNow?: () => number; fresh_ms?: number }

/** What must be in memory before an audience can be counted. */
type Needs = { traits: readonly string[]; views: readonly ViewTest[]; words: readonly string[] }
const NOTHING: Needs = { traits: [], views: [], words: [] }
const NO_WORD = -1

function wordsIn(test: Test): string[] {
  if (test.op === "has") return [test.tag]
  return test.op === "in" ? test.values.map(String) : []
}

/**
 * Counts audiences from bitmaps in memory, for someone who is typing. It never decides who gets anything: that is SQL's. What it
 * says is exactly what SQL says at the position it names, which is at most FRESH_MS old.
 */
export class Counter {
  private readonly loaded = new Map<string, LoadedColumn>()
  private everybody: Bits = new Uint32Array(1)
  private numbers = 0
  private wordIds = new Map<string, number>()
  private answers = new Map<string, Bits>()
  private position: string | null = null
  private synced_at = 0
  private rowAnswers = new Map<string, Bits>()
  private running: Promise<void> | null = null

  constructor(private readonly options: CounterOptions) {}

  /** How many match, of those whose data may be seen. */
  async count(audience: Audience, scope: Scope = null): Promise<LiveCount> {
    const bits = await this.bitsOf(audience, scope)
    return { count: countOf(bits), as_of: this.asOf(audience) }
  }

  /** The count and its first members, of one state and from one set. */
  async look(
    audience: Audience,
    options: { scope?: Scope; limit: number },
  ): Promise<LiveCount & { numbers: number[] }> {
    const bits = await this.bitsOf(audience, options.scope ?? null)
    return {
      count: countOf(bits),
      as_of: this.asOf(audience),
      numbers: firstOf(bits, 0, options.limit),
    }
  }

  /** The first members after a number, as candidates to be looked at in SQL. */
  async pick(
    audience: Audience,
    options: { scope?: Scope; after?: number; limit: number },
  ): Promise<number[]> {
    const bits = await this.bitsOf(audience, options.scope ?? null)
    return firstOf(bits, (options.after ?? -1) + 1, options.limit)
  }

  /**
   * Brings everything that is in memory up to now, and what this audience asks into it. Given a transaction of the caller's
   * (REPEATABLE READ), the state is the one that it sees.
   */
  async sync(needs: Needs = NOTHING, within?: Tx): Promise<void> {
    while (this.running) await this.running
    const work = within
      ? this.bring(within, needs)
      : tx(this.options.db, async (t) => {
          await t.query("set transaction isolation level repeatable read read only")
          await this.bring(t, needs)
        })
    const running = work.then(
      () => undefined,
      () => undefined,
    )
    this.running = running
    try {
      await work
    } catch (error) {
      this.forget()
      throw error
    } finally {
      this.running = null
    }
  }

  /** The traits, words and rows that an audience asks. */
  needsOf(audience: Audience, scope: Scope = null): Needs {
    const tests = testsOf(audience.conditional)
    return {
      traits: scope ? [SCOPE, ...audience.traits] : audience.traits,
      views: tests.filter((test) => "view" in test),
      words: tests.flatMap((test) => ("view" in test ? [] : wordsIn(test))),
    }
  }

  private async bitsOf(audience: Audience, scope: Scope): Promise<Bits> {
    const needs = this.needsOf(audience, scope)
    while (this.running) await this.running
    if (this.isStale() || this.lacks(needs)) await this.sync(needs)
    // from here on nothing waits: what is counted is one state
    const now = this.machineNow()
    for (const name of needs.traits) this.loaded.get(name)!.used_at = now
    const bits = combined(audience.conditional, this.everybody, this.answering)
    if (scope) keepCommon(bits, this.ask({ trait: SCOPE, op: "in", values: [...scope] }))
    return bits
  }

  private isStale(): boolean {
    return this.position === null || this.machineNow() - this.synced_at > (this.options.fresh_ms ?? FRESH_MS)
  }

  private lacks(needs: Needs): boolean {
    return (
      needs.traits.some((name) => !this.loaded.has(name)) ||
      needs.words.some((word) => !this.wordIds.has(word)) ||
      needs.views.some((view) => !this.rowAnswers.has(JSON.stringify(view)))
    )
  }

  private asOf(audience: Audience): LiveCount["as_of"] {
    return { position: this.position!, at: new Date(this.synced_at), day: audience.moment.day }
  }

  private readonly answering: Answers = {
    of: (test) => this.ask(test),
    rangeOf: ({ trait }) => {
      const { column } = this.loaded.get(trait)!
      return column instanceof NumberColumn ? column : null
    },
  }

  private ask(test: Test | ViewTest): Bits {
    const key = JSON.stringify(test)
    if ("view" in test) return this.rowAnswers.get(key)!
    const known = this.answers.get(key)
    if (known) return known
    const bits = answer(this.loaded.get(test.trait)!, test, this.wordIds)
    if (this.answers.size >= ANSWERS_KEPT) this.answers.delete(this.answers.keys().next().value!)
    this.answers.set(key, bits)
    return bits
  }

  private async bring(t: Tx, { traits, views, words }: Needs): Promise<void> {
    const here = await oneRow<{ position: string; top: number; floor: string }>(
      t,
      `select pg_current_snapshot()::text as position, (select coalesce(max(number), -1) from ${TRAITS_TABLE}) as top,
         (select tx::text from traits_floor) as floor`,
    )
    const now = this.machineNow()
    for (const [name, column] of this.loaded)
      if (now - column.used_at > COLUMN_IDLE_MS && !traits.includes(name)) this.loaded.delete(name)
    const lost = this.position !== null && Number(this.position.split(":")[0]) < Number(here.floor)
    const changed =
      this.position === null || lost
        ? null
        : await changedNumbers(t, this.position, [ROW, ...this.loaded.keys()])
    const numbers = new Set(changed ? [...changed.values()].flatMap((set) => [...set]) : [])
    const reload = changed === null || numbers.size > RELOAD_FROM
    const wanted = new Set([...this.loaded.keys(), ...traits])
    if (reload) this.forget()
    if (numbers.size > 0) this.answers.clear()
    this.makeRoom(here.top + 1)
    if (!reload && numbers.size > 0) await this.follow(t, [...numbers])
    const missing = [...wanted].filter((name) => !this.loaded.has(name))
    if (reload || missing.length > 0) await this.load(t, missing)
    await this.loadWords(t, words)
    this.rowAnswers.clear()
    for (const view of views) await this.askRows(t, view)
    this.position = here.position
    this.synced_at = now
  }

  private makeRoom(numbers: number): void {
    if (numbers <= this.numbers) return
    this.numbers = Math.max(numbers, Math.ceil(this.numbers * 1.25), 1_024)
    this.everybody = grown(this.everybody, wordsFor(this.numbers))
    for (const { column } of this.loaded.values()) column.grow(this.numbers)
    this.answers.clear()
  }

  private async follow(t: Tx, numbers: number[]): Promise<void> {
    const columns = [...this.loaded.values()]
    for (const n of await reloadNumbers(t, columns, numbers, this.everybody)) {
      dropFrom(this.everybody, n)
      for (const column of columns) column.put(n, null)
    }
  }

  private async load(t: Tx, names: readonly string[]): Promise<void> {
    const fresh = names.map((name) => {
      const kind = name === SCOPE ? "text" : this.options.registry.traits.get(name)!.kind
      return new LoadedColumn(name, kind, this.numbers)
    })
    await loadColumns(t, fresh, this.everybody)
    for (const column of fresh) {
      column.used_at = this.machineNow()
      this.loaded.set(column.trait, column)
    }
  }

  /** A word that is not in the database yet is nobody's, until something changes. */
  private async loadWords(t: Tx, words: readonly string[]): Promise<void> {
    const asked = new Set(words)
    for (const [word, id] of this.wordIds) if (id === NO_WORD) asked.add(word)
    const unknown = [...asked].filter((word) => (this.wordIds.get(word) ?? NO_WORD) === NO_WORD)
    if (unknown.length === 0) return
    const found = await rows<{ id: number; word: string }>(
      t,
      "select id, word from traits_words where word = any($1)",
      [unknown],
    )
    for (const word of unknown) this.wordIds.set(word, NO_WORD)
    for (const { id, word } of found) this.wordIds.set(word, id)
  }

  /** Questions that rows decide are asked in SQL, in the same snapshot. */
  private async askRows(t: Tx, view: ViewTest): Promise<void> {
    const params: unknown[] = []
    const where = conditionSql(this.options.registry, view, params)
    const found = await maybeRow<{ numbers: number[] | null }>(
      t,
      `select array_agg(c.number) as numbers from ${TRAITS_TABLE} c where ${where}`,
      params,
    )
    const bits = new Uint32Array(this.everybody.length)
    for (const n of found?.numbers ?? []) addTo(bits, n)
    this.rowAnswers.set(JSON.stringify(view), bits)
  }

  private forget(): void {
    this.loaded.clear()
    this.rowAnswers.clear()
    this.answers.clear()
    this.everybody = new Uint32Array(wordsFor(this.numbers))
    this.position = null
  }

  private machineNow(): number {
    return this.options.machineNow?.() ?? Date.now()
  }
}

export function createCounter(options: CounterOptions): Counter {
  return new Counter(options)
}
