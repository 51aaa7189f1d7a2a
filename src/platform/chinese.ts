import { CustomConverter } from "opencc-js/core"
import { to } from "opencc-js/preset/t2cn"
import { pinyin } from "pinyin-pro"
import { invariant } from "../kernel/invariant.ts"

/** Character by character: a phrase that is written otherwise as a whole would make one of two texts that look alike. */
const characters = to.cn?.[0]?.at(-1)
invariant(characters, "the table of traditional characters is there")
const convert = CustomConverter(characters)

/** `張麗` → `张丽`; what is simplified already, or no Chinese, stays as it is. */
export const simplified = (text: string): string => convert(text)

const syllables = new Map<string, string>()

/** The usual syllable of one character without its tone, `ü` as `v`; null for what is no Chinese character. */
export function syllableOf(character: string): string | null {
  let known = syllables.get(character)
  if (known === undefined) {
    const read = pinyin(character, { toneType: "none", v: true })
    known = read === character ? "" : read
    syllables.set(character, known)
  }
  return known === "" ? null : known
}
