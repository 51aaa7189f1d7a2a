import { beforeAll, describe, expect, it } from "vitest"
import type { Channel } from "../../channels/protocol/index.ts"
import { newId } from "../../kernel/ids.ts"
import { isRefused } from "../../kernel/result.ts"
import {
  carryLate,
  ensureCustomers,
  type Identity,
  mergeCertain,
  mergeCustomers,
  profileOf,
  takeContacts,
  undoMerge,
} from "../../modules/customers/index.ts"
import { orderStanding, takeShopOrders } from "../../modules/orders/index.ts"
import { movePoints, type PointsAsk, sweepPoints, verifyPoints } from "../../modules/points/index.ts"
import { assign, remove } from "../../modules/tags/index.ts"
import { type Db, oneRow, rows, run, tx } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { drain, ofCustomers, registerHandlers, tableOf, timeline } from "../../spine/facts/index.ts"
import { balancesOf, verify } from "../../spine/ledger/index.ts"
import { prepareTraits, readTraits } from "../../spine/traits/index.ts"
import { CARRIES } from "./carries.ts"
import { wire } from "./wiring.ts"

const now = new Date("2026-11-23T04:00:00Z")
const hour = (n: number) => new Date(now.getTime() + n * 3_600_000)
const { handlers, registry } = wire({ sandbox: null, channels: [] as Channel[] })
let db: Db
let made = 0

beforeAll(async () => {
  db = await testDb()
  await prepareTraits(db, registry)
  await registerHandlers(db, handlers)
})

const u = (value: string): Identity => ({ kind: "unionid", value })
const somebody = (...identities: Identity[]) =>
  tx(db, (t) =>
    ensureCustomers(
      t,
      [
        {
          identities: identities.length > 0 ? identities : [u(`u${++made}`)],
          name: `王小明${made}`,
          seen_at: now,
        },
      ],
      now,
    ),
  ).then(([id]) => id!)
async function move(ask: Record<string, unknown>) {
  const whole = { key: `k${++made}`, rule: "gift", source: "test", at: now, ...ask } as PointsAsk
  const [answer] = await tx(db, (t) => movePoints(t, [whole]))
  if (!answer || isRefused(answer)) throw new Error(`no points: ${JSON.stringify(answer)}`)
  return answer
}
const give = (customer_id: string, points: number, valid_days: number | null = null) =>
  move({ do: "give", customer_id, points, valid_days })
const spend = (customer_id: string, points: number) => move({ do: "spend", customer_id, points })
const merge = (from: string, into: string, at = now) =>
  tx(db, (t) => mergeCustomers(t, CARRIES, { from, into }, null, at))
/** As a command does: what is refused leaves nothing. */
async function undo(from: string, at = hour(1)) {
  try {
    return await tx(db, async (t) => {
      const answer = await undoMerge(t, CARRIES, from, null, at)
      if (isRefused(answer)) throw answer
      return answer
    })
  } catch (refusal) {
    if (isRefused(refusal)) return refusal
    throw refusal
  }
}
const hear = () => drain(db, handlers, () => hour(1))
const points = async (id: string) => (await balancesOf(db, "points", id)).customer ?? 0
async function booksAreClean() {
  expect(await verifyPoints(db)).toEqual([])
  expect((await verify(db)).findings).toEqual([])
}
const tagged = async (id: string) =>
  (
    await rows<{ name: string }>(
      db,
      "select t.name from tags_assignments a join tags_tags t on t.id = a.tag_id where a.customer_id = $1 order by t.position",
      [id],
    )
  ).map((w) => w.name)
const tag = async (name: string) =>
  (await oneRow<{ id: string }>(db, "select id from tags_tags where name = $1", [name])).id
async function wear(customer_id: string, ...names: string[]) {
  const asks = await Promise.all(names.map(async (name) => ({ customer_id, tag_id: await tag(name) })))
  await tx(db, (t) => assign(t, asks, { source: "hand", by: null, at: now }))
}

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

