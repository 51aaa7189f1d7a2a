import type { Language } from "../../../ui/format.ts"
import {
  tag_source as tagSourceEn,
  why_fact as whyFactEn,
  why_rule as whyRuleEn,
} from "../../console/words/en/customers.ts"
import { situation as situationEn } from "../../console/words/en/scripts.ts"
import { left_out as leftOutEn } from "../../console/words/en/sends.ts"
import {
  tag_source as tagSourceZh,
  why_fact as whyFactZh,
  why_rule as whyRuleZh,
} from "../../console/words/zh/customers.ts"
import { situation as situationZh } from "../../console/words/zh/scripts.ts"
import { left_out as leftOutZh } from "../../console/words/zh/sends.ts"
import { en } from "./en.ts"
import { zh } from "./zh.ts"

/** The language that was chosen in the console; both fit into some kilobytes, so a switch loads nothing. */
export const language: Language = readLanguage()

function readLanguage(): Language {
  try {
    return localStorage.getItem("siyu.language") === "en" ? "en" : "zh"
  } catch {
    // A webview that keeps nothing speaks the source language.
    return "zh"
  }
}

const english = language === "en"
const words: Record<string, string> = english ? en : zh
const HOLE = /\{\{(\w+)\}\}/g

export type Word = keyof typeof zh

export function t(key: Word, holes: Record<string, string | number> = {}): string {
  return (words[key] ?? key).replace(HOLE, (_, name: string) => String(holes[name] ?? ""))
}

/** A pair of words off the wire in the reader's language. */
export const say = (pair: { zh: string; en: string }) => (english ? pair.en : pair.zh)

const codes = {
  situation: english ? situationEn : situationZh,
  why_fact: english ? whyFactEn : whyFactZh,
  why_rule: english ? whyRuleEn : whyRuleZh,
  tag_source: english ? tagSourceEn : tagSourceZh,
  left_out: english ? leftOutEn : leftOutZh,
} satisfies Record<string, Record<string, string>>

/** The word for a code that came off the wire; a code that has none is shown as it is. */
export const word = (group: keyof typeof codes, code: string): string =>
  (codes[group] as Record<string, string>)[code] ?? code
