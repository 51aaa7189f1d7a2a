import { beforeAll, beforeEach, describe, expect, it } from "vitest"
import { dayNumber } from "../../kernel/day.ts"
import { newId } from "../../kernel/ids.ts"
import { isRefused } from "../../kernel/result.ts"
import { type Db, run, tx } from "../../platform/db.ts"
import type { Context } from "../../platform/http/index.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { newCustomers, setValues, shop } from "../../spine/audiences/shop.fixture.ts"
import {
  type AccountProgress,
  approveSend,
  askReceipts,
  correctLimit,
  deliverOnce,
  publishLimits,
  sendById,
  tendSends,
} from "../../spine/outbox/index.ts"
import { company, memoryChannel, minutes, NOON } from "../../spine/outbox/outbox.fixture.ts"
import { prepareTraits } from "../../spine/traits/index.ts"
import { compose, planSends, preview, type SendsDeps, submit } from "./commands.ts"
import { type SendBody, sendBody } from "./contract.ts"
import { blocks, resultsOf } from "./results.ts"
import { routes } from "./routes.ts"
import { saveDraftRow } from "./store.ts"

let db: Db
let people: string[]
const author = { staff_id: newId(), scope: null }
const paid = { offer: "shop.paid", version: 1, args: {} }
const body = (over: Partial<SendBody> = {}): SendBody => ({
  ...sendBody.parse({ name: "双十一返场", text: "今晚八点", rule: paid, send_at: minutes(60).toISOString() }),
  ...over,
})

async function place(size: number, options: { quota?: number; confirmed?: boolean } = {}) {
  const made = memoryChannel("m", { size, confirmed: options.confirmed ?? false })
  const { world, accounts } = await company(db, made.channel, { quota: options.quota ?? 1_000 })
  await run(
    db,
    `insert into test_contacts (customer_id, account_id, ref, name, added_at)
     select id, $1, 'wm_' || id, '客', '2026-01-01' from unnest($2::uuid[]) id`,
    [accounts[0]!.id, people.slice(0, 25)],
  )
  const deps: SendsDeps = { world, registry: () => shop, segmentRule: async () => ({ refused: "not_found" }) }
  return { ...made, deps, accounts, world }
}

async function draft(deps: SendsDeps, over: Partial<SendBody> = {}): Promise<string> {
  const made = await compose(db, deps, body(over), author, NOON)
  if (isRefused(made)) throw new Error(made.refused)
  await saveDraftRow(db, made, author.staff_id, NOON)
  return made.id
}

beforeAll(async () => {
  db = await testDb()
  await prepareTraits(db, shop)
  people = await newCustomers(db, 40)
  await setValues(
    db,
    people
      .slice(0, 30)
      .map((id) => [id, { spent: null, last: null, step: "customer", tags: [], grouped: null }] as const),
    NOON,
  )
})
beforeEach(async () => {
  await run(db, "drop table if exists test_contacts")
  await run(
    db,
    "truncate outbox_touches, outbox_slots, outbox_use, outbox_sends, outbox_parcels, sends_sends",
  )
})

describe("the second person", () => {
  it("is nobody who had a hand in it: whoever changed or handed in another's draft cannot approve it", async () => {
    const { deps } = await place(10)
    const lead = { staff_id: newId(), scope: null }
    const made = await compose(db, deps, body(), author, NOON)
    if (isRefused(made)) throw new Error(made.refused)
    await saveDraftRow(db, made, author.staff_id, NOON)
    await saveDraftRow(db, { ...made, text: "我改过的话" }, lead.staff_id, NOON)
    const handsIn = newId()
    await tx(db, (t) => submit(t, deps, made.id, { staff_id: handsIn, scope: null }, NOON))
    const approve = async (staff_id: string) => {
      const route = routes(deps).find(({ endpoint }) => endpoint.id === "sends.approve")!
      const context = {
        now: NOON,
        actor: { staff_id, scope: null },
        command: (work: (t: unknown, note: () => void) => unknown) => tx(db, async (t) => work(t, () => {})),
      }
      return route.handle(context as unknown as Context, { params: { id: made.id }, query: {}, body: {} })
    }
    for (const hand of [author.staff_id, lead.staff_id, handsIn])
      expect(await approve(hand)).toMatchObject({ refused: "own_send" })
    expect(await approve(newId())).toMatchObject({ state: "planning" })
  })
})

