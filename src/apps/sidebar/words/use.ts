import type { Language } from "../../../ui/format.ts"
import * as customersEn from "../../console/words/en/customers.ts"
import { left_out as leftOutEn } from "../../console/words/en/sends.ts"
import * as customersZh from "../../console/words/zh/customers.ts"
import { left_out as leftOutZh } from "../../console/words/zh/sends.ts"
import * as english from "./en.ts"
import * as chinese from "./zh.ts"

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

const english_ = language === "en"
const words: Record<string, string> = english_ ? english.en : chinese.zh
const HOLE = /\{\{(\w+)\}\}/g

export type Word = keyof typeof chinese.zh

export function t(key: Word, holes: Record<string, string | number> = {}): string {
  return (words[key] ?? key).replace(HOLE, (_, name: string) => String(holes[name] ?? ""))
}

/** A pair of words off the wire in the reader's language. */
export const say = (pair: { zh: string; en: string }) => (english_ ? pair.en : pair.zh)

const codes = {
  situation: english_ ? english.situations : chinese.situations,
  why_fact: english_ ? customersEn.why_fact : customersZh.why_fact,
  why_rule: english_ ? customersEn.why_rule : customersZh.why_rule,
  tag_source: english_ ? customersEn.tag_source : customersZh.tag_source,
  left_out: english_ ? leftOutEn : leftOutZh,
} satisfies Record<string, Record<string, string>>

/** The word for a code that came off the wire; a code that has none is shown as it is. */
export const word = (group: keyof typeof codes, code: string): string =>
  (codes[group] as Record<string, string>)[code] ?? code
