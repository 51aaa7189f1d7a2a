import type { BrowserContext, Page } from "playwright-core"

/** What a browser tells of a page's speed, as web vitals define it: largest contentful paint, layout shift, event timing. */
export type Entry = { ms: number; shift: number }

/** Milliseconds to the next paint, of them before the page's own code began and while it ran; the rest went into the paint. */
export type Pressed = { name: string; ms: number; waited: number; worked: number }
type Seen = { lcp: number; shift: number; events: Pressed[] }
type Watching = Window & { seen: Seen }

/** Listens from the first moment of every page of the context. */
export async function watch(context: BrowserContext): Promise<void> {
  // The loader of TypeScript names functions by a helper of its own that no page has.
  await context.addInitScript({ content: "globalThis.__name ??= (named) => named" })
  await context.addInitScript(() => {
    const seen: Seen = { lcp: 0, shift: 0, events: [] }
    ;(window as unknown as Watching).seen = seen
    const listen = (type: string, take: (entry: PerformanceEntry) => void, more: object = {}) =>
      new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({
        type,
        buffered: true,
        ...more,
      })
    listen("largest-contentful-paint", (entry) => {
      seen.lcp = entry.startTime
    })
    listen("layout-shift", (entry) => {
      const shift = entry as PerformanceEntry & { value: number; hadRecentInput: boolean }
      if (!shift.hadRecentInput) seen.shift += shift.value
    })
    listen(
      "event",
      (entry) => {
        const event = entry as PerformanceEventTiming & { interactionId: number }
        if (event.interactionId === 0) return
        const on = event.target instanceof Element ? event.target : null
        const word = on?.getAttribute("aria-label") ?? on?.textContent ?? ""
        seen.events.push({
          name: `${event.name} on ${word.slice(0, 20) || (on?.tagName ?? "nothing")}`,
          ms: event.duration,
          waited: Math.round(event.processingStart - event.startTime),
          worked: Math.round(event.processingEnd - event.processingStart),
        })
      },
      { durationThreshold: 16 },
    )
  })
}

export async function firstPaintOf(page: Page): Promise<Entry> {
  const { lcp, shift } = await page.evaluate(() => (window as unknown as Watching).seen)
  return { ms: lcp, shift }
}

/** Presses on this page since it was loaded, the longest from press to next paint first. */
export async function answersOf(page: Page): Promise<Pressed[]> {
  const { events } = await page.evaluate(() => (window as unknown as Watching).seen)
  return events.toSorted((a, b) => b.ms - a.ms)
}

/** Frames a second while something is done. */
export async function framesWhile(page: Page, work: () => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    const counted = { frames: 0, started: performance.now(), on: true }
    ;(window as unknown as { counted: typeof counted }).counted = counted
    const tick = () => {
      counted.frames++
      if (counted.on) requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)
  })
  await work()
  return page.evaluate(() => {
    const { counted } = window as unknown as { counted: { frames: number; started: number; on: boolean } }
    counted.on = false
    return counted.frames / ((performance.now() - counted.started) / 1_000)
  })
}
