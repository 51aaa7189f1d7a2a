import { type Queryable, rows, run } from "../../platform/db.ts"

/** The numbers of words; words not met before get one. */
export async function numberWords(q: Queryable, words: readonly string[]): Promise<Map<string, number>> {
  const asked = [...new Set(words)].sort()
  if (asked.length === 0) return new Map()
  const find = () =>
    rows<{ id: number; word: string }>(q, "select id, word from traits_words where word = any($1)", [asked])
  let found = await find()
  if (found.length < asked.length) {
    await run(q, "insert into traits_words (word) select unnest($1::text[]) on conflict do nothing", [asked])
    found = await find()
  }
  return new Map(found.map((r) => [r.word, r.id]))
}

/** The words of numbers. */
export async function wordsOf(q: Queryable, ids: readonly number[]): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map()
  const found = await rows<{ id: number; word: string }>(
    q,
    "select id, word from traits_words where id = any($1)",
    [[...new Set(ids)]],
  )
  return new Map(found.map((r) => [r.id, r.word]))
}