describe("the dry run tells before what the send will do", () => {
  it("which accounts would sell more of a week than their function may; service never does", async () => {
    const { deps, accounts } = await place(6)
    await run(
      db,
      `insert into accounts_accounts (id, channel, channel_ref, name, function, state, origin, created_at)
       values ($1, 'm', 'ip', 'IP 号', 'ip', 'in_use', 'channel', $2)`,
      [accounts[0]!.id, NOON],
    )
    const said = (messages: number) =>
      run(
        db,
        `insert into accounts_said (account_id, day, messages, selling) values ($1, $2, $3, 0)
         on conflict (account_id, day) do update set messages = excluded.messages`,
        [accounts[0]!.id, dayNumber(NOON) - 1, messages],
      )
    const told = async (over: Partial<SendBody> = {}) => {
      const made = await compose(db, deps, body({ nature: "selling", ...over }), author, NOON)
      if (isRefused(made)) throw new Error(made.refused)
      const answer = await preview(db, deps, made, NOON)
      if (isRefused(answer)) throw new Error(answer.refused)
      return answer.overselling
    }
    // 25 people: of 124 messages 25 would be more than a fifth, of 125 they are a fifth.
    await said(99)
    expect(await told()).toEqual([
      { account_id: accounts[0]!.id, messages: 124, selling: 25, selling_percent: 20 },
    ])
    expect(await told({ nature: "service" })).toEqual([])
    await said(100)
    expect(await told()).toEqual([])
    await run(db, "truncate accounts_accounts, accounts_said")
  })

  it("people, reasons, parcels, days and quotas are exact, and equal what is planned afterwards", async () => {
    const { deps } = await place(6, { quota: 10 })
    await run(db, "update test_contacts set opted_out = true where customer_id = $1", [people[0]])
    const made = await compose(db, deps, body(), author, NOON)
    if (isRefused(made)) throw new Error(made.refused)
    const told = await preview(db, deps, made, NOON)
    expect(told).toMatchObject({
      people: 30,
      reached: 24,
      left_out: [
        { reason: "no_contact", people: 5 },
        { reason: "opted_out", people: 1 },
      ],
      parcels: 2 + 2 + 1,
      by_hand: 0,
      accounts: [{ people: 24, quota: 10, used: 0, days: 3 }],
    })
    await saveDraftRow(db, made, author.staff_id, NOON)
    await tx(db, (t) => submit(t, deps, made.id, author, NOON))
    await tx(db, (t) => approveSend(t, made.id, newId(), NOON))
    while ((await planSends(db, deps, NOON)) > 0);
    for (let day = 0; day < 4; day++) await deliverOnce(db, deps.world, minutes(61 + day * 1_440))
    const { customers } = await resultsOf(db, made.id, [])
    expect(customers).toMatchObject({ planned: 24, delivered: 24, waiting: 0 })
    expect(customers.left_out.reduce((s, l) => s + l.people, 0)).toBe(6)
  })

  it("a send at 23:00 is told to begin at 08:30", async () => {
    const { deps } = await place(10)
    const made = await compose(db, deps, body({ send_at: "2026-11-23T23:00:00+08:00" }), author, NOON)
    if (isRefused(made)) throw new Error(made.refused)
    expect(await preview(db, deps, made, NOON)).toMatchObject({
      moved_by_quiet_hours: true,
      starts_at: new Date("2026-11-24T08:30:00+08:00"),
    })
  })
})

