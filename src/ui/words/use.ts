import type { i18n } from "i18next"
import { useTranslation as useLibrary } from "react-i18next"
import type { uiZh } from "./zh.ts"

/** Every list of words by its name; an app adds its own lists to those of the primitives. */
export interface WordLists {
  ui: typeof uiZh
}

/**
 * A word's name, `list.word`. Two levels and no more: the i18n library's own key types are computed anew at each call and grow
 * past the compiler's patience at some hundred words.
 */
export type WordKey = {
  [List in keyof WordLists & string]: `${List}.${keyof WordLists[List] & string}`
}[keyof WordLists & string]

export type Translate = (key: WordKey, holes?: Record<string, string | number>) => string

/** The words of the language chosen; a page that uses it is drawn anew when the language changes. */
export function useTranslation(): { t: Translate; i18n: i18n } {
  const { t, i18n } = useLibrary()
  return { t: t as unknown as Translate, i18n }
}

/** Words one after the other, parted as the reader's language parts them. */
export function useJoin(): (words: readonly string[]) => string {
  const { t } = useTranslation()
  return (words) => words.join(t("ui.comma"))
}
