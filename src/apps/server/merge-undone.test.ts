import { describe, expect, it } from "vitest"
import { newId } from "../../kernel/ids.ts"
import { isRefused } from "../../kernel/result.ts"
import {
  carryLate,
  type Identity,
  mergeCertain,
  profileOf,
  takeContacts,
} from "../../modules/customers/index.ts"
import { orderStanding, takeShopOrders } from "../../modules/orders/index.ts"
import { sweepPoints } from "../../modules/points/index.ts"
import { remove } from "../../modules/tags/index.ts"
import { rows, run, tx } from "../../platform/db.ts"
import { timeline } from "../../spine/facts/index.ts"
import { balancesOf } from "../../spine/ledger/index.ts"
import { readTraits } from "../../spine/traits/index.ts"
import { CARRIES } from "./carries.ts"
import {
  booksAreClean,
  db,
  give,
  hear,
  hour,
  merge,
  move,
  now,
  openBooks,
  points,
  somebody,
  spend,
  tag,
  tagged,
  u,
  undo,
  wear,
} from "./merge.test-kit.ts"

openBooks()

describe("a merge that is undone within a day", () => {
  it("gives the one who was merged away their id, identities, name, points, tags and history back; the other has what was theirs", async () => {
    const [from, into] = [await somebody(u("back-1")), await somebody()]
    await give(from, 300)
    await give(into, 200)
    await wear(from, "付费", "宝妈")
    await wear(into, "意向", "企业主")
    const named = await profileOf(db, from, null)
    await hear()
    const known = await readTraits(db, [from, into])
    await merge(from, into)
    await hear()
    expect(await undo(from)).toEqual({ from, into })
    await hear()
    await booksAreClean()
    expect([await points(from), await points(into)]).toEqual([300, 200])
    expect([await tagged(from), await tagged(into)]).toEqual([
      ["付费", "宝妈"],
      ["意向", "企业主"],
    ])
    expect(await profileOf(db, from, null)).toEqual(named)
    expect(await somebody(u("back-1"))).toBe(from)
    expect((await timeline(db, from)).map((f) => f.type)).toContain("points.earned")
    expect((await timeline(db, into)).filter((f) => f.type === "points.earned")).toHaveLength(1)
    const after = await readTraits(db, [from, into])
    for (const id of [from, into])
      for (const trait of ["points.balance", "tags.all"])
        expect([id, trait, after.get(id)?.[trait]?.value]).toEqual([id, trait, known.get(id)?.[trait]?.value])
  })

  it("leaves with the one who stayed what happened since, unless it names the other", async () => {
    const account_id = newId()
    const names = { external_userid: "wm-undo" }
    const [from, into] = [
      await somebody(u("stays-1"), { kind: "external_userid", value: names.external_userid }),
      await somebody(),
    ]
    await merge(from, into)
    await wear(into, "操盘手")
    await give(into, 5)
    await tx(db, (t) =>
      takeContacts(
        t,
        [{ account_id, custodian_staff_id: null, ...names, at: now, origin: "live", state: null }],
        now,
      ),
    )
    expect(await undo(from)).toEqual({ from, into })
    expect([await tagged(from), await tagged(into)]).toEqual([[], ["操盘手"]])
    expect([await points(from), await points(into)]).toEqual([0, 5])
    expect(
      await rows(db, "select customer_id from customers_contacts where account_id = $1", [account_id]),
    ).toEqual([{ customer_id: from }])
  })

  it("gives back a tag that was taken away since, and what came in late under the old name", async () => {
    const [from, into] = [await somebody(u("late-buyer")), await somebody()]
    await wear(from, "求职者")
    await merge(from, into)
    await tx(db, async (t) =>
      remove(t, [{ customer_id: into, tag_id: await tag("求职者") }], { source: "hand", by: null, at: now }),
    )
    await run(db, "insert into tags_assignments values ($1, $2, 'hand', null, $3)", [
      from,
      await tag("IP"),
      now,
    ])
    await carryLate(db, CARRIES, hour(0.1))
    expect(await tagged(into)).toEqual(["IP"])
    await undo(from)
    expect([await tagged(from), await tagged(into)]).toEqual([["IP", "求职者"], []])
  })

  it("gives orders back with what became of them since: a refund goes with its order", async () => {
    const order = (order_no: string, unionid: string, more: Record<string, unknown> = {}) => ({
      order_no,
      buyer: { shop_buyer_id: `b-${unionid}`, unionid },
      status: "paid",
      paid_at: now.toISOString(),
      amount_fen: 39900,
      lines: [{ sku: "A", name: "礼包", qty: 1, price_fen: 39900 }],
      ...more,
    })
    await tx(db, (t) => takeShopOrders(t, "live", [order("un-1", "o-1"), order("un-2", "o-2")], now))
    const [from, into] = [await somebody(u("o-1")), await somebody(u("o-2"))]
    await hear()
    await merge(from, into)
    await hear()
    const refund = { refund_no: "un-r", amount_fen: 9900, at: now.toISOString() }
    await tx(db, (t) =>
      takeShopOrders(t, "live", [order("un-1", "o-1", { status: "refunded", refund })], now),
    )
    await hear()
    expect((await orderStanding(db, [into]))[0]?.orders).toBe(2)
    await undo(from)
    await hear()
    await booksAreClean()
    for (const id of [from, into]) expect((await orderStanding(db, [id]))[0]?.orders).toBe(1)
    expect(
      await rows(db, "select refund_no from orders_refunds where customer_id = $1", [from]),
    ).toHaveLength(1)
    expect(
      await rows(db, "select paid_fen, refunded_fen from outcomes_orders where customer_id = $1", [from]),
    ).toEqual([{ paid_fen: 39900, refunded_fen: 9900 }])
  })
})

