import { beforeAll, describe, expect, it } from "vitest"
import { DAY_MS, dayNumber } from "../../../kernel/day.ts"
import { newId } from "../../../kernel/ids.ts"
import { type Db, oneRow, rows, tx } from "../../../platform/db.ts"
import { testDb } from "../../../platform/testkit/index.ts"
import { drain, registerHandlers } from "../../../spine/facts/index.ts"
import { createRegistry } from "../../../spine/offers/index.ts"
import { prepareTraits, publish, readTraits, rescopeCustomers } from "../../../spine/traits/index.ts"
import * as customers from "../../customers/index.ts"
import * as orders from "../../orders/index.ts"
import * as tags from "../../tags/index.ts"
import * as classes from "../index.ts"
import { stepDays, stepDowns } from "./rules.ts"
import { decideStepDown, funnel, openStepDowns, stepDownForUpdate, stepDownRows } from "./store.ts"

const now = new Date("2026-11-23T04:00:00Z")
const TODAY = dayNumber(now)
const registry = createRegistry([customers, tags, orders, classes].map((m) => m.offers))
const handlers = [...[customers, orders, classes].flatMap((m) => m.handlers), classes.stepDownHandler]
const [me, other] = [newId(), newId()]
let db: Db
beforeAll(async () => {
  db = await testDb()
  await prepareTraits(db, registry)
  await registerHandlers(db, handlers)
})

const hear = (at = now) => drain(db, handlers, () => at)
const orderOf = (buyer: string, no: string, days_ago: number, kind = "regular") => ({
  order_no: no,
  buyer: { shop_buyer_id: buyer },
  status: "paid",
  paid_at: new Date(now.getTime() - days_ago * DAY_MS).toISOString(),
  amount_fen: 9_900,
  lines: [{ sku: "a", name: "a", kind, qty: 1, price_fen: 9_900 }],
})
const cancelled = (order: ReturnType<typeof orderOf>) => ({ ...order, status: "cancelled" })
async function shop(list: unknown[], origin: "live" | "history" = "live"): Promise<void> {
  const answer = await tx(db, (t) => orders.takeShopOrders(t, origin, list, now))
  expect(answer.refused, JSON.stringify(answer.results)).toBe(0)
  await hear()
}
const idOf = async (buyer: string) =>
  (
    await oneRow<{ id: string }>(
      db,
      "select customer_id as id from customers_identities where kind = 'shop_buyer_id' and value = $1",
      [buyer],
    )
  ).id
const stageOf = async (id: string) =>
  (await readTraits(db, [id], ["customers.stage"])).get(id)?.["customers.stage"]
const open = (scope: string[] | null = null) =>
  stepDownRows(db, { scope, state: "open", before: null, limit: 50 })
const assignments = () =>
  rows<{ title: string; state: string }>(
    db,
    "select title, state from outbox_assignments where kind = 'step_down' order by made_at, id",
  )

describe("who is asked about a step down", () => {
  const one = (over: object) => ({
    ...{ customer_id: "c", stage: "member", by_orders: "customer", open_to: null, declined_to: null },
    ...over,
  })
  const asked = (over: object) => stepDowns([one(over) as Parameters<typeof stepDowns>[0][number]])
  it("whoever stands higher than the orders say, but not a partner, nor again what was declined", () => {
    expect(asked({}).ask.length).toBe(1)
    expect(asked({ by_orders: "member" }).ask).toEqual([])
    expect(asked({ stage: "partner", by_orders: "prospect" }).ask).toEqual([])
    expect(asked({ declined_to: "customer" }).ask).toEqual([])
    expect(asked({ declined_to: "customer", by_orders: "prospect" }).ask.length).toBe(1)
  })
  it("nobody twice, and a question that the orders answered themselves is dropped", () => {
    expect(asked({ open_to: "customer" })).toEqual({ ask: [], lapse: [] })
    expect(asked({ open_to: "customer", by_orders: "member" }).lapse).toEqual(["c"])
  })
})

describe("since which day somebody stands on a step", () => {
  it("is the day of the order, is kept where the order is gone, and ends where the step is left", () => {
    const orders = { goods_first_day: 10, membership_first_day: 25 }
    const none = { goods_first_day: null, membership_first_day: null }
    expect(stepDays("member", orders, undefined, 40)).toEqual({
      customer_day: 10,
      member_day: 25,
      partner_day: null,
    })
    const known = { customer_day: 10, member_day: 25, partner_day: null }
    expect(stepDays("member", none, known, 40)).toEqual(known)
    expect(stepDays("customer", none, known, 40)).toEqual({ ...known, member_day: null })
    expect(stepDays("member", { ...none, membership_first_day: 7 }, undefined, 40).customer_day).toBe(7)
  })
})

