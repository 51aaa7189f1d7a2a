const MINUTE_S = 60
const HOUR_S = 3_600

type Window = { counts: Map<number, number>; blocked_until_s: number }

/**
 * Calls per api in sliding windows of a minute and an hour, counted by the second. Beyond the bound the api is blocked for
 * the length of the window, and calls while blocked do not lengthen it.
 */
export class RateWindows {
  private readonly windows = new Map<string, Window>()

  /** Counts one call; true where it is over the limit. */
  over(path: string, now_ms: number, bounds: { per_minute: number; per_hour: number }): boolean {
    const now_s = Math.floor(now_ms / 1000)
    let window = this.windows.get(path)
    if (!window) {
      window = { counts: new Map(), blocked_until_s: 0 }
      this.windows.set(path, window)
    }
    if (now_s < window.blocked_until_s) return true
    let minute = 0
    let hour = 0
    for (const [second, count] of window.counts) {
      if (second <= now_s - HOUR_S) window.counts.delete(second)
      else {
        hour += count
        if (second > now_s - MINUTE_S) minute += count
      }
    }
    if (minute >= bounds.per_minute) window.blocked_until_s = now_s + MINUTE_S
    if (hour >= bounds.per_hour) window.blocked_until_s = now_s + HOUR_S
    if (now_s < window.blocked_until_s) return true
    window.counts.set(now_s, (window.counts.get(now_s) ?? 0) + 1)
    return false
  }
}
