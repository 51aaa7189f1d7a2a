import fc from "fast-check"
import { beforeAll, describe, expect, it } from "vitest"
import { dayNumber } from "../../kernel/day.ts"
import { newId } from "../../kernel/ids.ts"
import { type Db, oneRow, run, tx } from "../../platform/db.ts"
import { createHttp } from "../../platform/http/index.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { append, drain, registerHandlers } from "../../spine/facts/index.ts"
import { contactAdded } from "../customers/index.ts"
import { orderPaid } from "../orders/index.ts"
import { handlers } from "./handlers.ts"
import { routes } from "./routes.ts"
import { dailySums, pathSteps } from "./rules.ts"
import { funnelBySource, sumsOf } from "./store.ts"

const now = new Date("2026-11-23T04:00:00Z")
const today = dayNumber(now)
let db: Db
beforeAll(async () => {
  db = await testDb()
})

const added = (subject: string, state: string, first = true) =>
  contactAdded.of({
    subject,
    occurred_at: now,
    payload: {
      account_id: "a",
      external_userid: "w",
      state,
      add_way: 1,
      welcome_code: null,
      welcome_until: null,
      first,
    },
  })
const paid = (subject: string, paid_fen: number, days: number) =>
  orderPaid.of({
    subject,
    occurred_at: new Date(now.getTime() + days * 86_400_000),
    payload: { order_id: newId(), order_no: newId(), source: "shop", paid_fen, lines: [], lead_only: false },
  })

describe("the dashboard's numbers", () => {
  it("each fact counts once, in its own shop day, and the funnel follows the person, in whatever order facts arrive", async () => {
    await registerHandlers(db, handlers)
    const [a, b, c] = [newId(), newId(), newId()]
    await tx(db, (t) =>
      append(t, [
        paid(a, 1000, 2),
        added(a, "poster"),
        added(b, "poster"),
        added(c, "live"),
        paid(b, 250, 0),
      ]),
    )
    await drain(db, handlers, () => now)
    await tx(db, (t) => append(t, [paid(a, 500, 1)]))
    await drain(db, handlers, () => now)
    const sums = new Map(
      (await sumsOf(db, { from_day: today, to_day: today + 2 })).map((s) => [s.measure, s.value]),
    )
    expect([sums.get("gmv_fen"), sums.get("orders"), sums.get("customers_new")]).toEqual([1750, 3, 3])
    expect(await sumsOf(db, { from_day: today, to_day: today })).toContainEqual({
      measure: "gmv_fen",
      value: 250,
    })
    expect(await funnelBySource(db, { from_day: today, to_day: today }, 10)).toEqual([
      { source: "poster", added: 2, joined: 0, spoke: 0, ordered: 2, repeated: 1 },
      { source: "live", added: 1, joined: 0, spoke: 0, ordered: 0, repeated: 0 },
    ])
    const path = await oneRow(
      db,
      "select ordered_day, repeated_day from analytics_path where customer_id = $1",
      [a],
    )
    expect(path).toEqual({ ordered_day: today + 1, repeated_day: today + 2 })
  })

  it("of sends, a lead sees what the own team's earned: those of others stand in no list, so not here either", async () => {
    const [member, other, lead] = [newId(), newId(), newId()]
    await run(
      db,
      `insert into sends_sends (id, name, text, nature, rule, send_at, expires_at, author_id, submitted, created_at, updated_at)
       select gen_random_uuid(), name, '今晚', 'service', '{}', $3, $3, author, true, $3, $3
       from unnest($1::text[], $2::uuid[]) s (name, author)`,
      [["本队的", "他人的", "自己的"], [member, other, lead], now],
    )
    let scope: string[] | null = [member]
    const app = await createHttp({
      db,
      clock: { now: () => now },
      routes: routes(() => new Map()),
      resolveActor: async () => ({
        kind: "staff",
        staff_id: lead,
        name: "梁",
        role: "lead",
        can: () => true,
        scope,
      }),
    })
    const headers = { cookie: "siyu_session=x" }
    const names = async () =>
      (await app.inject({ method: "GET", url: "/api/dashboard", headers }))
        .json()
        .sends.map((send: { name: string }) => send.name)
        .sort()
    expect(await names()).toEqual(["本队的", "自己的"])
    scope = null
    expect(await names()).toEqual(["他人的", "本队的", "自己的"])
  })

  it("sums of a batch equal the sums of its parts, however it is cut", () => {
    const fact = fc.record({
      type: fc.constantFrom("order.paid", "order.refunded", "customer.contact_added"),
      subject: fc.constantFrom("x", "y"),
      day: fc.integer({ min: 1, max: 3 }),
      hour: fc.integer({ min: 0, max: 23 }),
      payload: fc.record({
        paid_fen: fc.nat(1000),
        refund_fen: fc.nat(1000),
        state: fc.constantFrom("s", "t"),
        first: fc.boolean(),
      }),
    })
    const flat = (facts: Parameters<typeof dailySums>[0]) =>
      new Map(dailySums(facts).map((s) => [`${s.measure}|${s.day}|${s.dimension}`, s.value]))
    fc.assert(
      fc.property(fc.array(fact), fc.nat(20), (facts, cut) => {
        const whole = flat(facts)
        const parts = [flat(facts.slice(0, cut)), flat(facts.slice(cut))]
        for (const [key, value] of whole)
          expect((parts[0]!.get(key) ?? 0) + (parts[1]!.get(key) ?? 0)).toBe(value)
        expect(pathSteps(facts).length).toBeLessThanOrEqual(2)
      }),
    )
  })
})