describe("after a refund", () => {
  it("nobody is moved down; a person is asked once, and the stage stays until they accept", async () => {
    const membership = orderOf("L1", "L1-2", 5, "membership")
    await shop([orderOf("L1", "L1-1", 30), membership])
    const id = await idOf("L1")
    expect((await stageOf(id))?.value).toBe("member")
    await shop([cancelled(membership)])
    await shop([cancelled(membership)])
    expect((await stageOf(id))?.value).toBe("member")
    const [question] = await open()
    expect(question).toMatchObject({
      customer_id: id,
      from_stage: "member",
      to_stage: "customer",
      why: { rule: "bought_goods", goods_orders: 1 },
    })
    expect((await open()).length).toBe(1)
    expect(await assignments()).toEqual([
      { title: expect.stringContaining("要不要从会员降为客户"), state: "open" },
    ])
  })

  it("whoever buys again is not asked any more, and the assignment goes too", async () => {
    const id = await idOf("L1")
    await shop([orderOf("L1", "L1-3", 0, "membership")])
    expect(await open()).toEqual([])
    expect((await assignments()).map((a) => a.state)).toEqual(["cancelled"])
    expect((await stageOf(id))?.value).toBe("member")
  })

  it("what an import of the past tells is listed, and gives nobody work", async () => {
    const first = orderOf("L2", "L2-1", 60)
    await shop([first], "history")
    await shop([cancelled(first)], "history")
    const mine = (await open()).filter((q) => q.from_stage === "customer")
    expect(mine.map((q) => q.to_stage)).toEqual(["prospect"])
    expect((await assignments()).filter((a) => a.state === "open")).toEqual([])
  })

  it("what was declined is not asked again for the same reason", async () => {
    const id = await idOf("L2")
    const [question] = await open()
    await tx(db, (t) => decideStepDown(t, question!.id, "declined", me, "老客户", now))
    const second = orderOf("L2", "L2-2", 3)
    await shop([second])
    await shop([cancelled(second)])
    expect(await open()).toEqual([])
    expect((await stageOf(id))?.value).toBe("customer")
  })

  it("whoever does not see the customer neither sees nor decides the question", async () => {
    const order = orderOf("L3", "L3-1", 8)
    await shop([order])
    await shop([cancelled(order)])
    const id = await idOf("L3")
    await tx(db, (t) => rescopeCustomers(t, [{ customer_id: id, scope_id: me }]))
    const [question] = await open([me])
    expect(question?.customer_id).toBe(id)
    expect([await openStepDowns(db, [other]), (await open([other])).length]).toEqual([0, 0])
    expect(await tx(db, (t) => stepDownForUpdate(t, question!.id, [other]))).toBeUndefined()
  })
})

describe("the funnel of the ladder", () => {
  it("counts each step and gives the median of whole days, by source and by operator", async () => {
    const buyers = ["F1", "F2", "F3"]
    await shop(
      buyers.flatMap((b, n) => [orderOf(b, `${b}-1`, 20), orderOf(b, `${b}-2`, 15 - 5 * n, "membership")]),
    )
    const ids = await Promise.all(buyers.map(idOf))
    await tx(db, async (t) => {
      await publish(
        t,
        {
          "customers.friend_since_day": ids.map((customer_id, n) => ({ customer_id, value: TODAY - 30 - n })),
          "customers.source_code": ids.map((customer_id) => ({ customer_id, value: "展会" })),
        },
        now,
      )
      await rescopeCustomers(
        t,
        ids.map((customer_id) => ({ customer_id, scope_id: other })),
      )
    })
    const expected = {
      people: 3,
      customers: 3,
      members: 3,
      partners: 0,
      to_customer: 11,
      to_member: 10,
      to_partner: null,
    }
    const bySource = await funnel(db, "source", null, 10)
    expect(bySource.find((s) => s.key === "展会")).toMatchObject(expected)
    const byOperator = await funnel(db, "operator", null, 10)
    expect(byOperator.find((o) => o.key === other)).toMatchObject(expected)
    expect(await funnel(db, "all", [other], 1)).toMatchObject([expected])
  })
})
