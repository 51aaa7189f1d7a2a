import { formatLength, formatNumber } from "../../../../ui/format.ts"
import { useLanguage } from "../../../../ui/now.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { clockOf, type LimitRow } from "./limit-rows.ts"

/** A limit's number in its unit: `21:30`, `20 秒`, `4,000 字节`. */
export function useLimitValue(): (row: Pick<LimitRow, "unit" | "value">) => string {
  const { t } = useTranslation()
  const language = useLanguage()
  return ({ unit, value }) => {
    if (unit === "minute_of_day") return clockOf(value)
    if (unit === "ms") return formatLength(value, language)
    return t(`limits.${unit}`, { n: formatNumber(value) })
  }
}
