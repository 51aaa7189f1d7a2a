import type { Config } from "./config.ts"
import { encrypt, signature } from "./crypto.ts"
import { type CallbackFate, callbackFate } from "./faults.ts"
import { limits } from "./limits.ts"
import { hex } from "./world/ids.ts"
import type { CallbackEvent } from "./world/records.ts"
import type { World } from "./world/world.ts"

const cdata = (value: string): string => `<![CDATA[${value}]]>`

/** The decrypted XML of an event: strings as CDATA, integers bare, lists as Items. */
export function eventXml(corp_id: string, event: CallbackEvent): string {
  const fields = event.fields.map(([name, value]) => {
    if (typeof value === "number") return `<${name}>${value}</${name}>`
    const inner =
      typeof value === "string" ? cdata(value) : value.map((item) => `<Item>${cdata(item)}</Item>`).join("")
    return `<${name}>${inner}</${name}>`
  })
  return (
    `<xml><ToUserName>${cdata(corp_id)}</ToUserName><FromUserName>${cdata("sys")}</FromUserName>` +
    `<CreateTime>${Math.floor(event.at / 1000)}</CreateTime><MsgType>${cdata("event")}</MsgType>` +
    `<Event>${cdata(event.event)}</Event><ChangeType>${cdata(event.change)}</ChangeType>${fields.join("")}</xml>`
  )
}

export type Signed = { query: URLSearchParams; encrypted: string }

export function seal(
  config: Config,
  message: string,
  now_ms: number,
  nonce: string,
  receiver = config.corp_id,
): Signed {
  const encrypted = encrypt(config.callback_aes_key, message, receiver)
  const timestamp = String(Math.floor(now_ms / 1000))
  const msg_signature = signature(config.callback_token, timestamp, nonce, encrypted)
  return { query: new URLSearchParams({ msg_signature, timestamp, nonce }), encrypted }
}

/** One GET with an encrypted word; the address is good when the plain word comes back within a second. */
export async function verifyAddress(
  config: Config,
  system_url: string,
): Promise<{ verified: boolean; reason?: string }> {
  const word = hex(19, "echo", Date.now())
  const { query, encrypted } = seal(config, word, Date.now(), hex(10, "nonce", Date.now()))
  query.set("echostr", encrypted)
  try {
    const answer = await fetch(`${system_url}/callbacks/wecom?${query}`, {
      signal: AbortSignal.timeout(1_000),
    })
    const text = await answer.text()
    return text === word
      ? { verified: true }
      : { verified: false, reason: `answered ${answer.status}, not the plain word` }
  } catch (error) {
    return { verified: false, reason: String(error) }
  }
}

/**
 * Sends the waiting events to the system: encrypted, signed, five seconds each, three retries. An event leaves the table
 * when it was accepted or given up; until then it outlives a kill.
 */
export class Pusher {
  private readonly flying = new Set<number>()
  private readonly held: { key: number; timer: NodeJS.Timeout }[] = []
  private stopped = false
  private readonly world: World
  private readonly config: Config
  private readonly flush: () => void
  private readonly onSettled: () => void
  readonly counts = { accepted: 0, given_up: 0, lost: 0, doubled: 0, tampered: 0 }

  constructor(world: World, config: Config, flush: () => void, onSettled: () => void) {
    this.world = world
    this.config = config
    this.flush = flush
    this.onSettled = onSettled
  }

  get waiting(): number {
    return this.world.t.out_events.size
  }

  stop(): void {
    this.stopped = true
    for (const { timer } of this.held) clearTimeout(timer)
  }

  /** Starts what can be started. Called after every change; cheap when nothing waits. */
  pump(parallel: number): void {
    if (this.stopped || (this.world.meta("system_url") ?? "") === "") return
    for (const key of this.world.t.out_events.rows.keys()) {
      if (this.flying.size - this.held.length >= parallel) return
      if (!this.flying.has(key)) this.start(key)
    }
  }

  private start(key: number): void {
    this.flying.add(key)
    const fate = callbackFate(this.world.meta("faults"), this.world.seed, key)
    if (fate.lost) {
      this.counts.lost++
      this.settle(key)
      return
    }
    const wait_ms = fate.behind_next ? Math.max(fate.late_ms, 400) : fate.late_ms
    if (wait_ms === 0) void this.deliver(key, fate)
    else {
      const timer = setTimeout(() => {
        this.held.splice(
          this.held.findIndex((h) => h.key === key),
          1,
        )
        void this.deliver(key, fate)
      }, wait_ms)
      this.held.push({ key, timer })
    }
  }

  private async deliver(key: number, fate: CallbackFate): Promise<void> {
    const event = this.world.t.out_events.get(key)
    if (event) {
      if (fate.tampered) await this.forge(event, key, "tampered")
      if (fate.wrong_receiver) await this.forge(event, key, "receiver")
      for (let copy = 0; copy < fate.copies; copy++) {
        if (copy > 0) this.counts.doubled++
        const accepted = await this.tries(event, key)
        if (accepted) this.counts.accepted++
        else this.counts.given_up++
      }
    }
    if (!this.stopped) this.settle(key)
  }

  private settle(key: number): void {
    this.flying.delete(key)
    this.world.t.out_events.del(key)
    const totals = this.world.meta("totals")
    this.world.t.meta.put("totals", { ...totals, callbacks: totals.callbacks + 1 })
    this.flush()
    this.onSettled()
  }

  private async tries(event: CallbackEvent, key: number): Promise<boolean> {
    for (let i = 0; i < limits.callback_tries && !this.stopped; i++) {
      if (i > 0) await new Promise((done) => setTimeout(done, limits.callback_rest_ms[i - 1] ?? 0))
      const sealed = seal(
        this.config,
        eventXml(this.config.corp_id, event),
        // Signatures age by the machine's clock, however fast the shop's day passes.
        Date.now(),
        hex(10, "nonce", key, i),
      )
      const status = await this.post(sealed)
      if (status === 200) return true
      if (status !== 0 && !this.world.meta("faults").callback.retry_on_non_200) return false
    }
    return false
  }

  /** A forged copy beside the true one: the system must refuse it. */
  private async forge(event: CallbackEvent, key: number, how: "tampered" | "receiver"): Promise<void> {
    this.counts.tampered++
    const receiver = how === "receiver" ? "ww_somebody_else" : this.config.corp_id
    const forged = seal(
      this.config,
      eventXml(this.config.corp_id, event),
      Date.now(),
      hex(10, "forged", key),
      receiver,
    )
    if (how === "tampered") {
      const right = forged.query.get("msg_signature")!
      forged.query.set("msg_signature", (right.startsWith("0") ? "1" : "0") + right.slice(1))
    }
    await this.post(forged)
  }

  /** The status, or 0 where nobody answered in time. */
  private async post({ query, encrypted }: Signed): Promise<number> {
    const body = `<xml><ToUserName>${cdata(this.config.corp_id)}</ToUserName><AgentID>${cdata(String(this.config.agent_id))}</AgentID><Encrypt>${cdata(encrypted)}</Encrypt></xml>`
    try {
      const answer = await fetch(`${this.world.meta("system_url")}/callbacks/wecom?${query}`, {
        method: "POST",
        headers: { "content-type": "text/xml; charset=UTF-8" },
        body,
        signal: AbortSignal.timeout(limits.callback_timeout_ms),
      })
      await answer.arrayBuffer()
      return answer.status
    } catch {
      // Refused, cut or too slow: all the same to the sender.
      return 0
    }
  }
}
