import { formatMoney, formatNumber } from "../../../../../ui/format.ts"
import { changeOf } from "./rules.ts"

/** How much more or less than on the day compared with; the sign says it, not a colour alone. */
export function Change(props: { now: number; before: number | undefined; money?: boolean }) {
  const change = changeOf(props.now, props.before)
  if (change === null) return null
  const size = props.money ? formatMoney(Math.abs(change)) : formatNumber(Math.abs(change))
  return (
    <span className="num small">
      {change > 0 ? "+" : "−"}
      {size}
    </span>
  )
}
