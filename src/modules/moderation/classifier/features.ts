import { syllableOf } from "../../../platform/chinese.ts"
import type { Reading } from "../text/normalise.ts"
import { shapesOf } from "./shapes.ts"

/** Places of a vector of features; a power of two. */
export const FEATURES = 1 << 18

const SPAN = 3
/** Letters of one text that are looked at: what comes after them tells little more. */
export const LETTERS_READ = 1_000

/**
 * Which features a text has, each once, in no order: its stretches of one to three letters, and the same by sound, so that a word written with
 * other characters of its sound is still that word. Latin letters and digits sound as they are written; runs of digits are one letter, since their
 * numbers tell nothing. And of how it looks: each trait of it counts twice, which is as much as can be learned without taking for an
 * advertisement whatever has the marks of one.
 */
export function featuresOf(text: string, reading: Pick<Reading, "text">): Int32Array {
  const letters = lettersOf(reading.text)
  const found = new Set<number>()
  stretches(
    letters.map((l) => hashText(l, SEED_LETTER)),
    1,
    found,
  )
  stretches(
    letters.map((l) => hashText(syllableOf(l) ?? l, SEED_SOUND)),
    2,
    found,
  )
  for (const shape of shapesOf(text)) {
    found.add(placeOf(hashText(shape, SEED_SHAPE)))
    found.add(placeOf(hashText(shape, SEED_SHAPE_AGAIN)))
  }
  return Int32Array.from(found)
}

const SEED_SHAPE = 0x27d4eb2f
const SEED_SHAPE_AGAIN = 0x165667b1
const SEED_LETTER = 0x2545f491
const SEED_SOUND = 0x9e3779b1
const EDGE = "\n"
const DIGITS = "0"

/** The letters of a text, with an edge at both its ends; digits in a row are one, and so is a row of the x that stands for them. */
function lettersOf(text: string): string[] {
  const letters = [EDGE]
  for (const letter of text) {
    const plain = letter >= "0" && letter <= "9" ? DIGITS : letter
    const last = letters.at(-1)
    if ((plain === DIGITS || plain === "x") && (last === DIGITS || last === "x")) {
      letters[letters.length - 1] = DIGITS
      continue
    }
    letters.push(plain)
    if (letters.length > LETTERS_READ) break
  }
  if (letters.at(-1) !== EDGE) letters.push(EDGE)
  return letters
}

function stretches(hashes: readonly number[], shortest: number, found: Set<number>): void {
  for (let i = 0; i < hashes.length; i++) {
    let h = 0
    for (let n = 1; n <= SPAN && i + n <= hashes.length; n++) {
      h = Math.imul(h ^ hashes[i + n - 1]!, 0x85ebca6b)
      h ^= h >>> 15
      if (n >= shortest) found.add(placeOf(h ^ n))
    }
  }
}

const placeOf = (hash: number) => (Math.imul(hash, 0xc2b2ae35) >>> 8) & (FEATURES - 1)

function hashText(text: string, seed: number): number {
  let h = seed
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return h ^ (h >>> 13)
}
