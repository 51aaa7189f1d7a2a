import { invariant } from "../../kernel/invariant.ts"
import { oneRow, type Queryable, rows, type Tx, uuidList } from "../../platform/db.ts"
import { append, type Origin } from "../facts/index.ts"
import { CAST_TYPE, type Column } from "./columns.ts"
import { traitChanged } from "./events.ts"
import { PUBLISH_BATCH, WORDS_BATCH, WORDS_MAX } from "./limits.ts"
import { type Given, publishStatement, wordStatement } from "./statement.ts"
import { numberWords } from "./words.ts"

/** Days are day numbers, money fen; a list is a set of words; null means unknown. */
export type TraitValue = string | number | boolean | readonly string[] | null

export type TraitRow = {
  customer_id: string
  value: TraitValue
  /** Since when it holds; `now` where it is not said. Kept, with `why`, when the value changes. */
  since?: Date
  /** The rule and the numbers that decided. */
  why?: Record<string, unknown>
}

/** Values by trait; a customer that has no row yet is passed over. */
export type Published = Record<string, readonly TraitRow[]>

/** `tell` says that changed classes are told as facts, and of which origin. */
export type PublishOptions = { tell?: Origin }

/**
 * Writes what is now known, set-wise, and logs what changed by it. Traits given for the same customers are one update. Values
 * that are as before write nothing. Gives how many customers changed.
 */
export async function publish(
  t: Tx,
  values: Published,
  now: Date,
  options: PublishOptions = {},
): Promise<number> {
  const names = Object.keys(values).filter((name) => values[name]!.length > 0)
  const known = await columnsOf(t, names)
  let changed = 0
  for (const group of groupsOf(values, names)) {
    const cols = group.names.map((name) => known.get(name)!)
    for (let at = 0; at < group.ids.length; at += PUBLISH_BATCH) {
      const ids = group.ids.slice(at, at + PUBLISH_BATCH)
      const given = await arraysOf(t, cols, ids, group.rows, now)
      changed += await write(t, given, now, options)
    }
  }
  return changed
}

/**
 * The same from a query, for values that are in the database already: `sql` gives `customer_id` and a column a trait, named
 * v1, v2 … in the order of `traits`; with `reasons` also s1, s2 … (since) and w1, w2 … (why). No sets of words come this way.
 */
export async function publishFrom(
  t: Tx,
  from: { traits: readonly string[]; sql: string; params?: readonly unknown[]; reasons?: boolean },
  now: Date,
  options: PublishOptions = {},
): Promise<number> {
  const known = await columnsOf(t, from.traits)
  const cols = from.traits.map((name) => known.get(name)!)
  for (const c of cols) invariant(c.kind !== "tags", `${c.trait} is a set of words and goes by publish`)
  const reasons = from.traits.map(() => from.reasons === true)
  return write(t, { cols, sql: from.sql, params: [...(from.params ?? [])], reasons }, now, options)
}

/**
 * Puts words into a set of words of each of these customers, and takes others out: what the owner of the set has just changed about
 * them, word by word, without reading the sets. Whoever calls holds the customers against others who change the same set; what others publish
 * of them goes on.
 */
export async function publishWords(
  t: Tx,
  trait: string,
  shifts: readonly { word: string; put: boolean; ids: readonly string[] }[],
): Promise<number> {
  const column = (await columnsOf(t, [trait])).get(trait)!
  invariant(column.kind === "tags", `${trait} is no set of words`)
  const numbers = await numberWords(
    t,
    shifts.map((s) => s.word),
  )
  let changed = 0
  // Out before in: a set that is full takes one in the place of another.
  for (const { word, put, ids } of [...shifts].sort((a, b) => Number(a.put) - Number(b.put))) {
    for (let at = 0; at < ids.length; at += WORDS_BATCH) {
      const params = [uuidList(ids.slice(at, at + WORDS_BATCH)), numbers.get(word)!]
      changed += (await oneRow<{ n: number }>(t, wordStatement(column, put), params)).n
    }
  }
  return changed
}

