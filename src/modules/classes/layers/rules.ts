import type { Words } from "../../../kernel/contract.ts"

/** The pyramid, lowest first. A KOL is appointed by a person and not reckoned. */
export const LAYERS = ["base", "middle", "head"] as const
export type Layer = (typeof LAYERS)[number]
export const LAYER_WORDS: Record<Layer, Words> = {
  base: { zh: "普通", en: "base" },
  middle: { zh: "中层", en: "middle" },
  head: { zh: "头部", en: "head" },
}

/** Days that count, and what each of the four weighs: one's own money, direct referrals, money of the team, days active in groups. */
export const LAYER_DAYS = 90
export const WEIGHTS = { gmv: 40, referrals: 25, team: 25, active: 10 } as const
/** The top so many in a hundred are the head, the next so many the middle. */
export const HEAD_SHARE = 1
export const MIDDLE_SHARE = 15

export type Figures = { gmv_fen: number; referrals: number; team_fen: number; active_days: number }

/** Pure: of each value the share of the others that lie below it, 0 to 1; equal values share theirs. */
export function percentRanks(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b)
  const first = new Map<number, number>()
  for (const [i, value] of sorted.entries()) if (!first.has(value)) first.set(value, i)
  return values.map((value) => (values.length < 2 ? 0 : first.get(value)! / (values.length - 1)))
}

/** Pure: the weighted score of everybody in hundredths, 0 to 10,000. */
export function scores(all: readonly Figures[]): number[] {
  const of = (pick: (f: Figures) => number) => percentRanks(all.map(pick))
  const [gmv, referrals, team, active] = [
    of((f) => f.gmv_fen),
    of((f) => f.referrals),
    of((f) => f.team_fen),
    of((f) => f.active_days),
  ]
  return all.map((_, i) =>
    Math.round(
      100 *
        (WEIGHTS.gmv * gmv![i]! +
          WEIGHTS.referrals * referrals![i]! +
          WEIGHTS.team * team![i]! +
          WEIGHTS.active * active![i]!),
    ),
  )
}

/**
 * Pure: the layer of a score that so many of all reach or exceed. Equal scores share a layer, and it is the lower one: the head is
 * never more than its share. Whoever did nothing is base, however few did anything.
 */
export function layerOf(score: number, at_least: number, all: number): Layer {
  if (score === 0) return "base"
  if (at_least <= Math.ceil((all * HEAD_SHARE) / 100)) return "head"
  return at_least <= Math.ceil((all * (HEAD_SHARE + MIDDLE_SHARE)) / 100) ? "middle" : "base"
}
