import { maskPhone } from "../../kernel/text.ts"

/** Counts up where a number gets another spelling than before: those who were there already get theirs anew (respell.ts). */
export const SPELLING = 1

const MOBILE = /^1[3-9]\d{9}$/
const LANDLINE = /^0\d{9,11}$/
const ABROAD = /^\+[1-9]\d{6,14}$/
/** What people put between the digits of a number, and in front of it. */
const BETWEEN = /[\s\u00a0\u200b-\u200f\u202a-\u202e\ufeff().\-‐-―·]/g

/**
 * A phone as it is kept: `+86 138-0000-0000`, `0086 13800000000`, `８６１３８００００００００` and the like are one number,
 * `13800000000`. Null for what is no number; others of the world begin with + and the country's code.
 */
export function plainPhone(text: string): string | null {
  const bare = text.normalize("NFKC").replace(BETWEEN, "")
  const abroad = bare.replace(/^00/, "+")
  const home = abroad.replace(/^\+?86(?=1[3-9]\d{9}$)/, "").replace(/^\+86(?=0?\d{9,11}$)/, "")
  if (MOBILE.test(home) || LANDLINE.test(home)) return home
  return ABROAD.test(abroad) && !abroad.startsWith("+86") ? abroad : null
}

/** A phone as it is kept; what is no number as it came. */
export const spelledPhone = (text: string): string => plainPhone(text) ?? text

const DIGIT = "[0-9０-９]"
const GAP = "[-\\s.·－]?"
/** A number within a text: of a mobile, of another country, of a desk. Digits in front or behind make it something else. */
const WITHIN = new RegExp(
  `(?<!${DIGIT})(?:${[
    `(?:(?:[+＋]|[0０]{2})?[8８][6６]${GAP})?[1１][3-9３-９]${DIGIT}(?:${GAP}${DIGIT}){8}`,
    `[+＋]${DIGIT}(?:${GAP}${DIGIT}){6,14}`,
    `[0０]${DIGIT}{2,3}${GAP}${DIGIT}{7,8}`,
  ].join("|")})(?!${DIGIT})`,
  "g",
)

/** A text in which every phone is masked as the phone itself would be: people write numbers into names and remarks. */
export const maskPhonesIn = (text: string): string =>
  text.replace(WITHIN, (number) => maskPhone(plainPhone(number) ?? number) ?? "")
