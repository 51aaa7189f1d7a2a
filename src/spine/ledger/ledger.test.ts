import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { z } from "zod"
import { newId } from "../../kernel/ids.ts"
import { isRefused, refuse } from "../../kernel/result.ts"
import { oneRow, openDb, rows, tx } from "../../platform/db.ts"
import { armFault } from "../../platform/fault.ts"
import { testDatabase } from "../../platform/testkit/index.ts"
import { defineFact } from "../facts/index.ts"
import type { Answer, Ask, PostAsk } from "./ask.ts"
import {
  balancesOf,
  createLedger,
  expireHolds,
  history,
  postAll,
  postingOf,
  totals,
  verify,
} from "./index.ts"
import { Reference } from "./reference.ts"
import { commands, OWNERS } from "./test-commands.ts"

const { db, url } = await testDatabase({ max: 20 })
const ledger = createLedger(db)
const at = new Date("2026-11-23T04:00:00Z")
const moved = defineFact("test.moved", z.object({ amount: z.number().int() }))

function give(owner: string, amount: number, key = newId()): PostAsk {
  return {
    op: "post",
    book: "test",
    key,
    reason: "gift",
    source: "test",
    at,
    lines: [
      { kind: "issue", owner: null, amount: -amount },
      { kind: "wallet", owner, amount },
    ],
  }
}
function move(from: string, to: string, amount: number, key = newId()): PostAsk {
  return {
    ...give(to, amount, key),
    lines: [
      { kind: "wallet", owner: from, amount: -amount },
      { kind: "wallet", owner: to, amount },
    ],
  }
}
const outcome = (answer: Answer) => (isRefused(answer) ? answer.refused : "posted")

async function clean(): Promise<void> {
  expect((await verify(db)).findings).toEqual([])
}

