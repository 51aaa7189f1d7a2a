import { beforeAll, describe, expect, it } from "vitest"
import { z } from "zod"
import { newId } from "../../kernel/ids.ts"
import { type Db, oneRow, openDb, rows, tx } from "../../platform/db.ts"
import { testDatabase, until } from "../../platform/testkit/index.ts"
import { collector, now, ping, pings } from "./facts.fixture.ts"
import {
  append,
  appendOfEach,
  bucketOf,
  deadLetters,
  defineFact,
  drain,
  type Fact,
  type FactHandler,
  lag,
  lockSubjects,
  mergeSubjects,
  registerHandlers,
  replay,
  reviveDead,
  startPump,
  timeline,
} from "./index.ts"

let db: Db
let url: string
beforeAll(async () => {
  ;({ db, url } = await testDatabase())
})

/** The same database; the first answer to a statement of that text comes only after `meanwhile`. */
function pausing(of: Db, text: string, meanwhile: () => Promise<void>): Db {
  let paused = false
  return new Proxy(of, {
    get(target, name) {
      const own = Reflect.get(target, name, target)
      if (name !== "connect") return typeof own === "function" ? own.bind(target) : own
      return async () => {
        const client = await target.connect()
        return new Proxy(client, {
          get(inner, key) {
            const value = Reflect.get(inner, key, inner)
            if (typeof value !== "function") return value
            if (key !== "query") return value.bind(inner)
            return async (...asked: unknown[]) => {
              const answer = await value.apply(inner, asked)
              if (paused || !JSON.stringify(asked[0]).includes(text)) return answer
              paused = true
              await meanwhile()
              return answer
            }
          },
        })
      }
    },
  })
}

describe("facts are read in commit order and none is skipped", () => {
  it("a transaction that began earlier and commits later is not lost, and a stranger's open one elsewhere stops nobody", async () => {
    const { handler, seen } = collector("commit_order")
    await registerHandlers(db, [handler])
    const slow = await db.connect()
    const stranger = openDb({ url: new URL(url).href.replace(/\/[^/]*$/, "/postgres"), max: 1 })
    const strange = await stranger.connect()
    await strange.query("begin")
    await strange.query("select pg_current_xact_id()")
    await slow.query("begin")
    const early = newId()
    await append(slow, pings(early, 1))
    const late = newId()
    await tx(db, (t) => append(t, pings(late, 1)))
    await drain(db, [handler], now)
    expect(seen).toEqual([])
    await slow.query("commit")
    slow.release()
    await drain(db, [handler], now)
    expect(seen.map((f) => f.subject).sort()).toEqual([early, late].sort())
    await strange.query("rollback")
    strange.release()
    await stranger.end()
  })

  it("who comes after another meets no fact that the other has not read, and is not held up by what the other does not listen to", async () => {
    await db.query("create table test_known (subject uuid primary key, n int)")
    const slow: FactHandler = {
      ...collector("slow_traits", { batch: 3 }).handler,
      handle: async (t, facts) => {
        await t.query("select pg_sleep(0.02)")
        await t.query(
          `insert into test_known select distinct on (s) s, n from unnest($1::uuid[], $2::int[]) with ordinality x (s, n, i)
           order by s, i desc on conflict (subject) do update set n = excluded.n`,
          [facts.map((f) => f.subject), facts.map((f) => (f.payload as { n: number }).n)],
        )
      },
    }
    const deaf = collector("deaf_traits", { types: ["test.never"] }).handler
    const stale: string[] = []
    let asked = 0
    const asks: FactHandler = {
      ...collector("asks", { after: [slow, deaf] }).handler,
      handle: async (t, facts) => {
        const known = new Map(
          (await rows<{ subject: string; n: number }>(t, "select subject, n from test_known")).map((r) => [
            r.subject,
            r.n,
          ]),
        )
        for (const f of facts) {
          asked++
          const n = (f.payload as { n: number }).n
          if ((known.get(f.subject) ?? -1) < n) stale.push(`${f.subject} ${n}`)
        }
      },
    }
    await registerHandlers(db, [slow, deaf, asks])
    const subjects = Array.from({ length: 12 }, () => newId())
    const pump = startPump({
      db,
      handlers: [asks, slow, deaf],
      now,
      onError: (_, e) => stale.push(String(e)),
    })
    for (let n = 0; n < 10; n++)
      await tx(db, (t) =>
        append(
          t,
          subjects.map((subject) => ping.of({ subject, occurred_at: now(), payload: { n } })),
        ),
      )
    await until(() => asked === 120, 30_000)
    await pump.stop()
    expect(stale).toEqual([])
  })

  it("one customer's facts stay in order while lanes and two readers run side by side", async () => {
    const seen: Fact[] = []
    const handler: FactHandler = {
      name: "side_by_side",
      types: ["test.ping"],
      origins: "all",
      from: "now",
      batch: 20,
      handle: async (t, facts) => {
        await t.query("insert into test_seen select * from unnest($1::uuid[], $2::int[])", [
          facts.map((f) => f.subject),
          facts.map((f) => (f.payload as { n: number }).n),
        ])
      },
    }
    await db.query("create table test_seen (subject uuid, n int, at bigint generated always as identity)")
    await registerHandlers(db, [handler])
    const subjects = Array.from({ length: 20 }, () => newId())
    for (let n = 0; n < 30; n++)
      await tx(db, (t) =>
        append(
          t,
          subjects.map((subject) => ping.of({ subject, occurred_at: now(), payload: { n } })),
        ),
      )
    const failed: unknown[] = []
    const options = { db, handlers: [handler], now, onError: (_: string, e: unknown) => void failed.push(e) }
    const pumps = [startPump(options), startPump(options)]
    while ((await oneRow<{ count: number }>(db, "select count(*) from test_seen")).count < 600) {
      await new Promise((resolve) => setImmediate(resolve))
    }
    await Promise.all(pumps.map((p) => p.stop()))
    const all = await rows<{ subject: string; n: number }>(db, "select subject, n from test_seen order by at")
    expect(all.length).toBe(600)
    for (const subject of subjects) {
      expect(all.filter((r) => r.subject === subject).map((r) => r.n)).toEqual(
        Array.from({ length: 30 }, (_, n) => n),
      )
    }
    expect(failed).toEqual([])
    expect(seen).toEqual([])
  })

  it("a reader that paused between asking and reading, while another read on, does not go back and take anything twice", async () => {
    const { handler, seen } = collector("two_readers")
    await registerHandlers(db, [handler])
    const subject = newId()
    await tx(db, (t) => append(t, pings(subject, 1)))
    const meanwhile = async () => {
      await tx(db, (t) => append(t, pings(subject, 1)))
      await drain(db, [handler], now)
    }
    await drain(pausing(db, "pg_snapshot_xmax", meanwhile), [handler], now)
    await drain(db, [handler], now)
    expect(seen).toHaveLength(2)
  })

  it("history reaches traits but not those who act only on what is live", async () => {
    const live = collector("live_only", { origins: "live" })
    const all = collector("history_too")
    await registerHandlers(db, [live.handler, all.handler])
    const subject = newId()
    await tx(db, (t) => append(t, [...pings(subject, 20, "history"), ...pings(subject, 1)]))
    await drain(db, [live.handler, all.handler], now)
    expect([live.seen.length, all.seen.length]).toEqual([1, 21])
  })

  it("a handler replayed from the start meets every fact again", async () => {
    const { handler, seen } = collector("replayed", { from: "start" })
    await registerHandlers(db, [handler])
    await drain(db, [handler], now)
    const first = seen.length
    await replay(db, handler.name)
    await drain(db, [handler], now)
    expect(first).toBeGreaterThan(0)
    expect(seen.length).toBe(2 * first)
  })
})

