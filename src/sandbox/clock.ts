/** What others need to compute the shop clock: shop = anchor_shop_ms + (real − anchor_real_ms) × rate, or standing still. */
export type ClockAnchor = { anchor_real_ms: number; anchor_shop_ms: number; rate: number; paused: boolean }

export type ClockState = ClockAnchor & {
  /** `run`: time passes with the real clock. `lockstep`: it stands, and the engine steps it when all is quiet. */
  mode: "run" | "lockstep"
  anchor_patience_ms: number
}

/**
 * The shop clock. It never runs back: a real clock set back, or a pause, leaves it standing.
 *
 * `patience` measures what depends on somebody's reaction: the 20 seconds of a welcome code, token life, call windows.
 * It follows the shop clock, steps included, but never faster than real time: at a day a second nobody could keep 20
 * virtual seconds, and a token would die 12 times a second.
 */
export class SandboxClock {
  private state: ClockState
  private last_shop_ms: number
  private readonly real: () => number

  constructor(start: ClockState, real: () => number = Date.now) {
    this.state = { ...start }
    this.last_shop_ms = start.anchor_shop_ms
    this.real = real
  }

  static startingAt(shop_ms: number, real: () => number = Date.now): SandboxClock {
    const at = { anchor_real_ms: real(), anchor_shop_ms: shop_ms, anchor_patience_ms: 0 }
    return new SandboxClock({ ...at, rate: 1, paused: false, mode: "run" }, real)
  }

  now(): number {
    const { anchor_real_ms, anchor_shop_ms, rate, paused } = this.state
    const elapsed_ms = paused ? 0 : Math.max(0, this.real() - anchor_real_ms)
    this.last_shop_ms = Math.max(this.last_shop_ms, Math.floor(anchor_shop_ms + elapsed_ms * rate))
    return this.last_shop_ms
  }

  patience(): number {
    const { anchor_real_ms, anchor_patience_ms, rate, paused } = this.state
    const elapsed_ms = paused ? 0 : Math.max(0, this.real() - anchor_real_ms)
    return Math.floor(anchor_patience_ms + elapsed_ms * Math.min(rate, 1))
  }

  snapshot(): ClockState {
    return { ...this.state }
  }

  get mode(): ClockState["mode"] {
    return this.state.mode
  }

  /** New rate, pause or mode from this moment on; `shop_ms` jumps forward. Refuses to go back and rates outside (0, 1,000,000]. */
  set(change: { rate?: number; paused?: boolean; shop_ms?: number; mode?: ClockState["mode"] }): {
    refused?: string
  } {
    const now = this.now()
    if (change.shop_ms !== undefined && change.shop_ms < now) return { refused: "clock_runs_forward_only" }
    if (change.rate !== undefined && !(change.rate > 0 && change.rate <= 1_000_000))
      return { refused: "bad_rate" }
    const jump_ms = change.shop_ms === undefined ? 0 : change.shop_ms - now
    this.anchor(now + jump_ms, this.patience() + jump_ms)
    if (change.rate !== undefined) this.state.rate = change.rate
    if (change.mode !== undefined) {
      this.state.mode = change.mode
      this.state.paused = change.mode === "lockstep"
    }
    if (change.paused !== undefined && this.state.mode === "run") this.state.paused = change.paused
    return {}
  }

  /** Forward by so many shop milliseconds, running or not. */
  step(ms: number): void {
    const now = this.now()
    this.anchor(now + Math.max(0, ms), this.patience() + Math.max(0, ms))
  }

  private anchor(shop_ms: number, patience_ms: number): void {
    this.state.anchor_real_ms = this.real()
    this.state.anchor_shop_ms = shop_ms
    this.state.anchor_patience_ms = patience_ms
    this.last_shop_ms = shop_ms
  }
}
