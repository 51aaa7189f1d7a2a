import type { CallAnswer } from "../../../../kernel/client.ts"
import type { onePlay } from "../../../../modules/plans/plays/contract.ts"
import { type Translate, useTranslation } from "../../../../ui/words/use.ts"

export type Play = CallAnswer<typeof onePlay>
export type Version = Play["versions"][number]
export type Said = Version["said"]
export type SaidStep = Said["steps"][number]

/** Where a step leads, in words; nothing where it simply goes on with the next one. */
export function useWays(): (steps: readonly SaidStep[], n: number) => string[] {
  const { t } = useTranslation()
  return (steps, n) => waysInWords(steps, n, t)
}

function waysInWords(steps: readonly SaidStep[], n: number, t: Translate): string[] {
  const step = steps[n]
  const place = new Map(steps.map((one, at) => [one.node, at + 1]))
  const to = (node: string | null) =>
    node === null ? t("plays.end") : t("plays.to_step", { n: place.get(node) ?? "?" })
  return (step?.ways ?? []).flatMap((way) => {
    if (way.on === "next" && (way.to === null ? n === steps.length - 1 : place.get(way.to) === n + 2))
      return []
    return [t(`plays.way_${way.on}`, { to: to(way.to) })]
  })
}
