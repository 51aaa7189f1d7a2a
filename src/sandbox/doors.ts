import { createHash } from "node:crypto"
import { chance } from "../kernel/chance.ts"
import type { Config } from "./config.ts"
import { doorSignature } from "./crypto.ts"
import { limits } from "./limits.ts"
import { pastOrders } from "./world/orders.ts"
import type { Order } from "./world/records.ts"
import type { World } from "./world/world.ts"

type Batch = {
  path: string
  header: "Shop" | "Robot"
  secret: string
  body: string
  key: string
  done: () => void
}

/**
 * The shop and the group robot push to the system: signed batches, again and again until a 2xx, in order, one at a time.
 * A batch is composed once and repeated unchanged, so that its Idempotency-Key means the same content.
 */
export class Doors {
  private stopped = false
  private readonly busy = { shop: false, robot: false }
  private readonly world: World
  private readonly config: Config
  private readonly flush: () => void
  private readonly onSettled: () => void
  private readonly now: () => number
  last_problem: { at: string; path: string; reason: string } | null = null

  constructor(world: World, config: Config, now: () => number, flush: () => void, onSettled: () => void) {
    this.world = world
    this.config = config
    this.now = now
    this.flush = flush
    this.onSettled = onSettled
  }

  stop(): void {
    this.stopped = true
  }

  get waiting(): number {
    const history = this.world.meta("history").done ? 0 : 1
    return this.world.t.out_orders.size + this.world.t.out_messages.size + history
  }

  pump(): void {
    if (this.stopped || (this.world.meta("system_url") ?? "") === "") return
    const faults = this.world.meta("faults")
    if (!this.busy.shop && !faults.shop.paused)
      void this.lane("shop", () => this.liveOrders() ?? this.pastBatch())
    if (!this.busy.robot && !faults.robot.paused) void this.lane("robot", () => this.messages())
  }

  private async lane(name: "shop" | "robot", next: () => Batch | null): Promise<void> {
    this.busy[name] = true
    let told = false
    for (
      let batch = next();
      batch && !this.stopped && !this.world.meta("faults")[name].paused;
      batch = next()
    ) {
      told = true
      await this.untilAccepted(batch)
      if (this.stopped) break
      const again =
        chance(this.world.seed, "door doubled", batch.key) < this.world.meta("faults")[name].doubled
      if (again) await this.send(batch)
      batch.done()
      this.flush()
    }
    this.busy[name] = false
    // Whoever is told asks for the next round: told for nothing, the two would go on forever.
    if (told) this.onSettled()
  }

  private async untilAccepted(batch: Batch): Promise<void> {
    for (let wait_ms = 200; !this.stopped; wait_ms = Math.min(wait_ms * 2, limits.door_backoff_max_ms)) {
      const problem = await this.send(batch)
      if (problem === null) {
        this.last_problem = null
        return
      }
      this.last_problem = { at: new Date().toISOString(), path: batch.path, reason: problem }
      await new Promise((done) => setTimeout(done, wait_ms))
    }
  }

  /** Null when accepted, else the reason. */
  private async send({ path, header, secret, body, key }: Batch): Promise<string | null> {
    const timestamp = String(Math.floor(this.now() / 1000))
    try {
      const answer = await fetch(this.world.meta("system_url") + path, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "idempotency-key": key,
          [`x-${header}-timestamp`]: timestamp,
          [`x-${header}-signature`]: doorSignature(secret, timestamp, body),
        },
        body,
        signal: AbortSignal.timeout(limits.door_timeout_ms),
      })
      const text = await answer.text()
      return answer.ok ? null : `${answer.status} ${text.slice(0, 200)}`
    } catch (error) {
      return String(error)
    }
  }

  private shopBatch(origin: "live" | "history", orders: Order[], key: string, done: () => void): Batch {
    const body = JSON.stringify({ origin, orders })
    return { path: "/callbacks/shop", header: "Shop", secret: this.config.shop_secret, body, key, done }
  }

  private liveOrders(): Batch | null {
    const rows = [...this.world.t.out_orders.rows].slice(0, limits.orders_per_call)
    if (rows.length === 0) return null
    const orders = rows.map(([, order]) => order)
    return this.shopBatch("live", orders, digest("live", orders), () => {
      for (const [key] of rows) this.world.t.out_orders.del(key)
    })
  }

  /** The next part of the year before: whole persons until 500 orders are together. */
  private pastBatch(): Batch | null {
    const history = this.world.meta("history")
    if (history.done) return null
    const orders: Order[] = []
    let n = history.next_person
    for (; n < this.world.size; n++) {
      const more = pastOrders(this.world.people, n, this.world.start_ms)
      if (orders.length + more.length > limits.orders_per_call) break
      orders.push(...more)
    }
    const done = () => {
      const totals = this.world.meta("totals")
      const paid_fen = orders.reduce(
        (sum, order) => sum + (order.status === "cancelled" ? 0 : order.amount_fen),
        0,
      )
      this.world.t.meta.put("totals", {
        ...totals,
        history_orders: totals.history_orders + orders.length,
        history_paid_fen: totals.history_paid_fen + paid_fen,
      })
      this.world.t.meta.put("history", { next_person: n, done: n >= this.world.size })
    }
    if (orders.length === 0) {
      done()
      this.flush()
      return null
    }
    return this.shopBatch("history", orders, digest("history", orders), done)
  }

  private messages(): Batch | null {
    const rows = [...this.world.t.out_messages.rows].slice(0, limits.messages_per_call)
    if (rows.length === 0) return null
    const lost = this.world.meta("faults").robot.lost
    const messages = rows
      .map(([, message]) => message)
      .filter((m) => chance(this.world.seed, "robot lost", m.msg_id) >= lost)
    const done = () => {
      for (const [key] of rows) this.world.t.out_messages.del(key)
    }
    const body = JSON.stringify({ messages })
    return {
      path: "/callbacks/group-robot",
      header: "Robot",
      secret: this.config.robot_secret,
      body,
      key: digest("said", messages),
      done,
    }
  }
}

function digest(kind: string, content: unknown): string {
  return `${kind}-${createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 32)}`
}