/** A row of every table, by table: `$1` the customer, `$2` what both have, `$3` what only this one has. */
const ROWS: Record<string, string[]> = {
  customers_identities: ["('phone', $3::text, $1)"],
  customers_contacts: [
    "($1, $2, 'wm' || $1::uuid::text, '单重', 0, null, '2026-01-01', null, null)",
    "($1, $3::uuid, 'wn' || $1::uuid::text, '', 0, null, '2026-01-01', '2026-02-01', 'staff')",
  ],
  customers_merge_queue: ["($1, $2, '{}', '2026-01-01')", "($3::uuid, $1, '{}', '2026-01-01')"],
  tags_assignments: ["($1, $2, 'hand', null, '2026-01-01')", "($1, $3::uuid, 'hand', null, '2026-01-01')"],
  tags_customers: ["($1, '2026-11-23T04:00:00Z')"],
  tags_replaced: [
    "($2, $1, $2, 'hand', null, '2026-01-01')",
    "($3::uuid, $1, $2, 'hand', null, '2026-01-01')",
  ],
  tags_inspections: ["(gen_random_uuid(), 1, $2, $1)", "(gen_random_uuid(), 1, $3::uuid, $1)"],
  groups_members: ["($2, $3::text, $1, 'external', '', 'unknown', null, null, '2026-01-01')"],
  orders_orders: ["($1, '2026-01-01', $3::uuid, 1, null, 1, null, 100, 0, 0, 0, 0, false, $3::text)"],
  orders_lines: ["($1, $3::uuid, 1, 1, 100, 'regular', 'A', '', '')"],
  orders_refunds: ["($1, $3::uuid, $3::uuid, 1, '2026-01-02', 2, 10, false, $3::text, $3::text)"],
  points_rule_days: ["($1, 'a', 1, 5)", "($1, $3::text, 1, 6)"],
  points_order_money: ["($1, $3::uuid, 1, 100, 1)"],
  points_order_earnings: ["($1, $3::uuid, $3::uuid, 1, 0)"],
  plans_introductions: [
    "($1, 'member', $2, null, 1, 'proposed', '2026-01-01')",
    "($1, $3::text, $2, null, 1, 'closed', '2026-01-01')",
  ],
  plans_diverted: ["($1, $2, $2, 1, 'planned', 0)", "($1, $3::uuid, $2, 2, 'added', 0)"],
  segments_members: ["($1, $2, '2026-01-01')", "($1, $3::uuid, '2026-01-01')"],
  segments_moves: ["($1, $2, 1, true, null)", "($1, $3::uuid, 1, true, null)"],
  transfers_customers: [
    "($1, $3::uuid, null, null, $2, null, false, 'planned', null, '2026-12-01')",
    "($1, $2, null, null, $2, null, false, 'done', null, '2026-01-01')",
  ],
  analytics_path: ["($1, $3::text, abs(hashtext($3::text)), 5)"],
  plays_enrolments: [
    "($1, $2, 1, gen_random_uuid(), 1, 'x', '2026-01-01', '2026-01-01', 'n', 0, '2026-12-01', null, 'active')",
    "($1, $3::uuid, 1, $3::uuid, 1, 'x', '2026-01-01', '2026-01-01', 'n', 0, '2026-12-01', null, 'active')",
  ],
  plays_steps: ["($1, $3::uuid, 1, $2, 'n', '2026-01-01', '2026-01-01', 'done')"],
  outbox_touches: [
    "(nextval('outbox_touch_id'), '2026-01-01', $1, $2, 0, 'play', $2, null, 1, '2026-12-01', '2026-12-02', 'unplaced')",
    "(nextval('outbox_touch_id'), '2026-01-01', $1, $3::uuid, 0, 'play', $2, $2, 1, '2026-01-01', '2026-01-02', 'delivered')",
  ],
  outbox_assignments: [
    "($3::uuid, $3::text, 'a', '', '', null, $1, null, null, '{}', '2026-12-01', 'none', null, 'open', false, '2026-01-01')",
  ],
  outbox_welcomes: ["($3::text, $1, $2, '', '', '{}', '2026-01-01', '2026-01-01', '2026-01-01', 'sent')"],
  outcomes_orders: ["($1, $3::uuid, '2026-01-01', 100)"],
  outcomes_seen: ["($1, 'both')", "($1, $3::text)"],
  outcomes_credits: ["($1, $3::uuid, 'last', 'code', 'a', '2026-01-01', '2026-01-01', 100, 100)"],
  classes_layers: ["($1, abs(hashtext($3::text)), 'base', 0, 0, 0, 0, 0)"],
  classes_steps: ["($1, abs(hashtext($3::text)), null, null)"],
  classes_step_downs: ["($1, $3::uuid, 'member', 'customer', '{}', 'open', '2026-01-01')"],
}
const filled = (row: string, given: string[]) => row.replace(/\$(\d)/g, (_, n) => `'${given[Number(n) - 1]}'`)
/** Made by what is done to points, orders and traits, and from names and remarks. */
const MADE = [
  ...["points_accounts", "points_lots", "points_takes", "orders_by_customer"],
  ...["outbox_slots", "traits_customers", "traits_reasons", "customers_keys"],
]

