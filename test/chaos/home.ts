import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { SandboxSecrets } from "../../src/apps/server/sandbox-process.ts"
import { newId } from "../../src/kernel/ids.ts"
import { oneRow, openDb, rows } from "../../src/platform/db.ts"
import { signatureOf } from "../../src/platform/http/signed.ts"
import { adoptOrNull, freePort, readSecrets } from "../../src/platform/postgres/index.ts"
import { verify } from "../../src/spine/ledger/index.ts"
import { eventually, pause, type Scenario } from "./scenario.ts"
import { npmStart } from "./server.ts"

const POSTERS = 4
const LIFE_MS = [1_500, 6_000] as const
const SETTLE_MS = 120_000
/** The company beside it is small and quiet: the orders are ours. */
const ENV = { SANDBOX_SIZE: "60", SANDBOX_SCENARIO: "quiet", SIYU_OWNER_PASSWORD: "owner-password-1" }

export const home: Scenario = {
  name: "home",
  about:
    "npm start is killed as a whole under live orders, every second time with PostgreSQL; the next start goes on",
  kills: 4,
  async run({ kills, say }) {
    const started = Date.now()
    const folder = await mkdtemp(join(tmpdir(), "siyu-chaos-home-"))
    const shop = new Shop()
    const missing: string[] = []
    let databaseKills = 0
    let running: Awaited<ReturnType<typeof npmStart>> | null = null
    try {
      for (let life = 0; life <= kills; life++) {
        const port = await freePort()
        running = await npmStart(folder, port, ENV)
        missing.push(...(await notThere(folder, [...shop.acked])))
        shop.opens(port, readSecrets<SandboxSecrets>(folder, "sandbox")?.shop_secret ?? "")
        const [least, most] = LIFE_MS
        await pause(least + Math.random() * (most - least))
        if (life === kills) break
        say(`kill ${life + 1} of ${kills}, ${shop.acked.size} orders acknowledged`)
        await running.kill()
        if (life % 2 === 1) {
          await killDatabase(folder)
          databaseKills++
        }
        await shop.closes()
      }
      await shop.finishes()
      say("waiting for points of every order")
      const end = await audit(folder, shop)
      missing.push(...(await notThere(folder, [...shop.acked])))
      await running?.stop()
      running = null
      const lost = new Set(missing).size
      return {
        name: "home",
        kills,
        acked: shop.acked.size,
        applied: end.applied,
        lost,
        twice: end.twice,
        ok: lost + end.twice === 0 && end.verify === "ok" && end.applied === shop.acked.size,
        ...{ postgres_kills: databaseKills, paid_facts: end.paid, verify: end.verify },
        seconds: Math.round((Date.now() - started) / 1000),
      }
    } catch (error) {
      if (running) say(running.said().slice(-2_000))
      throw error
    } finally {
      await shop.closes()
      await running?.kill()
      await (await adoptOrNull(folder))?.stop()
      await rm(folder, { recursive: true, force: true })
    }
  },
}

/** The shop: keeps order numbers and acknowledgements outside, repeats what was not acknowledged. */
class Shop {
  readonly acked = new Set<string>()
  readonly #open: string[] = []
  #posting: Promise<unknown> = Promise.resolve()
  #going = false
  #newOnes = true
  #door = { origin: "", secret: "" }

  opens(port: number, secret: string): void {
    this.#door = { origin: `http://127.0.0.1:${port}`, secret }
    this.#going = true
    this.#posting = Promise.all(Array.from({ length: POSTERS }, () => this.#post()))
  }

  async closes(): Promise<void> {
    this.#going = false
    await this.#posting
  }

  /** Nothing new; what is open is repeated until it is acknowledged. */
  async finishes(): Promise<void> {
    this.#newOnes = false
    await this.#posting
    this.#going = false
  }

