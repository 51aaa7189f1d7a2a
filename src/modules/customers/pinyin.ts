import { pinyin } from "pinyin-pro"
import { simplified } from "../../platform/chinese.ts"
import { READINGS_MAX } from "./limits.ts"
import { plainSyllable, readingsOf } from "./polyphones.ts"

const HAN = /\p{Script=Han}/u

/** Counts up where a name gets other keys than before: those who were there already get theirs anew (rekey.ts). */
export const READINGS = 1

export type Keys = {
  /** The usual reading: `王小明` → `wangxiaoming`. */
  full: string
  /** Its initials: `wxm`. */
  initials: string
  /** Every other reading and its initials, and the simplified form in lower case where the text is written otherwise. */
  others: string[]
}

/** One width, simplified, lower case: how what is stored and what is looked for are compared. */
export const folded = (text: string): string => simplified(text.normalize("NFKC")).toLowerCase()

/** Names, remarks and the like repeat, and reading one takes some ten microseconds; so many are remembered. More than a batch of a file. */
const REMEMBERED = 20_000
const remembered = new Map<string, Keys>()

/** How a name sorts and is found, by each reading of its characters: 单小明 by shan, dan and chan; other scripts in lower case. */
export function keysOf(name: string): Keys {
  const known = remembered.get(name)
  if (known) return known
  const keys = readKeys(name)
  if (remembered.size >= REMEMBERED) remembered.clear()
  remembered.set(name, keys)
  return keys
}

function readKeys(name: string): Keys {
  const clean = folded(name)
  const written = clean === name || /^[a-z0-9]*$/.test(clean) ? [] : [clean]
  if (!HAN.test(clean)) {
    const full = plainSyllable(clean)
    return { full, initials: full.slice(0, 1), others: written }
  }
  const options = pinyin(clean, { toneType: "none", type: "all", surname: "head", nonZh: "consecutive" }).map(
    ({ origin, result, isZh }) => {
      const usual = plainSyllable(result)
      return isZh ? [...new Set([usual, ...readingsOf(origin)])] : [usual]
    },
  )
  const [first = [], ...more] = combined(options).map((syllables) => [
    syllables.join(""),
    syllables.map((s) => s.slice(0, 1)).join(""),
  ])
  const [full = "", initials = ""] = first
  const others = new Set([...more.flat(), ...written])
  for (const one of [full, initials, ""]) others.delete(one)
  return { full, initials, others: [...others] }
}

/**
 * The usual reading first, then the others; the characters in front, where the surname stands, have their turn first, and a
 * character that would make more than READINGS_MAX is read in the usual way.
 */
function combined(options: readonly (readonly string[])[]): string[][] {
  let all: string[][] = [[]]
  for (const readings of options) {
    const taken = all.length * readings.length > READINGS_MAX ? readings.slice(0, 1) : readings
    all = taken.flatMap((reading) => all.map((before) => [...before, reading]))
  }
  return all
}
