import type { Locale } from "antd/es/locale"
import i18next from "i18next"
import { initReactI18next } from "react-i18next"
import type { Language } from "../../../ui/format.ts"
import type {} from "./lists.ts"

const KEY = "siyu.language"
const load = {
  zh: async () => (await import("./zh/index.ts")).zh,
  en: async () => (await import("./en/index.ts")).en,
}
/** The component library's own few words. */
const loadLibrary = {
  zh: async () => (await import("antd/es/locale/zh_CN")).default,
  en: async () => (await import("antd/es/locale/en_US")).default,
}

let library: Locale | undefined
export const libraryWords = () => library

export function rememberedLanguage(): Language {
  return localStorage.getItem(KEY) === "en" ? "en" : "zh"
}

/** Loads the words of one language only; the other comes when somebody switches to it. */
export async function startWords(): Promise<void> {
  const language = rememberedLanguage()
  library = await loadLibrary[language]()
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: { translation: await load[language]() } },
    interpolation: { escapeValue: false },
    returnNull: false,
  })
  document.documentElement.lang = language === "en" ? "en" : "zh-CN"
}

export async function switchLanguage(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, "translation"))
    i18next.addResourceBundle(language, "translation", await load[language]())
  library = await loadLibrary[language]()
  localStorage.setItem(KEY, language)
  document.documentElement.lang = language === "en" ? "en" : "zh-CN"
  await i18next.changeLanguage(language)
}
