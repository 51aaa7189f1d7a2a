import { fileURLToPath } from "node:url"
import { newId } from "../../src/kernel/ids.ts"
import { rows } from "../../src/platform/db.ts"
import { totals, verify } from "../../src/spine/ledger/index.ts"
import { keptChild, startChild } from "./child.ts"
import type { PosterAnswer, PosterAsk } from "./children/poster.ts"
import { openPlace, type Place } from "./place.ts"
import { BOOK, prepareNotes, readNotes } from "./recorder.ts"
import { eventually, pause, type Scenario, storm } from "./scenario.ts"

const POSTER = fileURLToPath(new URL("children/poster.ts", import.meta.url))
const WORKER = fileURLToPath(new URL("children/fact-worker.ts", import.meta.url))
const OUTSTANDING = 64
const OWNERS = 200
/** Of what was acknowledged, so much is asked again under its key, as a client does that lost the answer. */
const REPLAYED = 0.1
const RESEND_MS = 100
const SETTLE_MS = 60_000

/** The client: keeps its ids and what was acknowledged outside everything that is killed. */
class Client {
  readonly acked = new Map<string, string>()
  readonly open = new Map<string, PosterAsk>()
  changed = 0
  replays = 0
  #send: (ask: PosterAsk) => void
  constructor(send: (ask: PosterAsk) => void) {
    this.#send = send
  }

  ask(): void {
    const key = `chaos:${newId()}`
    const owner = `00000000-0000-7000-8000-${String(Math.floor(Math.random() * OWNERS)).padStart(12, "0")}`
    const ask = { key, owner, amount: 1 + Math.floor(Math.random() * 100) }
    this.open.set(key, ask)
    this.#send(ask)
  }

  hear(line: string): void {
    const { key, posting } = JSON.parse(line) as PosterAnswer
    const ask = this.open.get(key)
    if (!key || !posting || !ask) return
    const before = this.acked.get(key)
    if (before !== undefined && before !== posting) this.changed++
    this.acked.set(key, posting)
    if (before === undefined && Math.random() < REPLAYED) {
      this.replays++
      this.#send(ask)
    } else this.open.delete(key)
  }

  /** Asks again for everything that was not answered: the process that had it is gone, or it failed. */
  resend(): void {
    for (const ask of this.open.values()) this.#send(ask)
  }
}

export const ledger: Scenario = {
  name: "ledger",
  about: "points are posted while the application, a worker and PostgreSQL are killed at random moments",
  kills: 25,
  async run({ kills, say }) {
    const started = Date.now()
    const place = await openPlace()
    const env = { CHAOS_URL: place.url }
    await prepareNotes(place.db)
    const client = new Client((ask) => poster.current().send(ask))
    const poster = keptChild(() => startChild(POSTER, env, (line) => client.hear(line)))
    const worker = keptChild(() => startChild(WORKER, env))
    try {
      await Promise.all([poster.current().ready, worker.current().ready])
      let storming = true
      let badReads = 0
      let reads = 0
      const asking = (async () => {
        let resent = Date.now()
        while (storming) {
          while (client.open.size < OUTSTANDING) client.ask()
          if (Date.now() - resent > 1_000) {
            client.resend()
            resent = Date.now()
          }
          await pause(5)
        }
      })()
      const reading = (async () => {
        while (storming) {
          const sum = await sumOf(place)
          if (sum !== null) reads++
          if (sum) badReads++
          await pause(200)
        }
      })()
      const each = await storm(
        kills,
        [
          { name: "application", weight: 2, killAndRevive: poster.killAndRevive },
          { name: "worker", weight: 1, killAndRevive: worker.killAndRevive },
          { name: "postgres", weight: 1, killAndRevive: place.killPostgres },
        ],
        say,
      ).finally(() => {
        storming = false
      })
      await Promise.all([asking, reading])
      await eventually(
        "every ask is answered",
        async () => {
          if (client.open.size === 0) return true
          client.resend()
          await pause(RESEND_MS)
          return false
        },
        SETTLE_MS,
      )
      const applied = await rows<{ key: string; posting: string; times: number }>(
        place.db,
        "select key, min(id::text) as posting, count(*) as times from ledger_postings group by key",
      )
      const found = new Map(applied.map((r) => [r.key, r]))
      const lost = [...client.acked].filter(([key, posting]) => found.get(key)?.posting !== posting).length
      const twice = applied.filter((r) => r.times > 1).length + client.changed
      const notes = await eventually(
        "the worker has read every posting",
        async () => {
          const now = await readNotes(place.db)
          return now.length === 2 && now.every((n) => n.notes >= applied.length) && now
        },
        SETTLE_MS,
      )
      const handledTwice = notes.reduce((sum, n) => sum + n.twice, 0)
      const { findings } = await verify(place.db)
      return {
        name: "ledger",
        kills,
        acked: client.acked.size,
        applied: applied.length,
        lost,
        twice: twice + handledTwice,
        ok: lost + twice + handledTwice + badReads + findings.length === 0,
        killed: each,
        replays: client.replays,
        reads,
        bad_reads: badReads,
        verify: findings.length === 0 ? "ok" : findings.slice(0, 5),
        seconds: Math.round((Date.now() - started) / 1000),
      }
    } finally {
      await Promise.all([poster.stop(), worker.stop()])
      await place.stop()
    }
  },
}

/** Every book sums to 0 at every moment; null when the database is just down. */
async function sumOf({ db }: Place): Promise<number | null> {
  try {
    return Object.values(await totals(db, BOOK)).reduce((sum, n) => sum + n, 0)
  } catch {
    return null
  }
}