describe("a fact that cannot be taken", () => {
  it("parks its customer alone, holds back what follows, shows as a dead letter, and goes on in order when mended", async () => {
    const sick = newId()
    const well = newId()
    let mended = false
    const taken: [string, number][] = []
    const handler: FactHandler = {
      name: "poisoned",
      types: ["test.ping"],
      origins: "all",
      from: "now",
      handle: async (_t, facts) => {
        for (const f of facts) {
          const n = (f.payload as { n: number }).n
          if (f.subject === sick && n === 1 && !mended) throw new Error("cannot take this one")
          if (facts.length === 1) taken.push([f.subject, n])
        }
      },
    }
    await registerHandlers(db, [handler])
    await tx(db, (t) => append(t, [...pings(sick, 3), ...pings(well, 3)]))
    await drain(db, [handler], now)
    await tx(db, (t) => append(t, pings(sick, 5).slice(3)))
    await drain(db, [handler], now)
    for (let attempt = 0; attempt < 6; attempt++) {
      await db.query(
        "update facts_parked set next_try_at = clock_timestamp() - interval '1 s' where handler = 'poisoned'",
      )
      await drain(db, [handler], now)
    }
    const dead = await deadLetters(db, 10)
    expect(dead).toMatchObject([
      { handler: "poisoned", subject: sick, error: "cannot take this one", behind: 3 },
    ])
    expect(taken.filter(([s]) => s === sick)).toEqual([[sick, 0]])
    mended = true
    expect(await reviveDead(db, "poisoned")).toBe(1)
    await drain(db, [handler], now)
    expect(taken.filter(([s]) => s === sick).map(([, n]) => n)).toEqual([0, 1, 2, 3, 4])
    expect(await deadLetters(db, 10)).toEqual([])
  })

  it("is parked also where the error bears one of Node's own codes, and never blamed for a full disk or a deadlock", async () => {
    const sick = newId()
    const errors = [
      Object.assign(new Error("the disk is full"), { code: "53100" }),
      Object.assign(new Error("deadlock detected"), { code: "40P01" }),
      Object.assign(new TypeError("must be of type string"), { code: "ERR_INVALID_ARG_TYPE" }),
    ]
    let error: Error | undefined
    const handler: FactHandler = {
      name: "blaming",
      types: ["test.ping"],
      origins: "all",
      from: "now",
      handle: async () => {
        if (error) throw error
      },
    }
    await registerHandlers(db, [handler])
    await tx(db, (t) => append(t, pings(sick, 1)))
    const parked = () =>
      rows<{ error: string }>(db, "select error from facts_parked where handler = 'blaming'").then((found) =>
        found.map((f) => f.error),
      )
    for (error of errors.slice(0, 2)) {
      await expect(drain(db, [handler], now)).rejects.toThrow(error.message)
      expect(await parked()).toEqual([])
    }
    error = errors[2]
    await drain(db, [handler], now)
    expect(await parked()).toEqual(["must be of type string"])
  })

  it("a fact whose payload is not of its type is a bug of the teller and is never stored", () => {
    expect(() => ping.of({ subject: newId(), occurred_at: now(), payload: { n: 1.5 } })).toThrow()
  })
})

