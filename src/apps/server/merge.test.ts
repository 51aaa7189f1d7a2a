import { describe, expect, it } from "vitest"
import { dayNumber } from "../../kernel/day.ts"
import {
  carryLate,
  mergeCertain,
  profileOf,
  takeContacts,
  takeProfiles,
} from "../../modules/customers/index.ts"
import { orderStanding, takeShopOrders } from "../../modules/orders/index.ts"
import { verifyPoints } from "../../modules/points/index.ts"
import { oneRow, rows, tx } from "../../platform/db.ts"
import { cameLate, ofCustomers, placesOf, tableOf, timeline } from "../../spine/facts/index.ts"
import { balancesOf } from "../../spine/ledger/index.ts"
import { readTraits } from "../../spine/traits/index.ts"
import { CARRIES } from "./carries.ts"
import {
  db,
  give,
  hear,
  merge,
  move,
  now,
  openBooks,
  phone,
  points,
  somebody,
  spend,
  tagged,
  u,
  wear,
} from "./merge.test-kit.ts"

openBooks()

/** What is told of somebody, but for the classes that follow from it. */
const told = async (id: string) =>
  (await timeline(db, id)).map((f) => f.type).filter((type) => type !== "trait.changed")

describe("two customers who are one person", () => {
  it("with 300 and 200 points have 500, one timeline, and are found by either id", async () => {
    const [from, into] = [await somebody(), await somebody()]
    await give(from, 300)
    await give(into, 200)
    expect(await merge(from, into)).toEqual({ from, into })
    await hear()
    expect([await points(into), await points(from)]).toEqual([500, 0])
    expect((await readTraits(db, [into], ["points.balance"])).get(into)?.["points.balance"]?.value).toBe(500)
    expect((await told(into)).sort()).toEqual(["customer.merged", "points.earned", "points.earned"])
    expect((await profileOf(db, from, null))?.id).toBe(into)
    expect(await verifyPoints(db)).toEqual([])
  })

  it("are merged once: the same again, one with itself, and somebody who is gone are refused and change nothing", async () => {
    const [from, into] = [await somebody(), await somebody()]
    await merge(from, into)
    expect(await merge(from, into)).toMatchObject({ refused: "same_customer" })
    expect(await merge(into, into)).toMatchObject({ refused: "same_customer" })
    expect(await merge("0196a000-0000-7000-8000-00000000dead", into)).toMatchObject({ refused: "not_found" })
  })

  it("lead to one end when the one who stayed is merged as well", async () => {
    const [a, b, c] = [await somebody(), await somebody(), await somebody()]
    await give(a, 1)
    await give(b, 2)
    await merge(a, b)
    await merge(b, c)
    expect(await points(c)).toBe(3)
    for (const id of [a, b]) expect((await profileOf(db, id, null))?.id).toBe(c)
    expect(await told(c)).toHaveLength(4)
  })

  it("who owe and have: the debt is paid from what is there, and what was earned under the old name is taken back from the one", async () => {
    const takeBack = (customer_id: string, target: string) =>
      move({ do: "take_back", customer_id, target, rule: "order_refunded" })
    const [from, into] = [await somebody(), await somebody()]
    const earned = await give(from, 50)
    await give(into, 70)
    await spend(from, 30)
    await merge(from, into)
    expect(await points(into)).toBe(90)
    await takeBack(into, earned.posting)
    expect(await points(into)).toBe(40)
    const other = await somebody()
    const spent = await give(other, 10)
    await spend(other, 10)
    await takeBack(other, spent.posting)
    expect((await balancesOf(db, "points", other)).owed).toBe(-10)
    await merge(other, into)
    expect([await points(into), (await balancesOf(db, "points", into)).owed ?? 0]).toEqual([30, 0])
    expect(await verifyPoints(db)).toEqual([])
  })

  it("keep the tags of both, and of an exclusive group the one that the customer who stays wears", async () => {
    const [from, into] = [await somebody(), await somebody()]
    await wear(from, "付费", "宝妈")
    await wear(into, "意向", "企业主")
    await merge(from, into)
    expect(await tagged(into)).toEqual(["意向", "宝妈", "企业主"])
  })
})