describe("the ledger in PostgreSQL", () => {
  it("gives the answers and balances of the blackboard ledger, in batches of every size", async () => {
    await fc.assert(
      fc.asyncProperty(commands, fc.integer({ min: 1, max: 50 }), async (asks, size) => {
        const run = newId()
        const owners = new Map(OWNERS.map((o) => [o, newId()]))
        const reference = new Reference()
        const posted = new Map<string, string>()
        const local = (one: Ask): Ask => rename(one, run, owners, posted)
        for (let from = 0; from < asks.length; ) {
          // A posting's id is known only once it was answered, so a batch ends where the next ask refers to one of it.
          const batch: Ask[] = []
          const keys = new Set<string>()
          while (from < asks.length && batch.length < size) {
            const next = asks[from]!
            if ("target" in next && keys.has(next.target)) break
            keys.add(next.key)
            batch.push(next)
            from++
          }
          const answers = await tx(db, (t) => postAll(t, batch.map(local)))
          answers.forEach((answer, i) => {
            if (!isRefused(answer)) posted.set(batch[i]!.key, answer.posting)
            expect(outcome(answer)).toBe(reference.take(batch[i]!))
          })
        }
        for (const [o, real] of owners) {
          const balances = await balancesOf(db, "test", real)
          for (const kind of ["wallet", "owed", "reserved"])
            expect(balances[kind] ?? 0).toBe(reference.get(o, kind))
        }
      }),
      { numRuns: 60 },
    )
    await clean()
  })

  it("loses, makes and doubles nothing while many write, some ask twice, and others read", async () => {
    const owners = Array.from({ length: 20 }, () => newId())
    await Promise.all(owners.map((o) => ledger.ask(give(o, 1_000))))
    let writing = true
    let reads = 0
    const reader = async () => {
      while (writing) {
        const row = await oneRow<{ total: number; least: number }>(
          db,
          "select sum(amount)::bigint as total, min(amount) as least from ledger_balances where kind = 'wallet' and owner = any($1)",
          [owners],
        )
        expect(row.total).toBe(20_000)
        expect(row.least).toBeGreaterThanOrEqual(0)
        reads++
      }
    }
    const writer = async (w: number) => {
      const own = w % 2 === 0 ? ledger : createLedger(db, { in_flight: 1 })
      for (let n = 0; n < 150; n++) {
        const ask = move(
          owners[(w * 7 + n) % 20]!,
          owners[(w * 3 + n * 5 + 1) % 20]!,
          1 + ((w + n) % 300),
          `bank:${w}:${n}`,
        )
        if (ask.lines[0]!.owner === ask.lines[1]!.owner) continue
        const [first, second] = await Promise.all([own.ask(ask), n % 10 === 0 ? ledger.ask(ask) : undefined])
        if (second) expect(second).toEqual(first)
        if (isRefused(first)) expect(first.refused).toBe("not_enough")
      }
    }
    const readers = [reader(), reader()]
    await Promise.all(Array.from({ length: 32 }, (_, w) => writer(w)))
    writing = false
    await Promise.all(readers)
    expect(reads).toBeGreaterThan(0)
    await clean()
  })

  it("gives a retry the first answer, also when it overlaps the first call, and refuses the key for another body", async () => {
    const owner = newId()
    const ask = give(owner, 30, `once:${owner}`)
    const answers = await Promise.all(Array.from({ length: 40 }, () => createLedger(db).ask(ask)))
    for (const answer of answers) expect(answer).toEqual(answers[0])
    expect(await balancesOf(db, "test", owner)).toEqual({ wallet: 30 })
    expect(await ledger.ask({ ...ask, at: new Date() })).toEqual(answers[0])
    expect(outcome(await ledger.ask(give(owner, 31, ask.key)))).toBe("key_reused")
    const spend = { ...move(owner, newId(), 50), key: `poor:${owner}` }
    expect(outcome(await ledger.ask(spend))).toBe("not_enough")
    await ledger.ask(give(owner, 100))
    expect(outcome(await ledger.ask(spend))).toBe("not_enough")
    expect(await postingOf(db, ask.key)).toBe((answers[0] as { posting: string }).posting)
  })

  it("answers everyone else when one ask of a batch is a bug, and stores the facts of those alone", async () => {
    const owner = newId()
    const told = (n: number): PostAsk => ({
      ...give(owner, n),
      facts: () => {
        if (n === 7) throw new Error("poison")
        return [moved.of({ subject: owner, occurred_at: at, payload: { amount: n } })]
      },
    })
    const answers = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => ledger.ask(told(n + 1))))
    expect(answers.map((a) => a.status === "fulfilled")).toEqual(answers.map((_, n) => n !== 6))
    const facts = await rows<{ amount: number }>(
      db,
      "select (payload ->> 'amount')::int as amount from facts where subject = $1",
      [owner],
    )
    expect(facts.map((f) => f.amount).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, n) => n + 1).filter((n) => n !== 7),
    )
    expect(await balancesOf(db, "test", owner)).toEqual({ wallet: 203 })
  })

  it("asks the key table again when nobody knows whether the commit went through", async () => {
    const owner = newId()
    const lost = () => {
      throw Object.assign(new Error("Connection terminated unexpectedly"), { code: "ECONNRESET" })
    }
    armFault("ledger:after-commit-before-ack", lost)
    expect(outcome(await ledger.ask(give(owner, 5)))).toBe("posted")
    armFault("ledger:before-commit", lost)
    expect(outcome(await ledger.ask(give(owner, 6)))).toBe("posted")
    expect(await balancesOf(db, "test", owner)).toEqual({ wallet: 11 })
  })

  it("goes on after the database cut every connection in the middle of the work", async () => {
    const one = openDb({ url, max: 4, application_name: "to_be_cut" })
    const cut = createLedger(one)
    const owner = newId()
    const asks = Array.from({ length: 2_000 }, () => cut.ask(give(owner, 1)))
    await db.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'to_be_cut'",
    )
    const answers = await Promise.all(asks)
    expect(answers.every((a) => !isRefused(a))).toBe(true)
    expect(await balancesOf(db, "test", owner)).toEqual({ wallet: 2_000 })
    await one.end()
    await clean()
  })

  it("cannot be changed, deleted from or emptied by anyone who can write SQL", async () => {
    for (const table of ["ledger_postings", "ledger_entries"]) {
      await expect(db.query(`update ${table} set book = 'x'`)).rejects.toThrow("immutable")
      await expect(db.query(`delete from ${table}`)).rejects.toThrow("immutable")
      await expect(db.query(`truncate ${table}`)).rejects.toThrow("immutable")
    }
    await expect(db.query("update ledger_balances set amount = -1 where kind = 'wallet'")).rejects.toThrow()
  })

  it("lets a hold go when its time has come, once, and not before", async () => {
    const owner = newId()
    const at = new Date("2020-01-01T00:00:00Z")
    await ledger.ask(give(owner, 80))
    const hold = (amount: number, hours: number) =>
      ledger.ask({
        ...{ op: "hold", book: "test", key: newId(), reason: "mall", source: "test", at },
        from: { kind: "wallet", owner },
        amount,
        expires_at: new Date(at.getTime() + hours * 3_600_000),
      } as Ask)
    await hold(30, 1)
    const later = await hold(20, 3)
    expect(outcome(await hold(31, 1))).toBe("not_enough")
    expect(await expireHolds(db, "test", new Date(at.getTime() + 3_599_000))).toBe(0)
    const swept = await Promise.all(
      [1, 2, 3].map(() => expireHolds(db, "test", new Date(at.getTime() + 3_600_000))),
    )
    expect(swept.reduce((a, b) => a + b)).toBe(1)
    expect(await balancesOf(db, "test", owner)).toEqual({ wallet: 60, reserved: 20 })
    expect(isRefused(later)).toBe(false)
    await clean()
  })

  it("keeps no balance for the house: its totals are the sums of its postings, also of a period", async () => {
    expect(await rows(db, "select 1 from ledger_balances where kind in ('issue', 'spent')")).toEqual([])
    const all = await totals(db, "test")
    expect(Object.values(all).reduce((a, b) => a + b)).toBe(0)
    const owner = newId()
    const day = new Date("2031-05-05T00:00:00Z")
    await ledger.ask({ ...give(owner, 9), at: day })
    expect(await totals(db, "test", { from: day, to: new Date(day.getTime() + 1) })).toEqual({
      issue: -9,
      wallet: 9,
    })
  })

  it("lets a module's own rule decide at its turn, once, whatever came before it in the batch", async () => {
    const owner = newId()
    const seen: number[] = []
    const half = (key: string, have: () => number): Ask => ({
      ...{
        op: "plan",
        book: "test",
        key,
        reason: "half",
        source: "test",
        at,
        owners: [owner],
        asked: "half",
      },
      plan: () => {
        seen.push(have())
        return have() < 2 ? refuse("too_poor") : give(owner, have() >> 1).lines
      },
    })
    let total = 8
    const counted = (key: string) => ({
      ...half(key, () => total),
      facts: () => {
        total += total >> 1
        return []
      },
    })
    const keys = [newId(), newId()]
    const asks = [give(owner, 8), counted(keys[0]!), counted(keys[1]!), counted(keys[0]!)] as Ask[]
    const answers = await tx(db, (t) => postAll(t, asks))
    expect(seen).toEqual([8, 12])
    expect(answers[3]).toEqual(answers[1])
    expect(await balancesOf(db, "test", owner)).toEqual({ wallet: 18 })
    expect(outcome(await ledger.ask(half(newId(), () => 1)))).toBe("too_poor")
  })

  it("pages through one owner's postings, newest first", async () => {
    const owner = newId()
    for (let n = 1; n <= 7; n++) await ledger.ask(give(owner, n))
    const first = await history(db, "test", owner, { limit: 4 })
    const rest = await history(db, "test", owner, { before: first.at(-1)!.posting, limit: 4 })
    expect([...first, ...rest].map((p) => p.lines[0]!.amount)).toEqual([7, 6, 5, 4, 3, 2, 1])
  })

  it("verify finds a balance that somebody touched", async () => {
    const owner = newId()
    await ledger.ask(give(owner, 10))
    await db.query("update ledger_balances set amount = 11 where owner = $1", [owner])
    expect((await verify(db)).findings).toMatchObject([{ check: "balance_is_not_sum_of_entries" }])
    await db.query("update ledger_balances set amount = 10 where owner = $1", [owner])
    await clean()
  })
})

/** The same ask for owners, keys and postings of this run. */
function rename(ask: Ask, run: string, owners: Map<string, string>, posted: Map<string, string>): Ask {
  const own = (owner: string | null) => (owner === null ? null : owners.get(owner)!)
  const key = `${run}:${ask.key}`
  if (ask.op === "post") return { ...ask, key, lines: ask.lines.map((l) => ({ ...l, owner: own(l.owner) })) }
  if (ask.op === "hold") return { ...ask, key, from: { ...ask.from, owner: own(ask.from.owner) } }
  if (ask.op === "plan") return { ...ask, key }
  // A target that was refused or never asked stands for a posting that is not there; the same one each time it is named.
  const target = posted.get(ask.target) ?? `00000000-0000-4000-8000-${ask.target.slice(1).padStart(12, "0")}`
  return { ...ask, key, target }
}