describe("one who became part of another", () => {
  it("is handled as the other: what was not read yet, what was parked, and what is told of them still", async () => {
    const [from, into] = [newId(), newId()]
    const taken: string[] = []
    let broken = true
    const handler: FactHandler = {
      name: "knowing",
      types: ["test.ping"],
      origins: "all",
      from: "now",
      handle: async (_t, facts) => {
        for (const f of facts) if (f.subject === from && broken) throw new Error("not now")
        taken.push(...facts.map((f) => f.subject))
      },
    }
    await registerHandlers(db, [handler])
    await tx(db, (t) => append(t, pings(from, 1)))
    await drain(db, [handler], now)
    await tx(db, (t) => append(t, pings(from, 2)))
    await tx(db, async (t) => {
      await lockSubjects(t, { from, into })
      await mergeSubjects(t, { from, into }, now())
    })
    await tx(db, (t) => append(t, pings(from, 1)))
    broken = false
    await db.query("update facts_parked set next_try_at = clock_timestamp() where handler = 'knowing'")
    await drain(db, [handler], now)
    expect(taken).toEqual([into, into, into, into])
    expect(await rows(db, "select 1 from facts_parked where handler = 'knowing'")).toEqual([])
    expect(await timeline(db, into)).toHaveLength(4)
  })
})

describe("one and the same fact of many", () => {
  it("is stored of each as if it were told one by one: text with quotes and backslashes, moment, origin and lane too", async () => {
    const said = defineFact("test.said", z.object({ words: z.string() }))
    const payload = { words: 'a "quoted" \\n word, 您好' }
    const of = { occurred_at: new Date("2026-11-23T04:00:00.123Z"), origin: "history" as const, payload }
    const [singly, together] = [0, 1].map(() => Array.from({ length: 40 }, () => newId()))
    const stored = (subjects: string[]) =>
      rows<{ subject: string; bucket: number }>(
        db,
        "select subject, bucket, type, origin, occurred_at, payload from facts where subject = any($1::uuid[]) order by subject",
        [subjects],
      )
    await tx(db, async (t) => {
      await append(
        t,
        singly!.map((subject) => said.of({ ...of, subject })),
      )
      await appendOfEach(t, said.of({ ...of, subject: newId() }), together!)
      await appendOfEach(t, said.of({ ...of, subject: newId() }), [])
    })
    const one = (await stored(singly!))[0]!
    expect(await stored(together!)).toEqual(
      [...together!].sort().map((subject) => ({ ...one, subject, bucket: bucketOf(subject) })),
    )
    expect(one).toMatchObject({ origin: "h", payload, occurred_at: of.occurred_at })
  })
})

describe("the timeline", () => {
  it("pages through one customer's facts, newest first, missing none", async () => {
    const subject = newId()
    const at = (n: number) => new Date(Date.UTC(2026, 0, 1) + Math.floor(n / 3) * 1000)
    await tx(db, (t) =>
      append(
        t,
        Array.from({ length: 120 }, (_, n) => ping.of({ subject, occurred_at: at(n), payload: { n } })),
      ),
    )
    const seen: number[] = []
    let page: Fact[] = []
    do {
      page = await timeline(db, subject, { before: page.at(-1) ?? null })
      seen.push(...page.map((f) => (f.payload as { n: number }).n))
    } while (page.length > 0)
    expect(seen).toEqual(Array.from({ length: 120 }, (_, n) => 119 - n))
  })
})

describe("how far a reader is behind", () => {
  it("counts what it has still to read, not the facts of others nor a history it leaves out", async () => {
    const { handler } = collector("counted", { origins: "live" })
    await registerHandlers(db, [handler])
    const behind = async () => (await lag(db)).find((l) => l.handler === "counted")?.behind
    await tx(db, (t) =>
      append(t, [
        ...pings(newId(), 40, "history"),
        defineFact("test.other", z.object({})).of({ subject: newId(), occurred_at: now(), payload: {} }),
      ]),
    )
    expect(await behind()).toBe(0)
    await tx(db, (t) => append(t, pings(newId(), 3)))
    expect(await behind()).toBe(3)
    await drain(db, [handler], now)
    expect(await behind()).toBe(0)
  })
})
