import { formatNumber } from "./format.ts"
import type { WordKey } from "./words/use.ts"

/** Where a number must lie, both ends counted. */
export type Bounds = {
  min?: number | undefined
  max?: number | undefined
  /** Digits behind the point; 0 is a whole number, nothing said is any. */
  decimals?: number | undefined
}
/** A sentence of the word lists. */
export type Said = { word: WordKey; holes?: Record<string, string | number> }

const GROUPED = /^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$/
const PLAIN = /^[+-]?(\d+\.?\d*|\.\d+)$/

/** The number that somebody typed, whole-width digits too: null where nothing stands there, NaN where it is no number. */
export function readNumber(text: string): number | null {
  const plain = text.normalize("NFKC").replaceAll("\u3002", ".").replaceAll("\u2212", "-").trim()
  if (plain === "") return null
  if (GROUPED.test(plain)) return Number(plain.replaceAll(",", ""))
  return PLAIN.test(plain) ? Number(plain) : Number.NaN
}

const FEN = 100
const YUAN_DECIMALS = 2
const hasAtMost = (value: number, decimals: number) => Number(value.toFixed(decimals)) === value

/** Yuan as typed to fen as carried: whole where the yuan are, and never rounded to it. */
export const fenOf = (yuan: number): number =>
  hasAtMost(yuan, YUAN_DECIMALS) ? Math.round(yuan * FEN) : yuan * FEN
export const yuanOf = (fen: number): number => fen / FEN
/** Yuan go to the fen. */
export const yuanWithin = (fen: { min?: number | undefined; max?: number | undefined }): Bounds => ({
  ...(fen.min === undefined ? {} : { min: yuanOf(fen.min) }),
  ...(fen.max === undefined ? {} : { max: yuanOf(fen.max) }),
  decimals: YUAN_DECIMALS,
})

/** A number as it stands in a field; money shows its two digits. */
export function textOf(value: number | null | undefined, decimals?: number): string {
  if (value === null || value === undefined || Number.isNaN(value)) return ""
  return decimals === YUAN_DECIMALS && hasAtMost(value, YUAN_DECIMALS)
    ? value.toFixed(YUAN_DECIMALS)
    : String(value)
}

/** Whether a text that somebody typed says this number. */
export function says(text: string, value: number | null | undefined): boolean {
  const read = readNumber(text)
  if (read === null || value === null || value === undefined) return read === (value ?? null)
  if (Number.isNaN(read) || Number.isNaN(value)) return Number.isNaN(read) === Number.isNaN(value)
  // Yuan carried as fen come back a hair away.
  return Math.abs(read - value) <= Math.abs(read) * 1e-12
}

/** What is wrong with a number, null where nothing is. That none is there is not told here. */
export function numberProblem(value: number | null | undefined, bounds: Bounds): Said | null {
  if (value === null || value === undefined) return null
  if (Number.isNaN(value)) return { word: "ui.no_number" }
  const { decimals } = bounds
  if (decimals !== undefined && !hasAtMost(value, decimals))
    return decimals === 0 ? { word: "ui.no_whole" } : { word: "ui.decimals", holes: { n: decimals } }
  const min = bounds.min ?? -Number.MAX_SAFE_INTEGER
  const max = bounds.max ?? Number.MAX_SAFE_INTEGER
  if (value >= min && value <= max) return null
  if (bounds.min !== undefined && bounds.max !== undefined)
    return { word: "ui.between", holes: { min: formatNumber(min), max: formatNumber(max) } }
  return value < min
    ? { word: "ui.at_least", holes: { n: formatNumber(min) } }
    : { word: "ui.at_most", holes: { n: formatNumber(max) } }
}
