import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { type Loop, type Running, startLoops } from "./loops.ts"

/** A loop whose rounds the test ends one by one. */
function handLoop(name = "work", over: Partial<Loop> = {}) {
  const open: { end(found: number): void; fail(why: string): void }[] = []
  let begun = 0
  const loop: Loop = {
    name,
    rest_ms: 1_000,
    error_rest_ms: 5_000,
    round: () =>
      new Promise((resolve, reject) => {
        begun++
        open.push({ end: resolve, fail: (why) => reject(new Error(why)) })
      }),
    ...over,
  }
  return { loop, begun: () => begun, under_way: () => open.shift()! }
}

const errors: string[] = []
let running: Running | null = null
const start = (...loops: Loop[]) => {
  running = startLoops(loops, (name, error) => errors.push(`${name}: ${(error as Error).message}`))
  return running
}
const settle = () => vi.advanceTimersByTimeAsync(0)

beforeEach(() => {
  vi.useFakeTimers()
  errors.length = 0
})
afterEach(() => {
  vi.useRealTimers()
})

describe("work that is done again and again", () => {
  it("goes on at once while there is something to do, and rests when there is nothing", async () => {
    const { loop, begun, under_way } = handLoop()
    start(loop)
    under_way().end(3)
    await settle()
    expect(begun()).toBe(2)
    under_way().end(0)
    await vi.advanceTimersByTimeAsync(999)
    expect(begun()).toBe(2)
    await vi.advanceTimersByTimeAsync(1)
    expect(begun()).toBe(3)
  })

  it("is told of a failure once and rests longer after it", async () => {
    const { loop, begun, under_way } = handLoop()
    start(loop)
    under_way().fail("no connection")
    await vi.advanceTimersByTimeAsync(4_999)
    expect([errors, begun()]).toEqual([["work: no connection"], 1])
    await vi.advanceTimersByTimeAsync(1)
    expect(begun()).toBe(2)
  })

  it("looks at once when it is woken, and again when it was woken during a round that saw too little", async () => {
    const { loop, begun, under_way } = handLoop()
    const { wake } = start(loop)
    under_way().end(0)
    await settle()
    wake()
    await settle()
    expect(begun()).toBe(2)
    wake()
    under_way().end(0)
    await settle()
    expect(begun()).toBe(3)
  })

  it("wakes only those who are named", async () => {
    const [one, other] = [handLoop("one"), handLoop("other")]
    const { wake } = start(one.loop, other.loop)
    one.under_way().end(0)
    other.under_way().end(0)
    await settle()
    wake(["other"])
    await settle()
    expect([one.begun(), other.begun()]).toEqual([1, 2])
  })

  it("stops after the round under way, begins no other and tells no failure of its last moments", async () => {
    const [busy, resting] = [handLoop("busy"), handLoop("resting")]
    const { stop } = start(busy.loop, resting.loop)
    resting.under_way().end(0)
    await settle()
    let ended = false
    const end = stop().then(() => {
      ended = true
    })
    await settle()
    expect(ended).toBe(false)
    busy.under_way().fail("the database has gone")
    await end
    await vi.advanceTimersByTimeAsync(60_000)
    expect([busy.begun(), resting.begun(), errors]).toEqual([1, 1, []])
  })
})
