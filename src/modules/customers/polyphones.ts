import { polyphonic } from "pinyin-pro"

/** Readings of the classics that nobody types for a name: each would find thousands who are not meant. */
const LESS: Record<string, string> = {
  丁: "zheng",
  朱: "shu",
  许: "hu",
  孙: "xun",
  彭: "bang",
  齐: "ji zi zhai",
  广: "an",
  红: "gong",
  思: "sai",
  家: "jie",
  汤: "shang",
  贾: "gu",
  和: "huo hu",
  冯: "ping",
}

const known = new Map<string, readonly string[]>()

/** Every way in which a simplified character is read, without tones (`v` for ü); none for what is no Chinese character. */
export function readingsOf(character: string): readonly string[] {
  const before = known.get(character)
  if (before) return before
  const [dictionary = ""] = polyphonic(character, { toneType: "none", nonZh: "removed" })
  const less = LESS[character]?.split(" ") ?? []
  const all = dictionary
    .split(" ")
    .map(plainSyllable)
    .filter((reading) => reading !== "" && !less.includes(reading))
  // Whoever has no key for ü types u.
  const typed = all.flatMap((one) => (/^[ln]v$/.test(one) ? [one, one.replace("v", "u")] : [one]))
  const readings = [...new Set(typed)]
  known.set(character, readings)
  return readings
}

/** A syllable as it is typed: lower case, `v` for ü, nothing but letters and digits. */
export const plainSyllable = (syllable: string) =>
  syllable
    .toLowerCase()
    .replace("ü", "v")
    .replace(/[^a-z0-9]/g, "")