  async #post(): Promise<void> {
    while (this.#going) {
      const number = this.#open.shift() ?? (this.#newOnes ? `chaos-${newId()}` : null)
      if (number === null) return
      const answered = await this.#send(number).catch(() => false)
      if (answered) this.acked.add(number)
      else {
        this.#open.push(number)
        await pause(50)
      }
    }
  }

  async #send(order_no: string): Promise<boolean> {
    const buyer = `chaos-buyer-${order_no.slice(-2)}`
    const body = JSON.stringify({
      origin: "live",
      orders: [
        {
          order_no,
          buyer: { shop_buyer_id: buyer, name: "测试" },
          status: "paid",
          paid_at: new Date().toISOString(),
          amount_fen: 9_900,
          lines: [{ sku: "chaos", name: "杯子", qty: 1, price_fen: 9_900 }],
        },
      ],
    })
    const timestamp = String(Math.floor(Date.now() / 1000))
    const response = await fetch(`${this.#door.origin}/callbacks/shop`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-shop-timestamp": timestamp,
        "x-shop-signature": signatureOf(this.#door.secret, timestamp, body),
      },
      body,
      signal: AbortSignal.timeout(10_000),
    })
    if (!response.ok) return false
    const { taken, known } = (await response.json()) as { taken: number; known: number }
    return taken + known === 1
  }
}

/** Looks into the home's database without holding the cluster longer than the question takes. */
async function inside<T>(folder: string, look: (db: ReturnType<typeof openDb>) => Promise<T>): Promise<T> {
  const cluster = await adoptOrNull(folder)
  if (!cluster) throw new Error("PostgreSQL of the home does not run")
  const db = openDb({ url: cluster.url, max: 2, application_name: "chaos" })
  try {
    return await look(db)
  } finally {
    await db.end()
    await cluster.leave()
  }
}

function notThere(folder: string, numbers: string[]): Promise<string[]> {
  return inside(folder, async (db) =>
    (
      await rows<{ order_no: string }>(
        db,
        "select n as order_no from unnest($1::text[]) n where not exists (select from orders_orders o where o.order_no = n)",
        [numbers],
      )
    ).map((r) => r.order_no),
  )
}

async function killDatabase(folder: string): Promise<void> {
  const cluster = await adoptOrNull(folder)
  if (!cluster) return
  process.kill(cluster.pid, "SIGKILL")
  await cluster.leave()
}

/** Each order once in the books, told once as paid, with its points posted once. */
function audit(folder: string, shop: Shop) {
  return inside(folder, async (db) => {
    const counts = () =>
      oneRow<{ applied: number; twice: number; paid: number; paid_twice: number }>(
        db,
        `select count(*) as applied, count(*) - count(distinct order_no) as twice,
           (select count(*) from facts f join orders_orders o on f.type = 'order.paid' and f.subject = o.customer_id
              and f.payload ->> 'order_id' = o.order_id::text where o.order_no like 'chaos-%') as paid,
           (select count(*) - count(distinct f.payload ->> 'order_id') from facts f where f.type = 'order.paid') as paid_twice
         from orders_orders where order_no like 'chaos-%'`,
      )
    const now = await eventually(
      "every order is told",
      async () => {
        const c = await counts()
        return c.paid >= shop.acked.size && c
      },
      SETTLE_MS,
    )
    const pointed = await eventually(
      "every order has its points",
      async () => {
        const found = await oneRow<{ n: number; times: number }>(
          db,
          `select count(distinct p.source) as n, count(*) as times from ledger_postings p
           join orders_orders o on p.source = 'order:' || o.order_id where o.order_no like 'chaos-%' and p.op = 'post'`,
        )
        return found.n >= shop.acked.size && found
      },
      SETTLE_MS,
    )
    const { findings } = await verify(db)
    return {
      applied: now.applied,
      paid: now.paid,
      twice: now.twice + now.paid_twice + (pointed.times - pointed.n),
      verify: findings.length === 0 ? ("ok" as const) : findings.slice(0, 5),
    }
  })
}
