import { MIX_JUDGED_FROM } from "../limits.ts"
import type { AccountFunction } from "../rules.ts"

/** A week, as the content mix counts it: its last day and the six before. */
export const MIX_DAYS = 7

/** What an account said in a week that reached somebody, how much of it sold, and how much of it may. */
export type Mix = { messages: number; selling: number; selling_percent: number }

type Shares = Record<`selling_percent_${AccountFunction}`, number>

/** Pure: how much of a week's words may sell. Who plays several functions may what the freest of them may. */
export function sellingPercentOf(functions: readonly AccountFunction[], settings: Shares): number {
  return Math.max(...functions.map((fn) => settings[`selling_percent_${fn}`]))
}

/** Pure: whether more of it sold than may. A handful of messages says nothing yet. */
export function oversells({ messages, selling, selling_percent }: Mix): boolean {
  return messages >= MIX_JUDGED_FROM && selling * 100 > selling_percent * messages
}