describe("what cannot be sent is refused with the reason", () => {
  it("to nobody, in the past, without an audience, with a broken rule, with a text too long in bytes", async () => {
    const { deps } = await place(10)
    const refused = async (over: Partial<SendBody>, now = NOON) => {
      const made = await compose(db, deps, body(over), author, NOON)
      if (isRefused(made)) return made.refused
      await saveDraftRow(db, made, author.staff_id, NOON)
      const answer = await tx(db, (t) => submit(t, deps, made.id, author, now))
      return isRefused(answer) ? answer.refused : answer.state
    }
    expect(await refused({ rule: { offer: "shop.grouped", version: 1, args: {} } })).toBe("send_to_nobody")
    expect(await refused({}, minutes(90))).toBe("send_in_past")
    expect(await refused({ rule: null })).toBe("audience_missing")
    expect(await refused({ segment_id: newId() })).toBe("not_found")
    expect(await refused({ rule: { offer: "shop.tag", version: 1, args: { tag: "deleted" } } })).toBe(
      "condition_broken",
    )
    expect(await refused({ text: "{{phone}}" })).toBe("text_variable")
    const limit = { name: "m.mass_send.text", per: "call", source: "team", effective_from: "2026-01-01" }
    await publishLimits(db, [{ ...limit, value: 4_000, unit: "bytes" }])
    await correctLimit(db, { ...limit, value: 12 }, newId())
    expect(await refused({ text: "一二三四五" })).toBe("text_too_long")
    expect(await refused({ text: "一二三四" })).toBe("awaiting_approval")
  })

  it("everybody needs a second person even where the team switched approval off", async () => {
    const { deps } = await place(10)
    await run(
      db,
      "insert into platform_settings (name, value) values ('sends.approval', 'false') on conflict (name) do update set value = 'false'",
    )
    const some = await draft(deps, { text: "一" })
    const all = await draft(deps, { rule: { all: [] }, text: "一" })
    expect(await tx(db, (t) => submit(t, deps, some, author, NOON))).toMatchObject({ state: "planning" })
    expect(await tx(db, (t) => submit(t, deps, all, author, NOON))).toMatchObject({
      state: "awaiting_approval",
    })
    await run(db, "delete from platform_settings where name = 'sends.approval'")
  })

  it("an author who sees only own customers writes only to them, and others do not see the draft", async () => {
    const { deps } = await place(10)
    const made = await compose(db, deps, body(), { staff_id: newId(), scope: [newId()] }, NOON)
    if (isRefused(made)) throw new Error(made.refused)
    expect(await preview(db, deps, made, NOON)).toMatchObject({ people: 0, reached: 0 })
    await saveDraftRow(db, made, author.staff_id, NOON)
    const stranger = { staff_id: newId(), scope: [newId()] }
    expect(await tx(db, (t) => submit(t, deps, made.id, stranger, NOON))).toMatchObject({
      refused: "not_found",
    })
  })

  it("a rule that breaks between approval and planning pauses the send with the reason, and reaches nobody by mistake", async () => {
    const { deps, seen } = await place(10)
    const id = await draft(deps, { text: "一" })
    await tx(db, (t) => submit(t, deps, id, author, NOON))
    await tx(db, (t) => approveSend(t, id, newId(), NOON))
    await run(
      db,
      `update sends_sends set rule = '{"offer":"shop.tag","version":1,"args":{"tag":"deleted"}}' where id = $1`,
      [id],
    )
    await planSends(db, deps, NOON)
    await deliverOnce(db, deps.world, minutes(61))
    expect(await sendById(db, id)).toMatchObject({ state: "paused", problem: "condition_broken" })
    expect(seen).toEqual([])
  })
})

describe("results in the two blocks the field reads", () => {
  it("a send that staff confirm shows who was asked, who confirmed, and what customers got", async () => {
    const { deps, told, accounts } = await place(100, { confirmed: true })
    const id = await draft(deps, { text: "一" })
    await tx(db, (t) => submit(t, deps, id, author, NOON))
    await tx(db, (t) => approveSend(t, id, newId(), NOON))
    await planSends(db, deps, NOON)
    await deliverOnce(db, deps.world, minutes(61))
    expect((await resultsOf(db, id, accounts)).staff).toEqual([
      {
        account_id: accounts[0]!.id,
        name: "账号0",
        sent_to_staff: 25,
        confirmed: 0,
        pending: 25,
        tasks_open: 1,
        reminded_at: null,
      },
    ])
    told.receipts = (refs) => refs.map((ref, i) => ({ ref, state: i < 3 ? "not_friend" : "delivered" }))
    await run(db, "update outbox_parcels set next_try_at = '2000-01-01'")
    await askReceipts(db, deps.world, minutes(90))
    await tendSends(db, minutes(91))
    const done = await resultsOf(db, id, accounts)
    expect(done.customers).toMatchObject({ planned: 25, delivered: 22, not_friend: 3, waiting: 0 })
    expect(done.staff[0]).toMatchObject({ confirmed: 25, pending: 0 })
    expect((await sendById(db, id))?.state).toBe("done")
  })

  it("the numbers of a block add up to everybody who was planned", () => {
    const progress: AccountProgress[] = (
      [
        "unplaced",
        "planned",
        "sending",
        "sent_to_staff",
        "confirmed",
        "delivered",
        "not_friend",
        "over_quota",
        "failed",
        "unknown",
        "expired",
        "cancelled",
        "left_out",
      ] as const
    ).map((state, i) => ({ account_id: null, state, reason: null, n: i + 1 }))
    const { customers: c } = blocks(progress, new Map())
    expect(
      c.waiting + c.delivered + c.not_friend + c.over_quota + c.failed + c.unknown + c.expired + c.cancelled,
    ).toBe(c.planned)
    expect(c.planned + c.left_out.reduce((s, l) => s + l.people, 0)).toBe(91)
  })
})
