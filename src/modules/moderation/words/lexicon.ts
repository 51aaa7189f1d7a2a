import type { Hit } from "../patterns.ts"
import type { Normaliser, Reading } from "../text/normalise.ts"
import { createAutomaton } from "./automaton.ts"

/** Words of one kind, and what a hit means. */
export type WordList = { category: string; verdict: Hit["verdict"]; words: readonly string[] }

/** Finds the words of all lists in a reading; a word is found as it is read, however it is written there. */
export type Lexicon = { find(reading: Reading): Hit[]; readonly words: number }

/** A word that reads as a single letter would be found everywhere. */
const LETTERS_MIN = 2

export function createLexicon(
  lists: readonly WordList[],
  normalise: Normaliser,
  allowed: readonly string[] = [],
): Lexicon {
  const read = (word: string) => normalise(word).text.trim()
  const free = new Set(allowed.map(read))
  const known = new Map<string, WordList>()
  for (const list of lists)
    for (const word of list.words) {
      const letters = read(word)
      if (letters.length >= LETTERS_MIN && !free.has(letters) && !known.has(letters)) known.set(letters, list)
    }
  const words = [...known.keys()]
  const machine = createAutomaton(words)
  return {
    words: words.length,
    find(reading) {
      const hits: Hit[] = []
      machine.scan(reading.text, (word, end) => {
        const letters = words[word]!
        if (isLatin(letters) && insideLatin(reading.text, end - letters.length, end)) return
        const list = known.get(letters)!
        hits.push({
          ...{ rule: `word.${list.category}`, verdict: list.verdict },
          ...{ from: reading.from[end - letters.length]!, to: reading.to[end - 1]! },
        })
      })
      return hits
    },
  }
}

const LATIN = /^[a-z0-9]+$/
const isLatin = (word: string) => LATIN.test(word)
/** A Latin word within a longer one is another word. */
const insideLatin = (text: string, from: number, to: number) =>
  /[a-z0-9]/.test(text.charAt(from - 1)) || /[a-z0-9]/.test(text.charAt(to))