describe("points after a merge that is undone", () => {
  it("spent since were spent by the one who stayed: out of their own lots, and given back to those later", async () => {
    const [from, into] = [await somebody(), await somebody()]
    await give(from, 300, 10)
    await give(into, 200, 20)
    await merge(from, into)
    const bought = await spend(into, 120)
    expect(await undo(from)).toEqual({ from, into })
    expect([await points(from), await points(into)]).toEqual([300, 80])
    await move({ do: "take_back", customer_id: into, target: bought.posting })
    expect([await points(from), await points(into)]).toEqual([300, 200])
    await booksAreClean()
  })

  it("that are more than the one who stayed has are told, and nothing is changed; once they are there it is undone", async () => {
    const [from, into] = [await somebody(), await somebody()]
    await give(from, 300)
    await give(into, 50)
    await merge(from, into)
    await spend(into, 90)
    expect(await undo(from)).toMatchObject({ refused: "points_spent", detail: { missing: 40 } })
    expect([await points(into), (await profileOf(db, from, null))?.id]).toEqual([260, into])
    await give(into, 40)
    await undo(from)
    expect([await points(from), await points(into)]).toEqual([300, 0])
    await booksAreClean()
  })

  it("that paid the debt of either are again what they were, and what expired since is gone from its own", async () => {
    const indebted = async () => {
      const id = await somebody()
      const earned = await give(id, 10)
      await spend(id, 10)
      await move({ do: "take_back", customer_id: id, target: earned.posting, rule: "order_refunded" })
      return id
    }
    const owes = async (id: string) => (await balancesOf(db, "points", id)).owed ?? 0
    for (const goesOwing of [true, false]) {
      const [owing, other] = [await indebted(), await somebody()]
      await give(other, 30, 1)
      await give(other, 20)
      const [from, into] = goesOwing ? [owing, other] : [other, owing]
      await merge(from, into)
      expect([await points(into), await owes(into)]).toEqual([40, 0])
      if (goesOwing) await sweepPoints(db, hour(21))
      await undo(from, hour(22))
      expect([await points(owing), await owes(owing)]).toEqual([0, -10])
      // of the lot that paid, ten had not expired when it was paid
      expect(await points(other)).toBe(goesOwing ? 30 : 50)
      await booksAreClean()
    }
  })
})

