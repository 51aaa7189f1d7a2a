import { TAG_SEARCH_MIN } from "./limits.ts"
import { folded, type Keys } from "./pinyin.ts"

/** What somebody typed, as it is compared with what is stored. */
export type LookFor = {
  /** Folded; as pinyin without what stands between syllables. */
  value: string
  /** Letters are compared with readings, anything else with what is written. */
  as: "reading" | "written"
  /** Four digits are a phone's last. */
  last4: boolean
  /** Whether enough is typed to look for tags too. */
  tags: boolean
}

/** Names and remarks are found by their beginning, by any reading or its initials; four digits are also a phone's last. */
export function lookFor(q: string): LookFor {
  const value = folded(q.trim())
  const letters = value.replace(/[\s'’·-]/g, "")
  const last4 = /^\d{4}$/.test(value)
  const reading = !last4 && /^[a-z0-9]+$/.test(letters)
  const length = [...(reading ? letters : value)].length
  return {
    value: reading ? letters : value,
    as: reading ? "reading" : "written",
    last4,
    tags: length >= TAG_SEARCH_MIN,
  }
}

/** Whether a name or remark is found by what is looked for: as the queries say it, for one that is in hand. */
export function foundBy(look: LookFor, text: string, keys: Keys): boolean {
  const own = look.as === "reading" ? [keys.full, keys.initials] : [text]
  return text !== "" && [...own, ...keys.others].some((key) => key.startsWith(look.value))
}

export type Matched = { field: "name" | "remark" | "phone" | "tag"; text: string }

/** What of somebody was found, the most telling first: a name before a remark before a phone before a tag. Null for nothing. */
export function matchedBy(
  look: LookFor,
  person: { name: string; remarks: readonly string[]; phone: string | null; tags: readonly string[] },
  keysOf: (text: string) => Keys,
): Matched | null {
  if (foundBy(look, person.name, keysOf(person.name))) return { field: "name", text: person.name }
  const remark = person.remarks.find((text) => foundBy(look, text, keysOf(text)))
  if (remark !== undefined) return { field: "remark", text: remark }
  if (look.last4 && person.phone?.endsWith(look.value)) return { field: "phone", text: look.value }
  const [tag] = person.tags
  return tag === undefined ? null : { field: "tag", text: tag }
}
