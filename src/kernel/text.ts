/** PostgreSQL keeps no NUL, and UTF-8 no half of a pair of surrogates. */
const UNKEEPABLE = /[\0\ud800-\udfff]/u
/**
 * Objects within objects of a parsed body; what goes deeper is no input of ours and would exhaust whoever walks it. Well above what
 * rules may be: one of a hundred levels gets the rules' own answer.
 */
export const DEPTH_MAX = 250
/** What is wrong with what goes deeper. */
export const TOO_DEEP = "is nested too deeply"

export const canBeKept = (text: string): boolean => !UNKEEPABLE.test(text)

/** The first place in parsed JSON that no database of ours could keep: its path and what is wrong; null where all can be. */
export function unkeepable(value: unknown): { path: string; problem: string } | null {
  const open: { value: unknown; path: string; depth: number }[] = [{ value, path: "", depth: 0 }]
  for (let one = open.pop(); one; one = open.pop()) {
    const { value: held, path, depth } = one
    if (typeof held === "string" && !canBeKept(held))
      return { path, problem: "holds characters that cannot be kept" }
    if (typeof held !== "object" || held === null) continue
    if (depth === DEPTH_MAX) return { path, problem: TOO_DEEP }
    for (const [key, inner] of Object.entries(held).reverse()) {
      if (!canBeKept(key)) return { path, problem: "has a name that cannot be kept" }
      open.push({ value: inner, path: path === "" ? key : `${path}.${key}`, depth: depth + 1 })
    }
  }
  return null
}

/** `13812348888` → `138****8888`; anything else shows its last two at most. */
export function maskPhone(phone: string | null): string | null {
  if (!phone) return null
  if (/^\d{11}$/.test(phone)) return `${phone.slice(0, 3)}****${phone.slice(7)}`
  return `****${phone.slice(-2)}`
}