describe("whatever is kept of two customers", () => {
  const tables = [
    ...new Set(
      CARRIES.flatMap((c) => c.tables)
        .filter(ofCustomers)
        .map(tableOf),
    ),
  ].sort()
  /** Whatever there is of these, by table; classes and figures follow from the rest. */
  async function everything(ids: string[]) {
    const all: Record<string, unknown[]> = {}
    for (const table of tables.filter((name) => !name.startsWith("traits_") && name !== "tags_customers"))
      all[table] = (
        await rows<{ row: unknown }>(
          db,
          `select to_jsonb(x) - 'moved_day' as row from ${table} x where customer_id = any($1::uuid[])
           ${table === "customers_merge_queue" ? "and not other_id = any($1)" : ""} order by to_jsonb(x)::text`,
          [ids],
        )
      ).map((r) => r.row)
    return all
  }

  it("is there in this walk, table by table", () => {
    expect([...Object.keys(ROWS), ...MADE].sort()).toEqual(tables)
  })

  it("is there again when their merge is undone: nothing is lost and nothing is another's, row by row", async () => {
    const both = newId()
    const ids = [await somebody(), await somebody()]
    await run(db, "insert into outbox_messages values ($1, 'message', 'service', 'leave_out', null, '{}')", [
      both,
    ])
    await run(db, "insert into orders_sources (name) values ('walk') on conflict do nothing")
    for (const id of ids) {
      await give(id, 30)
      await spend(id, 10)
      for (const [table, values] of Object.entries(ROWS))
        for (const value of values)
          await run(db, `insert into ${table} values ${filled(value, [id, both, newId()])}`)
      await run(
        db,
        "insert into outbox_slots select customer_id, 'selling', 1, 1, id from outbox_touches where customer_id = $1 and state = 'delivered'",
        [id],
      )
      await run(
        db,
        "insert into orders_by_customer (customer_id, moved_day, name_in_source) values ($1, 1, 'a')",
        [id],
      )
    }
    const [from, into] = ids as [string, string]
    // figures and classes as they follow from all this
    await merge(await somebody(), from)
    await merge(await somebody(), into)
    const before = await everything(ids)
    expect(Object.entries(before).filter(([, found]) => found.length === 0)).toEqual([])
    expect(await merge(from, into)).toEqual({ from, into })
    const gone = await everything([from])
    expect(Object.entries(gone).filter(([, found]) => found.length > 0)).toEqual([])
    expect(await undo(from)).toEqual({ from, into })
    const after = await everything(ids)
    for (const table of Object.keys(before)) expect([table, after[table]]).toEqual([table, before[table]])
    await booksAreClean()
  })
})
