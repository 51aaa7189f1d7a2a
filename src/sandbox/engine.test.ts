import { afterEach, describe, expect, it, vi } from "vitest"
import type { Config } from "./config.ts"
import { type Hand, openListener, openTestSandbox, until } from "./testkit.ts"

// Whole mornings are lived through; on a busy machine that takes a while.
vi.setConfig({ testTimeout: 120_000 })

let ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.reverse()) await end()
  ends = []
})

async function both(env: Record<string, string>) {
  let config: Config | undefined
  const system = await openListener(() => config!)
  const s: Hand = await openTestSandbox(env)
  config = s.config
  ends.push(() => system.close(), s.end)
  return { s, ...system }
}

const HOUR_MS = 3_600_000
type Clock = { now_ms: number; paused: boolean; mode: string }

/** A morning in lock-step: what was heard, and the fingerprint afterwards. */
async function morning(seed: string) {
  const { s, heard, url } = await both({
    SANDBOX_SEED: seed,
    SANDBOX_SCENARIO: "calm",
    SANDBOX_CLOCK: "lockstep",
  })
  const until_ms = s.world.start_ms + 2 * HOUR_MS
  await s.control("clock", { until_ms })
  await s.control("system", { url })
  await until("the morning is over", () => s.clock.now() >= until_ms, 60_000)
  await until("all is told", async () => {
    const { waiting } = await s.control<{ waiting: Record<string, number> }>("state")
    return waiting.events === 0 && waiting.orders === 0 && waiting.messages === 0
  })
  const live = heard.orders.filter((b) => b.origin === "live").flatMap((b) => b.orders)
  const said = heard.messages.flatMap((b) => b.messages)
  const { digest } = await s.control<{ digest: string }>("digest")
  return { digest, xml: heard.events.map((e) => e.xml), live, said }
}

describe("time", () => {
  it("brings the same events in the same order for the same seed, as fast as the system allows", async () => {
    const first = await morning("lock")
    const second = await morning("lock")
    expect(first.said.length).toBeGreaterThan(3)
    expect(first.live.length + first.xml.length).toBeGreaterThan(3)
    expect(second).toEqual(first)
    expect((await morning("other")).digest).not.toBe(first.digest)
  })

  it("is the same world whether a day is taken in one step or in many", async () => {
    const digests: string[] = []
    for (const steps of [1, 24]) {
      const { s, url } = await both({ SANDBOX_SCENARIO: "calm" })
      await s.control("history", { skip: true })
      await s.control("system", { url })
      for (let i = 0; i < steps; i++) await s.step((24 * HOUR_MS) / steps)
      expect(
        (await s.control<{ totals: { live_orders: number } }>("state")).totals.live_orders,
      ).toBeGreaterThan(5)
      digests.push((await s.control<{ digest: string }>("digest")).digest)
    }
    expect(digests[1]).toBe(digests[0])
  })

  it("lets something happen every few seconds in a lively world, each at its own moment", async () => {
    const { s, heard, url } = await both({ SANDBOX_SCENARIO: "lively", SANDBOX_SIZE: "2000" })
    await s.control("history", { skip: true })
    await s.control("system", { url })
    await s.step(10 * 60_000)
    const { happenings } = await s.control<{ happenings: { at: number }[] }>("happenings")
    expect(happenings.length).toBeGreaterThan(100)
    await until("heard", () => heard.events.length > 20 && heard.messages.length > 0)
    expect(heard.events.every((e) => e.verified)).toBe(true)
  })

  it("is quiet while nobody listens and before the past has been told", async () => {
    const { s } = await both({ SANDBOX_SCENARIO: "lively" })
    await s.step(HOUR_MS)
    expect(await s.control("state")).toMatchObject({ alive: false, happenings: [] })
  })

  it("steps, pauses and jumps forward only, and tells others how to compute the moment", async () => {
    const { s } = await both({})
    const before = await s.control<Clock>("clock")
    expect(before.paused).toBe(true)
    await s.step(5_000)
    const after = await s.control<Clock & { anchor_real_ms: number; anchor_shop_ms: number; rate: number }>(
      "clock",
    )
    expect(after.now_ms).toBe(before.now_ms + 5_000)
    expect(after.anchor_shop_ms).toBe(after.now_ms)
    expect(await s.control("clock", { shop_ms: before.now_ms })).toMatchObject({
      status: 409,
      refused: "clock_runs_forward_only",
    })
    const run = await s.control<Clock & { rate: number }>("clock", { paused: false, rate: 3_600 })
    expect(run).toMatchObject({ paused: false, rate: 3_600 })
    await until("hours pass in a second", () => s.clock.now() > after.now_ms + HOUR_MS / 2)
  })
})
