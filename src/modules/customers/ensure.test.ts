import fc from "fast-check"
import { beforeAll, describe, expect, it } from "vitest"
import { maskPhone } from "../../kernel/text.ts"
import { type Db, oneRow, rows, tx } from "../../platform/db.ts"
import { testDb, until } from "../../platform/testkit/index.ts"
import { ensureCustomers } from "./ensure.ts"
import { keysOf } from "./pinyin.ts"
import { gatherPersons, type Identity } from "./rules.ts"

let db: Db
beforeAll(async () => {
  db = await testDb()
})
const now = new Date("2026-11-23T04:00:00Z")
const arrive = (...identities: Identity[]) => ({ identities, seen_at: now, name: "王小明" })
const ensure = (arrivals: ReturnType<typeof arrive>[]) => tx(db, (t) => ensureCustomers(t, arrivals, now))
const u = (value: string): Identity => ({ kind: "unionid", value })
const inHere = async (what: string) =>
  (
    await oneRow<{ n: number }>(
      db,
      `select count(*)::int as n from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and ${what}`,
    )
  ).n
/** Transactions that have written and not ended; those that wait for another's. */
const writers = () => inHere("backend_xid is not null")
const waiters = () => inHere("wait_event_type = 'Lock'")
const p = (value: string): Identity => ({ kind: "phone", value })

describe("one person, many identities", () => {
  it("a second arrival with a known identity is the same customer, and brings its other identities along", async () => {
    const [first] = await ensure([arrive(u("a1"))])
    const [again, byPhone] = await ensure([arrive(u("a1"), p("13800000001")), arrive(p("13800000001"))])
    expect([again, byPhone]).toEqual([first, first])
  })

  it("twenty doors that see the same new people at once make each of them once", async () => {
    const people = Array.from({ length: 50 }, (_, i) =>
      arrive(u(`race${i}`), p(`139${String(i).padStart(8, "0")}`)),
    )
    const answers = await Promise.all(Array.from({ length: 20 }, () => ensure(people)))
    for (const answer of answers) expect(answer).toEqual(answers[0])
    const { count } = await oneRow<{ count: number }>(
      db,
      "select count(*) from customers_customers where id = any($1::uuid[])",
      [answers[0]],
    )
    expect(count).toBe(50)
  })

  it("an arrival that names two known customers goes to the stronger identity and the pair is put up for merging", async () => {
    const [byUnion, byPhone] = await ensure([arrive(u("m1")), arrive(p("13700000001"))])
    const [both] = await ensure([arrive(p("13700000001"), u("m1"))])
    expect(both).toBe(byUnion)
    expect(
      await rows(db, "select other_id from customers_merge_queue where customer_id = $1", [byUnion]),
    ).toEqual([{ other_id: byPhone }])
  })

  it("who loses a union id to another door in the same moment is a pair that waits where only a phone was known of them", async () => {
    const [known] = await ensure([arrive(p("13500000001"))])
    const shop: Identity = { kind: "shop_buyer_id", value: "late-1" }
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const first = tx(db, async (t) => {
      const [id] = await ensureCustomers(t, [arrive(u("late-1"))], now)
      await held
      return id
    })
    await until(async () => (await writers()) === 1)
    const second = ensure([arrive(u("late-1"), p("13500000001"), shop)])
    await until(async () => (await waiters()) === 1)
    release()
    const winner = await first
    await second
    expect(
      await rows(db, "select customer_id, other_id, certain from customers_merge_queue where other_id = $1", [
        known,
      ]),
    ).toEqual([{ customer_id: winner, other_id: known, certain: false }])
  })

  it("no two customers ever hold one identity, whatever arrives in whatever batches", async () => {
    const identity = fc.oneof(
      fc.integer({ min: 0, max: 8 }).map((n) => u(`x${n}`)),
      fc.integer({ min: 0, max: 8 }).map((n) => p(`1360000000${n}`)),
    )
    const arrival = fc.array(identity, { minLength: 1, maxLength: 3 }).map((list) => arrive(...list))
    await fc.assert(
      fc.asyncProperty(fc.array(arrival, { minLength: 1, maxLength: 6 }), async (arrivals) => {
        const ids = await ensure(arrivals)
        expect(ids).toHaveLength(arrivals.length)
        const lost = await rows(
          db,
          "select 1 from customers_identities i left join customers_customers c on c.id = i.customer_id where c.id is null",
        )
        expect(lost).toEqual([])
      }),
      { numRuns: 40 },
    )
  })

  it("arrivals are one person exactly when a chain of shared identities joins them", () => {
    expect(gatherPersons([arrive(u("1")), arrive(p("2")), arrive(u("1"), p("2")), arrive(u("3"))])).toEqual([
      0, 0, 0, 3,
    ])
  })
})

describe("names and numbers", () => {
  it("a Chinese name is found by pinyin and initials, a Latin one by itself", () => {
    expect(keysOf("王小明")).toEqual({ full: "wangxiaoming", initials: "wxm", others: [] })
    expect(keysOf("Abbey O'Reilly")).toMatchObject({ full: "abbeyoreilly", initials: "a" })
  })
  it("a phone is shown with its middle hidden", () => {
    expect(maskPhone("13812348888")).toBe("138****8888")
    expect(maskPhone("+85212345678")).toBe("****78")
    expect(maskPhone(null)).toBeNull()
  })
})
