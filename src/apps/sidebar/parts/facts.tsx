import type { ReactNode } from "react"
import { dayString } from "../../../kernel/day.ts"
import { formatDay, formatMoney, formatNumber, formatTime, MISSING } from "../../../ui/format.ts"
import { language, say, t, word } from "../words/use.ts"
import type { Answer, Customer } from "./person.tsx"

type Trait = Customer["traits"][number]

/** Where somebody stands, and why, before everything else that is known. */
const FIRST = ["customers.stage", "customers.standing", "customers.activity", "orders.rfm_segment"]
const placeOf = ({ name }: Trait) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length)

/** What says something: neither nothing nor a plain no. */
const isKnown = ({ value }: Trait) =>
  value !== null && value !== "" && value !== false && !(Array.isArray(value) && value.length === 0)

/** What is known of somebody; each class opens the rule and the numbers that decided it. */
export function Facts(props: { answer: Answer; customer: Customer }) {
  const { answer, customer } = props
  const lines: [string, ReactNode][] = [
    [t("phone"), customer.phone_masked],
    [
      t("last_touch"),
      customer.last_touch
        ? `${formatTime(customer.last_touch.at, answer.shop_now, language)} ${customer.last_touch.text}`
        : null,
    ],
  ]
  const traits = customer.traits.filter(isKnown).sort((a, b) => placeOf(a) - placeOf(b))
  return (
    <>
      <dl className="facts">
        {traits.map((trait) => (
          <div key={trait.name}>
            <dt>{say(trait.label)}</dt>
            <dd>
              <span className="num">{valueText(trait)}</span>
              {trait.why || trait.since ? <Why trait={trait} now={answer.shop_now} /> : null}
            </dd>
          </div>
        ))}
        {lines.map(([label, value]) =>
          value ? (
            <div key={label}>
              <dt>{label}</dt>
              <dd className="pre">{value}</dd>
            </div>
          ) : null,
        )}
      </dl>
      <a className="button" href={`/customers/${customer.id}`} target="_blank" rel="noreferrer">
        {t("open_profile")}
      </a>
    </>
  )
}

function Why(props: { trait: Trait; now: Date }) {
  const { why, since, label } = props.trait
  return (
    <details className="why">
      <summary className="secondary small" aria-label={`${t("why")}: ${say(label)}`}>
        {t("why")}
      </summary>
      <dl className="facts small">
        {Object.entries(why ?? {}).map(([key, value]) => (
          <div key={key}>
            <dt>{word("why_fact", key)}</dt>
            <dd className="num">{reason(key, value)}</dd>
          </div>
        ))}
      </dl>
      {since ? <p className="secondary small">{t("since", { at: formatDay(since) })}</p> : null}
    </details>
  )
}

function valueText({ value, kind, unit, shown }: Trait): string {
  if (shown) return say(shown)
  if (Array.isArray(value)) return value.join(" · ")
  if (typeof value === "boolean") return t(value ? "yes" : "no")
  if (typeof value !== "number") return String(value ?? MISSING)
  if (kind === "day") return dayString(value)
  if (unit === "fen") return formatMoney(value)
  const n = formatNumber(value)
  return unit === "days" || unit === "points" || unit === "people" || unit === "times" ? t(unit, { n }) : n
}

function reason(key: string, value: unknown): string {
  if (key === "rule") return word("why_rule", String(value))
  if (key.endsWith("_day") && typeof value === "number") return dayString(value)
  if (key.endsWith("_fen"))
    return [value]
      .flat()
      .map((fen) => formatMoney(Number(fen)))
      .join(" · ")
  return plain(value)
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return MISSING
  if (Array.isArray(value)) return value.map(plain).join(" · ")
  if (typeof value === "number") return formatNumber(value)
  if (typeof value === "object") {
    const { zh, en } = value as { zh?: unknown; en?: unknown }
    return typeof zh === "string" && typeof en === "string" ? say({ zh, en }) : JSON.stringify(value)
  }
  return String(value)
}
