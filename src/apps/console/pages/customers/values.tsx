import type { CallAnswer } from "../../../../kernel/client.ts"
import { dayString } from "../../../../kernel/day.ts"
import type { readCustomer } from "../../../../modules/customers/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { formatMoney, formatNumber, MISSING } from "../../../../ui/format.ts"
import { useJoin, useTranslation } from "../../../../ui/words/use.ts"
import { useCodeWord, useSay } from "../../lib/words.ts"

export type Trait = CallAnswer<typeof readCustomer>["traits"][number]

/** A day number of the shop as `2026-11-23`. */
export function dayOf(day: number | null | undefined): string {
  return day === null || day === undefined ? MISSING : dayString(day)
}

/** Tags as words on a tint; those beyond `max` as a count, all of them on hover. */
export function TagList(props: { value: unknown; max?: number }) {
  const join = useJoin()
  const tags = Array.isArray(props.value) ? props.value.map(String) : []
  if (tags.length === 0) return <>{MISSING}</>
  const max = props.max ?? tags.length
  return (
    <span className="row tags" title={join(tags)}>
      {tags.slice(0, max).map((tag) => (
        <Badge key={tag}>{tag}</Badge>
      ))}
      {tags.length > max ? <span className="secondary small num">+{tags.length - max}</span> : null}
    </span>
  )
}

/** A trait's value in the words of its offer: closed lists by name, money in yuan, days as dates. */
export function TraitValue(props: { trait: Trait }) {
  const { t } = useTranslation()
  const say = useSay()
  const { value, kind, unit, shown } = props.trait
  if (value === null || value === undefined) return <>{MISSING}</>
  if (shown) return <>{say(shown)}</>
  if (Array.isArray(value)) return <TagList value={value} />
  if (typeof value === "boolean") return <>{t(value ? "customers.yes" : "customers.no")}</>
  if (typeof value !== "number") return <>{value}</>
  if (kind === "day") return <span className="num">{dayOf(value)}</span>
  if (unit === "fen") return <span className="num">{formatMoney(value)}</span>
  const n = formatNumber(value)
  if (unit === "days") return <span className="num">{t("customers.days_left_unit", { n })}</span>
  if (unit === "points") return <span className="num">{t("customers.points_unit", { n })}</span>
  if (unit === "people") return <span className="num">{t("customers.people_unit", { n })}</span>
  if (unit === "times") return <span className="num">{t("customers.times_unit", { n })}</span>
  return <span className="num">{n}</span>
}

/** The rule and the numbers that decided, in words. */
export function WhyFacts(props: { why: Record<string, unknown> }) {
  const say = useSay()
  const word = useCodeWord()
  const shown = (key: string, value: unknown): string => {
    if (key === "rule") return word("why_rule", String(value))
    if (key.endsWith("_day") && typeof value === "number") return dayOf(value)
    if (key.endsWith("_fen"))
      return [value]
        .flat()
        .map((fen) => formatMoney(Number(fen)))
        .join(" · ")
    return isWords(value) ? say(value) : plain(value)
  }
  return (
    <dl className="facts facts-1">
      {Object.entries(props.why).map(([key, value]) => (
        <div key={key}>
          <dt>{word("why_fact", key)}</dt>
          <dd className="num">{shown(key, value)}</dd>
        </div>
      ))}
    </dl>
  )
}

const isWords = (value: unknown): value is { zh: string; en: string } =>
  typeof value === "object" && value !== null && "zh" in value && "en" in value

function plain(value: unknown): string {
  if (value === null || value === undefined) return MISSING
  if (Array.isArray(value)) return value.map(plain).join(" · ")
  if (typeof value === "object") return JSON.stringify(value)
  return typeof value === "number" ? formatNumber(value) : String(value)
}
