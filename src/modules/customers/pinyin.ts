import { pinyin } from "pinyin-pro"

const HAN = /\p{Script=Han}/u
const KEEP = /[^a-z0-9]/g

type Keys = { full: string; initials: string }

/** Names, remarks and the like repeat, and reading one takes some ten microseconds; so many are remembered. More than a batch of a file. */
const REMEMBERED = 20_000
const remembered = new Map<string, Keys>()

/** How a name sorts and is found: `王小明` → full `wangxiaoming`, initials `wxm`; other scripts in lower case. */
export function pinyinKeys(name: string): Keys {
  const known = remembered.get(name)
  if (known) return known
  const keys = keysOf(name)
  if (remembered.size >= REMEMBERED) remembered.clear()
  remembered.set(name, keys)
  return keys
}

function keysOf(name: string): Keys {
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
