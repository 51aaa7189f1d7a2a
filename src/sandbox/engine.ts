import type { SandboxClock } from "./clock.ts"
import { limits } from "./limits.ts"
import { runSlot, slotIsBusy } from "./world/behaviour.ts"
import { tempo } from "./world/deeds.ts"
import { runReaction } from "./world/reactions.ts"
import type { World } from "./world/world.ts"

export type Outside = {
  /** Everything that was to be delivered is delivered. */
  settled: () => boolean
  /** The system has nothing left to do for what it was told. */
  quiet: (shop_ms: number) => Promise<boolean>
  click: (person: number, link: string) => void
  /** The clock was moved by hand or by lock-step: to be remembered. */
  clockMoved: () => void
  flush: () => void
}

const BACKLOG = 5_000
const TICK_MS = 200
const REMEMBER_EVERY_MS = 5_000

/** Lets the world live: what is due and what happens by itself, in the order of the shop clock, each at its own moment. */
export class Engine {
  private readonly world: World
  private readonly clock: SandboxClock
  private readonly outside: Outside
  private timer: NodeJS.Timeout | undefined
  private stopped = false
  private stepping = false
  private remembered_real_ms = 0
  private lockstep_until = Number.POSITIVE_INFINITY
  private lockstep_stride_ms: number = limits.lockstep_stride_ms

  constructor(world: World, clock: SandboxClock, outside: Outside) {
    this.world = world
    this.clock = clock
    this.outside = outside
  }

  start(): void {
    this.skipLongSleep()
    this.timer = setTimeout(() => void this.tick(), TICK_MS)
  }

  stop(): void {
    this.stopped = true
    clearTimeout(this.timer)
  }

  /** People act by themselves once somebody listens and the past has been told. */
  get alive(): boolean {
    return (
      tempo(this.world).slot_ms > 0 &&
      (this.world.meta("system_url") ?? "") !== "" &&
      this.world.meta("history").done
    )
  }

  /** How far lock-step goes, for ever where nothing is said, and how much time at most passes at once. */
  setLockstep(until_ms: number | undefined, stride_ms: number = limits.lockstep_stride_ms): void {
    this.lockstep_until = until_ms ?? Number.POSITIVE_INFINITY
    this.lockstep_stride_ms = stride_ms
  }

  private slotTime(slot: number): number {
    return this.world.start_ms + slot * tempo(this.world).slot_ms
  }

  /** After a long pause the world does not act out what it slept through. */
  private skipLongSleep(): void {
    const { slot_ms } = tempo(this.world)
    if (slot_ms === 0 || this.clock.mode === "lockstep") return
    const first = Math.floor((this.clock.now() - limits.catch_up_ms - this.world.start_ms) / slot_ms)
    if (first > this.world.meta("slot")) this.world.t.meta.put("slot", first)
  }

  /** The next busy slot at or before `until`; the slots passed over are noted as done. */
  private nextSlot(until: number): number | null {
    if (!this.alive) {
      const { slot_ms } = tempo(this.world)
      if (slot_ms > 0) this.advanceSlot(Math.floor((this.clock.now() - this.world.start_ms) / slot_ms) + 1)
      return null
    }
    let slot = this.world.meta("slot")
    while (this.slotTime(slot) <= until && !slotIsBusy(this.world, slot, this.slotTime(slot))) slot++
    if (slot !== this.world.meta("slot")) this.world.t.meta.set("slot", slot)
    return this.slotTime(slot) <= until ? slot : null
  }

  private advanceSlot(slot: number): void {
    if (slot > this.world.meta("slot")) this.world.t.meta.set("slot", slot)
  }

  /** Runs one event due at or before `until`; false when there is none. */
  private runOne(until: number): boolean {
    const slot = this.nextSlot(until)
    const due = this.world.due.peek()
    const due_at = due?.[0] ?? Number.POSITIVE_INFINITY
    if (due && due_at <= until && (slot === null || due_at <= this.slotTime(slot))) {
      this.world.due.pop()
      const reaction = this.world.t.reactions.get(due[1])
      if (!reaction) return true
      this.world.t.reactions.del(due[1])
      runReaction(this.world, reaction, this.outside.click)
      return true
    }
    if (slot === null) return false
    this.world.t.meta.put("slot", slot + 1)
    runSlot(this.world, this.slotTime(slot), slot)
    return true
  }

  /** Up to a bounded number of events; true when nothing is left until then. */
  runUntil(until: number, budget: number = limits.events_per_turn): boolean {
    let left = budget
    while (left-- > 0) if (!this.runOne(until)) break
    this.outside.flush()
    return left >= 0
  }

  private held(): boolean {
    const { out_events, out_messages, out_orders } = this.world.t
    const listens = (this.world.meta("system_url") ?? "") !== ""
    return listens && out_events.size + out_messages.size + out_orders.size > BACKLOG
  }

  private remember(now: number): void {
    if (Date.now() - this.remembered_real_ms < REMEMBER_EVERY_MS) return
    this.remembered_real_ms = Date.now()
    this.world.t.meta.put("seen_ms", now)
  }

  private async tick(): Promise<void> {
    if (this.stopped) return
    if (this.clock.mode === "lockstep") await this.lockstep()
    else if (!this.held() && !this.stepping) {
      const now = this.clock.now()
      this.remember(now)
      while (!this.stopped && !this.runUntil(now)) await new Promise((done) => setImmediate(done))
    }
    if (!this.stopped) this.timer = setTimeout(() => void this.tick(), TICK_MS)
  }

  /** Forward by so many shop milliseconds at once, living through all that falls due on the way. */
  async step(ms: number): Promise<void> {
    this.stepping = true
    const target = this.clock.now() + ms
    for (;;) {
      const at = Math.max(this.clock.now(), Math.min(target, this.nextAt(target)))
      this.clock.step(at - this.clock.now())
      this.outside.clockMoved()
      const drained = this.runUntil(this.clock.now())
      if (drained && at >= target) break
      await new Promise((done) => setImmediate(done))
    }
    this.stepping = false
  }

  private nextAt(until: number): number {
    const slot = this.nextSlot(until)
    return Math.min(
      this.world.due.peek()?.[0] ?? Number.POSITIVE_INFINITY,
      slot === null ? Number.POSITIVE_INFINITY : this.slotTime(slot),
      until,
    )
  }

  /** As fast as possible: one moment after another, each only when the system has finished with the one before. */
  private async lockstep(): Promise<void> {
    while (!this.stopped && this.clock.mode === "lockstep") {
      if (
        this.stepping ||
        this.clock.now() >= this.lockstep_until ||
        (this.world.meta("system_url") ?? "") === ""
      )
        return
      while (!this.runUntil(this.clock.now()));
      if (!(await this.settle())) return
      const now = this.clock.now()
      const until = Math.min(now + this.lockstep_stride_ms, this.lockstep_until)
      this.clock.step(Math.max(0, this.nextAt(until) - now))
      this.outside.clockMoved()
    }
  }

  private async settle(): Promise<boolean> {
    const give_up = Date.now() + limits.lockstep_wait_ms
    for (
      let wait_ms = 1;
      Date.now() < give_up && !this.stopped && this.clock.mode === "lockstep";
      wait_ms = Math.min(wait_ms * 2, 50)
    ) {
      if (this.outside.settled() && (await this.outside.quiet(this.clock.now())) && this.outside.settled())
        return true
      await new Promise((done) => setTimeout(done, wait_ms))
    }
    return false
  }
}
