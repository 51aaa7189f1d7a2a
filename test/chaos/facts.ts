import { fileURLToPath } from "node:url"
import { newId } from "../../src/kernel/ids.ts"
import { maybeRow, oneRow } from "../../src/platform/db.ts"
import { createFactIntake } from "../../src/spine/facts/index.ts"
import { keptChild, startChild } from "./child.ts"
import { openPlace, type Place } from "./place.ts"
import { counted, prepareNotes, readNotes } from "./recorder.ts"
import { eventually, pause, type Scenario, storm } from "./scenario.ts"

const WORKER = fileURLToPath(new URL("children/fact-worker.ts", import.meta.url))
const WRITERS = 12
/** At most; each writer tells one batch after the other until the storm is over. */
const BATCH = 20
/** Longest rest between two batches of a writer. */
const WRITER_REST_MS = 300
const SETTLE_MS = 90_000

export const facts: Scenario = {
  name: "facts",
  about: "two workers side by side read facts told by many writers; workers and PostgreSQL are killed",
  kills: 15,
  async run({ kills, say, size = 2_000 }) {
    const started = Date.now()
    const place = await openPlace()
    await prepareNotes(place.db)
    const worker = () => keptChild(() => startChild(WORKER, { CHAOS_URL: place.url }))
    const workers = [worker(), worker()]
    try {
      await Promise.all(workers.map((w) => w.current().ready))
      const writers = startWriters(place, size)
      const each = await storm(
        kills,
        [
          ...workers.map((w, i) => ({ name: `worker_${i + 1}`, weight: 2, killAndRevive: w.killAndRevive })),
          { name: "postgres", weight: 1, killAndRevive: place.killPostgres },
        ],
        say,
      ).finally(writers.enough)
      const acked = await writers.done
      const { applied, twice: toldTwice } = await oneRow<{ applied: number; twice: number }>(
        place.db,
        `select count(*) as applied, count(*) - count(distinct (subject, payload ->> 'n')) as twice from facts where type = $1`,
        [counted.type],
      )
      say(`${applied} facts are told; waiting for the workers`)
      const notes = await eventually(
        "the workers have read every fact",
        async () => {
          const now = await readNotes(place.db)
          return now.length === 2 && now.every((n) => n.notes >= applied) && now
        },
        SETTLE_MS,
      )
      const twice = toldTwice + notes.reduce((sum, n) => sum + n.twice, 0)
      const skipped = notes.reduce((sum, n) => sum + applied - (n.notes - n.twice), 0)
      const disorder = notes.reduce((sum, n) => sum + n.out_of_order, 0)
      const lost = Math.max(0, acked - applied) + skipped
      return {
        name: "facts",
        kills,
        acked,
        applied,
        lost,
        twice,
        ok: lost + twice + disorder === 0,
        out_of_order: disorder,
        handlers: notes,
        killed: each,
        seconds: Math.round((Date.now() - started) / 1000),
      }
    } finally {
      await Promise.all(workers.map((w) => w.stop()))
      await place.stop()
    }
  },
}

/** Each writer tells the numbered facts of a customer of its own, in order; all through one intake, so that they share commits. */
function startWriters({ db }: Place, size: number): { enough(): void; done: Promise<number> } {
  const intake = createFactIntake(db)
  let going = true
  const write = async (): Promise<number> => {
    const subject = newId()
    let n = 0
    while (going || n < size / WRITERS) {
      const count = 1 + Math.floor(Math.random() * BATCH)
      const batch = Array.from({ length: count }, (_, i) =>
        counted.of({ subject, occurred_at: new Date(), payload: { n: n + i } }),
      )
      await tell(batch, subject, n)
      n += count
      await pause(Math.random() * WRITER_REST_MS)
    }
    return n
  }
  /** The intake gives up after some seconds without a database; then what became of the batch is looked up. */
  const tell = async (batch: ReturnType<typeof counted.of>[], subject: string, first: number) => {
    for (;;) {
      try {
        if ((await intake.append(batch)) === null) return
        await pause(50)
      } catch {
        const there = await eventually(
          "the database answers",
          async () => ({
            row: await maybeRow(
              db,
              "select 1 from facts where subject = $1 and (payload ->> 'n')::bigint = $2",
              [subject, first],
            ),
          }),
          SETTLE_MS,
        )
        if (there.row) return
      }
    }
  }
  const all = Promise.all(Array.from({ length: WRITERS }, write))
  return {
    enough: () => {
      going = false
    },
    done: all.then((counts) => counts.reduce((sum, n) => sum + n, 0)),
  }
}