describe("a merge that cannot be undone", () => {
  it("is one that is a day old, one that was never made, and one that was undone already", async () => {
    const [from, into] = [await somebody(), await somebody()]
    expect(await undo(from)).toMatchObject({ refused: "not_found" })
    await merge(from, into)
    expect(await undo(from, hour(24))).toMatchObject({ refused: "undo_too_late" })
    await undo(from, hour(23.9))
    expect(await undo(from)).toMatchObject({ refused: "not_found" })
  })

  it("is one on which a later merge was built, from either side; the last is undone first, then the one before", async () => {
    const [a, b, c, d] = [await somebody(), await somebody(), await somebody(), await somebody()]
    for (const [i, id] of [a, b, c, d].entries()) await give(id, 10 ** i)
    await merge(a, b)
    await merge(c, b)
    await merge(b, d)
    for (const id of [a, c]) expect(await undo(id)).toMatchObject({ refused: "merged_since" })
    await undo(b)
    expect((await profileOf(db, a, null))?.id).toBe(b)
    expect(await undo(a)).toMatchObject({ refused: "merged_since" })
    await undo(c)
    await undo(a)
    expect(await Promise.all([a, b, c, d].map(points))).toEqual([1, 10, 100, 1000])
    await booksAreClean()
  })
})

describe("merging again", () => {
  it("after it was undone is as the first time, and can be undone again", async () => {
    const [from, into] = [await somebody(), await somebody()]
    await give(from, 300)
    await wear(from, "宝妈")
    for (const round of [1, 2]) {
      expect([round, await merge(from, into)]).toEqual([round, { from, into }])
      expect([await points(into), await tagged(into)]).toEqual([300, ["宝妈"]])
      expect([round, await undo(from)]).toEqual([round, { from, into }])
      expect([await points(from), await tagged(from)]).toEqual([300, ["宝妈"]])
    }
    await booksAreClean()
  })

  it("is done by nobody unasked, although a platform vouched for the pair: somebody said that they are two", async () => {
    const wm: Identity = { kind: "external_userid", value: "wm-twice" }
    const [stays, goes] = [await somebody(u("twice")), await somebody(wm)]
    await somebody(u("twice"), wm)
    expect(await mergeCertain(db, CARRIES, now)).toBe(1)
    await undo(goes)
    await somebody(u("twice"), wm)
    expect(await mergeCertain(db, CARRIES, now)).toBe(0)
    expect((await profileOf(db, goes, null))?.id).toBe(goes)
    expect(await merge(goes, stays)).toEqual({ from: goes, into: stays })
  })
})

describe("two people at once", () => {
  it("who merge one pair, this way or that way round: one does it, the other is told that they are one already", async () => {
    for (const turned of [false, true]) {
      const [a, b] = [await somebody(), await somebody()]
      await give(a, 3)
      await give(b, 4)
      const answers = await Promise.all([merge(a, b), turned ? merge(b, a) : merge(a, b)])
      expect(answers.filter((one) => !isRefused(one))).toHaveLength(1)
      expect(answers.find(isRefused)).toMatchObject({ refused: "same_customer" })
      const { into } = answers.find((one) => !isRefused(one)) as { into: string }
      expect(await points(into)).toBe(7)
    }
    await booksAreClean()
  })

  it("who undo one merge: one does it", async () => {
    const [a, b] = [await somebody(), await somebody()]
    await give(a, 3)
    await merge(a, b)
    const answers = await Promise.all([undo(a), undo(a)])
    expect(answers.filter((one) => !isRefused(one))).toHaveLength(1)
    expect(answers.find(isRefused)).toMatchObject({ refused: "not_found" })
    expect([await points(a), await points(b)]).toEqual([3, 0])
  })

  it("is a circle no merge can make: who became part of another cannot take that other in", async () => {
    const [a, b] = [await somebody(), await somebody()]
    await merge(a, b)
    expect(await merge(b, a)).toMatchObject({ refused: "same_customer" })
  })
})
