import { MISSING } from "../../../ui/format.ts"
import { useTranslation } from "../../../ui/words/use.ts"
import type { zh } from "../words/zh/index.ts"

type Group = keyof typeof zh

/** The word for a code that came off the wire; a code that has none is shown as it is. */
export function useCodeWord(): (group: Group, code: string | null | undefined) => string {
  const { i18n } = useTranslation()
  return (group, code) => {
    if (!code) return MISSING
    const found = i18n.getResource(i18n.language, "translation", `${group}.${code}`) as unknown
    return typeof found === "string" ? found : code
  }
}

/** A pair of words off the wire in the reader's language. */
export function useSay(): (words: { zh: string; en: string } | null | undefined) => string {
  const { i18n } = useTranslation()
  return (words) => (words ? (i18n.language.startsWith("en") ? words.en : words.zh) : MISSING)
}