describe("a purchase before the profile", () => {
  const order = {
    order_no: "first-1",
    buyer: { shop_buyer_id: "b-first", unionid: "u-first" },
    status: "paid",
    paid_at: now.toISOString(),
    amount_fen: 39900,
    lines: [{ sku: "A", name: "礼包", qty: 1, price_fen: 39900 }],
  }

  it("becomes the contact's own as soon as the platform tells who the contact is, with orders, figures and credit", async () => {
    const account = { account_id: "0196a000-0000-7000-8000-00000000aaaa", custodian_staff_id: null }
    const [contact] = await tx(db, (t) =>
      takeContacts(
        t,
        [
          {
            ...account,
            external_userid: "wm-first",
            at: new Date(now.getTime() - 60_000),
            origin: "live",
            state: "poster",
          },
        ],
        now,
      ),
    )
    await tx(db, (t) => takeShopOrders(t, "live", [order], now))
    await hear()
    const [buyer] = await tx(db, (t) =>
      takeProfiles(
        t,
        [{ external_userid: "wm-first", unionid: "u-first", name: "李四", at: now, origin: "live" }],
        now,
      ),
    )
    expect(buyer).not.toBe(contact)
    expect(await mergeCertain(db, CARRIES, now)).toBe(1)
    await hear()
    expect((await profileOf(db, contact!, null))?.id).toBe(buyer)
    expect((await orderStanding(db, [buyer!]))[0]?.orders).toBe(1)
    const traits = (await readTraits(db, [buyer!])).get(buyer!)!
    expect(traits["customers.stage"]?.value).toBe("customer")
    expect(traits["customers.accounts"]?.value).toEqual([account.account_id])
    expect(
      await rows(
        db,
        "select cause_kind, cause_id, fen from outcomes_credits where customer_id = $1 and model = 'last'",
        [buyer],
      ),
    ).toEqual([{ cause_kind: "code", cause_id: "poster", fen: 39900 }])
    expect(await rows(db, "select 1 from traits_customers where customer_id = $1", [contact])).toEqual([])
  })

  it("is not taken for somebody else's because two of a household share a phone: that is put up and waits for a person", async () => {
    const [a, b] = [await somebody(u("h1")), await somebody(phone("13900009999"))]
    await somebody(u("h1"), phone("13900009999"))
    expect(await mergeCertain(db, CARRIES, now)).toBe(0)
    expect(await rows(db, "select other_id from customers_merge_queue where customer_id = $1", [a])).toEqual([
      { other_id: b },
    ])
  })
})

describe("pairs that a platform vouches for", () => {
  it("one that cannot be merged is told of, and holds up none of the others", async () => {
    const pairOf = async (n: string) => {
      const [stays, goes] = [
        await somebody(u(`v${n}`)),
        await somebody({ kind: "external_userid", value: `wm-v${n}` }),
      ]
      await somebody(u(`v${n}`), { kind: "external_userid", value: `wm-v${n}` })
      return { stays, goes }
    }
    const broken = await pairOf("1")
    const sound = await pairOf("2")
    const stumbling = {
      name: "stumbling",
      tables: [],
      carry: async (_t: unknown, pair: { from: string }) => {
        if (pair.from === broken.goes) throw new Error("cannot be carried")
      },
    }
    await expect(mergeCertain(db, [...CARRIES, stumbling], now)).rejects.toThrow("cannot be carried")
    expect((await profileOf(db, sound.goes, null))?.id).toBe(sound.stays)
    expect((await profileOf(db, broken.goes, null))?.id).toBe(broken.goes)
    expect(await mergeCertain(db, CARRIES, now)).toBe(1)
    expect((await profileOf(db, broken.goes, null))?.id).toBe(broken.stays)
  })
})

describe("whatever is kept of a customer", () => {
  it("is carried when two become one: no table with a customer in it is forgotten", async () => {
    const tables = await rows<{ table: string }>(
      db,
      `select distinct c.relname as table from pg_class c join pg_attribute a on a.attrelid = c.oid
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
         and a.attname = 'customer_id' and not a.attisdropped`,
    )
    expect(tables.map((t) => t.table).sort()).toEqual(
      [
        ...new Set(
          CARRIES.flatMap((c) => c.tables)
            .filter(ofCustomers)
            .map(tableOf),
        ),
      ].sort(),
    )
  })

  it("is carried also where it came in late under the old name", async () => {
    const [from, into] = [await somebody(), await somebody()]
    await give(from, 30)
    await spend(from, 10)
    await merge(from, into)
    await oneRow(db, "insert into orders_sources (name) values ('late') returning source_id")
    await db.query(
      "insert into orders_orders (customer_id, paid_at, order_id, source_id, day, paid_fen, order_no) select $1, $2, gen_random_uuid(), source_id, $3, 100, 'late' from orders_sources where name = 'late'",
      [from, now, dayNumber(now)],
    )
    await db.query(
      "insert into orders_by_customer (customer_id, moved_day, name_in_source) values ($1, $2, 'late')",
      [from, dayNumber(now)],
    )
    const later = new Date(now.getTime() + 60_000)
    const carried: string[] = []
    const seen = {
      name: "seen",
      tables: [],
      carry: async (_: unknown, p: { from: string }) => void carried.push(p.from),
    }
    await carryLate(db, [...CARRIES, seen], later)
    expect((await orderStanding(db, [into]))[0]?.orders).toBe(1)
    // Of all who were merged in these tests nobody else is carried again: there is nothing of theirs.
    expect(carried).toEqual([from])
    await carryLate(db, [...CARRIES, seen], new Date(later.getTime() + 60_000))
    expect(carried).toEqual([from])
    expect(await verifyPoints(db)).toEqual([])
  })

  it("is looked for where the ledger has something left under the old name, and not where it stands at nothing", async () => {
    const [from, into] = [await somebody(), await somebody()]
    await give(from, 30)
    await merge(from, into)
    const places = await placesOf(
      db,
      CARRIES.flatMap((one) => one.tables),
    )
    expect(await cameLate(db, [from, into], places)).toEqual(new Set([into]))
    const client = await db.connect()
    await client.query("begin")
    await client.query("update ledger_balances set amount = 5 where owner = $1 and kind = 'reserved'", [from])
    await client.query(
      "insert into ledger_balances values ($1, 'points', 'reserved', 5, null, null) on conflict do nothing",
      [from],
    )
    expect(await cameLate(client, [from], places)).toEqual(new Set([from]))
    await client.query("rollback")
    client.release()
  })
})
