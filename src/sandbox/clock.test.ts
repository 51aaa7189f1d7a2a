import { describe, expect, it } from "vitest"
import { SandboxClock } from "./clock.ts"

function clockWithHand() {
  let real = 1_000_000
  const clock = SandboxClock.startingAt(5_000_000, () => real)
  return { clock, pass: (ms: number) => (real += ms) }
}

describe("the shop clock", () => {
  it("runs with real time at first, then at its rate, and stands when paused", () => {
    const { clock, pass } = clockWithHand()
    pass(100)
    expect(clock.now()).toBe(5_000_100)
    clock.set({ rate: 60 })
    pass(100)
    expect(clock.now()).toBe(5_006_100)
    clock.set({ paused: true })
    pass(10_000)
    expect(clock.now()).toBe(5_006_100)
    clock.set({ paused: false })
    pass(10)
    expect(clock.now()).toBe(5_006_700)
  })

  it("never runs back when the machine's clock is set back or somebody asks it to", () => {
    const { clock, pass } = clockWithHand()
    pass(500)
    const shown = clock.now()
    pass(-90_000)
    expect(clock.now()).toBe(shown)
    expect(clock.set({ shop_ms: shown - 1 })).toEqual({ refused: "clock_runs_forward_only" })
    expect(clock.set({ rate: 0 })).toEqual({ refused: "bad_rate" })
    expect(clock.now()).toBe(shown)
  })

  it("gives people real seconds to react however fast it runs, and counts steps in full", () => {
    const { clock, pass } = clockWithHand()
    clock.set({ rate: 86_400 })
    pass(1_000)
    expect(clock.now()).toBe(5_000_000 + 86_400_000)
    expect(clock.patience()).toBe(1_000)
    clock.step(21_000)
    expect(clock.patience()).toBe(22_000)
  })

  it("moves only by steps in lock-step and tells others that it stands", () => {
    const { clock, pass } = clockWithHand()
    clock.set({ mode: "lockstep" })
    pass(60_000)
    expect(clock.now()).toBe(5_000_000)
    expect(clock.snapshot()).toMatchObject({ paused: true, mode: "lockstep" })
    clock.step(250)
    expect(clock.now()).toBe(5_000_250)
  })
})