async function write(t: Tx, given: Given, now: Date, options: PublishOptions): Promise<number> {
  const told = options.tell ? given.cols.filter((c) => c.classed) : []
  const answer = await oneRow<{
    changed: number
    told: { c: string; t: string; f: string; v: string }[] | null
  }>(t, publishStatement(given, told), given.params)
  if (options.tell && answer.told)
    await append(
      t,
      answer.told.map((x) =>
        traitChanged.of({
          subject: x.c,
          occurred_at: now,
          origin: options.tell,
          payload: { trait: x.t, from: x.f, to: x.v },
        }),
      ),
    )
  return answer.changed
}

async function columnsOf(q: Queryable, names: readonly string[]): Promise<Map<string, Column>> {
  const found = await rows<Column>(
    q,
    "select trait, kind, classed from traits_columns where trait = any($1)",
    [names],
  )
  const known = new Map(found.map((c) => [c.trait, c]))
  for (const name of names) invariant(known.has(name), `trait ${name} is published but offered by nobody`)
  return known
}

type Group = { names: string[]; ids: string[]; rows: Map<string, Map<string, TraitRow>> }

/** Traits that speak of the same customers go together; each group's customers in order, so that locks are taken in order. */
function groupsOf(values: Published, names: readonly string[]): Group[] {
  const groups: Group[] = []
  for (const name of names) {
    const byId = new Map(values[name]!.map((row) => [row.customer_id, row]))
    const ids = [...byId.keys()].sort()
    const same = groups.find((g) => g.ids.length === ids.length && g.ids.every((id, i) => id === ids[i]))
    const group: Group = same ?? { names: [], ids, rows: new Map() }
    if (!same) groups.push(group)
    group.names.push(name)
    group.rows.set(name, byId)
  }
  return groups
}

async function arraysOf(
  t: Tx,
  cols: Column[],
  ids: string[],
  rowsOf: Group["rows"],
  now: Date,
): Promise<Given> {
  const params: unknown[] = [ids]
  const names = ["customer_id"]
  const select = ["customer_id"]
  const types = ["uuid"]
  const reasons: boolean[] = []
  const add = (name: string, type: string, list: unknown[], expression = name) => {
    params.push(list)
    names.push(name)
    types.push(type)
    select.push(`${expression} as ${name}`)
  }
  for (const [i, column] of cols.entries()) {
    const list = ids.map((id) => rowsOf.get(column.trait)!.get(id)!)
    const n = i + 1
    if (column.kind === "tags") add(`v${n}`, "text", await wordLists(t, column, list), `v${n}::int[]`)
    else
      add(
        `v${n}`,
        CAST_TYPE[column.kind],
        list.map((row) => row.value),
      )
    reasons.push(list.some((row) => row.why !== undefined))
    if (!reasons[i]) continue
    add(
      `s${n}`,
      "timestamptz",
      list.map((row) => (row.since ?? now).toISOString()),
    )
    add(
      `w${n}`,
      "jsonb",
      list.map((row) => (row.why ? JSON.stringify(row.why) : null)),
    )
  }
  const arrays = types.map((type, i) => `$${i + 1}::${type}[]`).join(", ")
  return {
    cols,
    reasons,
    params,
    sql: `select ${select.join(", ")} from unnest(${arrays}) as g (${names.join(", ")})`,
  }
}

/** Sets of words as sorted sets of their numbers: two equal sets are equal arrays. */
async function wordLists(t: Tx, column: Column, list: TraitRow[]): Promise<(string | null)[]> {
  const sets = list.map((row) => {
    invariant(row.value === null || Array.isArray(row.value), `${column.trait} takes a list`)
    return row.value as readonly string[] | null
  })
  for (const set of sets) invariant(!set || set.length <= WORDS_MAX, `${column.trait} has too many words`)
  const ids = await numberWords(
    t,
    sets.flatMap((set) => set ?? []),
  )
  return sets.map((set) =>
    set && set.length > 0
      ? `{${[...new Set(set)]
          .map((word) => ids.get(word)!)
          .sort((a, b) => a - b)
          .join()}}`
      : null,
  )
}
