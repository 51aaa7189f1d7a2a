import { search_actions as actionsEn, nav as navEn } from "../../words/en/frame.ts"
import { search_actions as actionsZh, nav as navZh } from "../../words/zh/frame.ts"
import { type NavWord, navigation } from "../navigation.ts"
import { readings } from "./readings.ts"

export type ActionWord = keyof typeof actionsZh

/** A page or an action, with all that it is found by. */
export type Entry = {
  key: string
  word: NavWord | ActionWord
  permission: string | null
  names: string[]
} & ({ kind: "page"; to: string } | { kind: "action"; to: string | null })

/** What can be begun from anywhere; without an address it is done on the spot. */
const ACTIONS: [word: ActionWord, permission: string | null, to: string | null][] = [
  ["new_send", "sends.write", "/sends/new"],
  ["new_segment", "segments.write", "/segments/new"],
  ["import_table", "imports.write", "/imports/new"],
  ["switch_language", null, null],
  ["light", null, null],
  ["dark", null, null],
  ["system_mode", null, null],
]

/** Pages and actions in the order of the navigation; only those that the person may open. */
export function entriesFor(can: (permission: string) => boolean): Entry[] {
  const pages = navigation
    .flatMap((item) => item.leaves)
    .map(
      (leaf): Entry => ({
        kind: "page",
        key: leaf.to,
        word: leaf.word,
        permission: leaf.permission,
        to: leaf.to,
        names: [...namesOf(leaf.word, navZh[leaf.word], navEn[leaf.word])],
      }),
    )
  const actions = ACTIONS.map(
    ([word, permission, to]): Entry => ({
      kind: "action",
      key: `action:${word}`,
      word,
      permission,
      to,
      names: namesOf(word, actionsZh[word], actionsEn[word]),
    }),
  )
  return [...pages, ...actions].filter((entry) => entry.permission === null || can(entry.permission))
}

function namesOf(word: Entry["word"], zh: string, en: string): string[] {
  const syllables = readings[word].split(" ")
  return [zh, en, syllables.join(""), syllables.map((s) => s.slice(0, 1)).join("")].map(plain)
}

/** As it is compared: one width, lower case, no blanks. */
export const plain = (text: string) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, "")

const BEGINS = 0
const HOLDS = 1
const NOT = 2

/** Those that a text finds, what begins with it before what holds it. */
export function matching(entries: readonly Entry[], text: string): Entry[] {
  const wanted = plain(text)
  if (wanted === "") return []
  const rank = (entry: Entry) =>
    Math.min(
      ...entry.names.map((name) => (name.startsWith(wanted) ? BEGINS : name.includes(wanted) ? HOLDS : NOT)),
    )
  return entries
    .map((entry) => ({ entry, rank: rank(entry) }))
    .filter((one) => one.rank < NOT)
    .sort((a, b) => a.rank - b.rank)
    .map((one) => one.entry)
}
