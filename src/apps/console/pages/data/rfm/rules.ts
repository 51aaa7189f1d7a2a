import type { CallAnswer } from "../../../../../kernel/client.ts"
import type { ConditionTree } from "../../../../../kernel/tree.ts"
import type { readRfm } from "../../../../../modules/orders/rfm/contract.ts"

export type Rfm = CallAnswer<typeof readRfm>
export type RfmCell = Rfm["now"]["cells"][number]

const score = (letter: "r" | "f", n: number): ConditionTree => ({
  offer: `orders.rfm_${letter}`,
  version: 1,
  args: { min: n, max: n },
})
export const cellRule = (cell: { r: number; f: number }): ConditionTree => ({
  all: [score("r", cell.r), score("f", cell.f)],
})
export const segmentRule = (code: string): ConditionTree => ({
  all: [{ offer: "orders.rfm_segment", version: 1, args: { segments: [code] } }],
})

/** Four steps of one hue by the share of the fullest cell: 0 is nobody. */
export function shadeOf(customers: number, most: number): 0 | 1 | 2 | 3 | 4 {
  if (customers === 0 || most === 0) return 0
  return Math.min(4, 1 + Math.floor((customers / most) * 4)) as 1 | 2 | 3 | 4
}

/** `+12`, `-3`; nothing where nothing changed or there is nothing to compare with. */
export function changeOf(now: number, before: number | undefined): number | null {
  return before === undefined || now === before ? null : now - before
}
