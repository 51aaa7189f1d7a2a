import { createContext, type ReactNode, useContext, useEffect, useState } from "react"
import { formatDaysAgo, formatExact, formatTime, type Instant, type Language, MISSING } from "./format.ts"
import { useTranslation } from "./words/use.ts"

/** The shop's clock as the browser last heard it: it may run faster than the machine's, or stand. */
export type ShopClock = { anchor_real_ms: number; anchor_shop_ms: number; rate: number }

const REAL: ShopClock = { anchor_real_ms: 0, anchor_shop_ms: 0, rate: 1 }
const ShopClockContext = createContext<ShopClock>(REAL)

export function ShopClockProvider(props: { clock: ShopClock | null; children: ReactNode }) {
  return <ShopClockContext value={props.clock ?? REAL}>{props.children}</ShopClockContext>
}

export function shopNow(clock: ShopClock, real_ms = Date.now()): number {
  return clock.anchor_shop_ms + (real_ms - clock.anchor_real_ms) * clock.rate
}

const TICK_MS = 30_000

/** Shop time now, refreshed twice a minute: enough for words such as today. */
export function useNow(tick_ms = TICK_MS): number {
  const clock = useContext(ShopClockContext)
  const [, tick] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => tick((n) => n + 1), tick_ms)
    return () => clearInterval(timer)
  }, [tick_ms])
  return shopNow(clock)
}

export function useLanguage(): Language {
  return useTranslation().i18n.language.startsWith("en") ? "en" : "zh"
}

/** A moment in words, exact on hover. */
export function Time(props: { at: Instant | null | undefined; ago?: boolean }) {
  const now = useNow()
  const language = useLanguage()
  if (props.at === null || props.at === undefined) return <span>{MISSING}</span>
  const text = props.ago ? formatDaysAgo(props.at, now, language) : formatTime(props.at, now, language)
  return (
    <time dateTime={new Date(props.at).toISOString()} title={formatExact(props.at)} className="nowrap">
      {text}
    </time>
  )
}
