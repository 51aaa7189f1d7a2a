import { join } from "node:path"
import { hash32 } from "../../src/kernel/chance.ts"
import { isRefused } from "../../src/kernel/result.ts"
import { openTable } from "../../src/platform/tables/table.ts"

export type Labelled = { text: string; is: boolean }
export type Sets = {
  /** Advertising messages and ordinary ones. */
  ads: Labelled[]
  /** Ordinary service talk: none of it is advertising or abuse. */
  chat: string[]
  /** Offensive sentences and harmless ones about the same subjects. */
  offensive: Labelled[]
  /** Shop reviews, abusive or not: for measuring only. */
  reviews: Labelled[]
  /** An advertisement, and the same with words rewritten so that no list finds them: for measuring only. */
  evasion: { method: string; original: string; evaded: string }[]
}

export const PARTS = 4

/** Which of the four parts a text is in: told by the text alone, so that it is the same on every machine. */
export const partOf = (text: string): number => hash32("part", text) % PARTS

export async function readSets(folder: string): Promise<Sets> {
  const [ads, chat, offensive, reviews, evasion] = await Promise.all(
    [
      "ad_spam_sms/dev.csv",
      "chat_ham/crosswoz_dev.csv",
      "offensive_cold/cold_dev.csv",
      "review_abuse/dev.csv",
      "ad_evasion/evasion_pairs_dev.csv",
    ].map((file) => readTable(join(folder, file))),
  )
  return {
    ads: ads!.map((r) => ({ text: r.text!, is: r.label === "spam" })),
    chat: chat!.map((r) => r.text!),
    offensive: offensive!.map((r) => ({ text: r.TEXT!, is: r.label === "1" })),
    reviews: reviews!.map((r) => ({ text: r.text!, is: r.label === "abuse" })),
    evasion: evasion!.map((r) => ({ method: r.method!, original: r.original!, evaded: r.evaded! })),
  }
}

async function readTable(path: string): Promise<Record<string, string>[]> {
  const table = await openTable(path, { header: true, delimiter: ",", encoding: "utf-8" })
  if (isRefused(table)) throw new Error(`${path}: ${table.refused}`)
  const found: Record<string, string>[] = []
  for await (const rows of table.rows())
    for (const { cells } of rows)
      found.push(Object.fromEntries(table.headings!.map((name, i) => [name, cells[i] ?? ""])))
  return found
}
