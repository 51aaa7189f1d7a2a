import { pinyin } from "pinyin-pro"

const HAN = /\p{Script=Han}/u
const KEEP = /[^a-z0-9]/g

/** How a name sorts and is found: `王小明` → full `wangxiaoming`, initials `wxm`; other scripts in lower case. */
export function pinyinKeys(name: string): { full: string; initials: string } {
  const clean = name.normalize("NFKC").toLowerCase()
  if (!HAN.test(clean)) {
    const full = clean.replace(KEEP, "")
    return { full, initials: full.slice(0, 1) }
  }
  const syllables = pinyin(clean, {
    toneType: "none",
    type: "array",
    surname: "head",
    nonZh: "consecutive",
  }).map((s) => s.replace("ü", "v").replace(KEEP, ""))
  return { full: syllables.join(""), initials: syllables.map((s) => s.slice(0, 1)).join("") }
}
