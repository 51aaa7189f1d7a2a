import { simplified } from "../../../platform/chinese.ts"

/** What one character is to whoever looks for words: nothing at all, a mark between words, the end of a sentence, or letters. */
export type Folded = { kind: "nothing" | "mark" | "end" } | { kind: "letters"; text: string }

export type Folding = {
  /** Full-width, mathematical, circled and squared letters and digits; letters of other scripts that look Latin. */
  width: boolean
  case: boolean
  /** Traditional characters. */
  traditional: boolean
  /** Invisible characters and marks that stand on letters. */
  zero_width: boolean
}

const NOTHING: Folded = { kind: "nothing" }
const MARK: Folded = { kind: "mark" }
const END: Folded = { kind: "end" }

const INVISIBLE = /^[\p{Cf}\p{M}\p{Cc}\u115f\u1160\u3164\uffa0\ufffc]$/u
const LETTER = /^[\p{L}\p{N}]$/u
const LATIN = "abcdefghijklmnopqrstuvwxyz"

/** Letters that no normal form of Unicode makes plain: small capitals, Cyrillic and Greek twins, digits in filled circles, … */
const TWINS = new Map<string, string>([
  ...pairs("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz"),
  ...pairs("аеорсухкмтнвіјѕ", "aeopcyxkmthbijs"),
  ...pairs("αβεικνορτυχωѵ", "abeikvoptuxwv"),
  ...pairs("ꓐꓑꓚꓓꓖꓙꓗꓡꓟꓠꓤꓢꓔꓦꓪꓫꓬꓜꓮꓰꓲꓳ", "bpcdgjklmnrstvwxyzaeio"),
  ...pairs("ⅤⅩⅼⅽⅾⅿ", "vxlcdm"),
  ...run("❶", 9, 1),
  ...run("➀", 9, 1),
  ...run("➊", 9, 1),
  ...run("⓵", 9, 1),
  ...["⓿", "🄋", "🄌"].map((c): [string, string] => [c, "0"]),
  ...run("🅐", 26, "a"),
  ...run("🅰", 26, "a"),
  ...run("🇦", 26, "a"),
  // Who writes ＋v means to add somebody.
  ...pairs("+＋➕✚", "加加加加"),
])

function pairs(from: string, to: string): [string, string][] {
  const plain = [...to]
  return [...from].map((c, i) => [c, plain[i]!])
}

function run(first: string, length: number, to: number | string): [string, string][] {
  const code = first.codePointAt(0)!
  return Array.from({ length }, (_, i) => [
    String.fromCodePoint(code + i),
    typeof to === "number" ? String(to + i) : LATIN[LATIN.indexOf(to) + i]!,
  ])
}

/** Pure: one character (a code point, or half a pair that stands alone) as it counts. */
export function fold(character: string, how: Folding): Folded {
  if ("。！？!?；;\n\r…".includes(character)) return END
  if (how.zero_width && INVISIBLE.test(character)) return NOTHING
  let text = character
  if (how.width) text = TWINS.get(character.toLowerCase()) ?? TWINS.get(character) ?? plain(character)
  if (how.case) text = text.toLowerCase()
  if (how.traditional) text = simplified(text)
  const letters = [...text].filter((c) => LETTER.test(c)).join("")
  return letters === "" ? MARK : { kind: "letters", text: letters }
}

const plain = (character: string): string =>
  character.normalize("NFKD").replace(/\p{M}/gu, "").normalize("NFC")
