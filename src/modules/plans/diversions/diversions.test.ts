import { beforeAll, describe, expect, it } from "vitest"
import { dayNumber } from "../../../kernel/day.ts"
import { newId } from "../../../kernel/ids.ts"
import { isRefused, type Refusal } from "../../../kernel/result.ts"
import { type Db, rows, run, tx } from "../../../platform/db.ts"
import { testDb } from "../../../platform/testkit/index.ts"
import { append, drain, mergeSubjects, registerHandlers } from "../../../spine/facts/index.ts"
import { createRegistry } from "../../../spine/offers/index.ts"
import { doAssignment, type SenderAccount } from "../../../spine/outbox/index.ts"
import { company, days, memoryChannel, minutes, NOON } from "../../../spine/outbox/outbox.fixture.ts"
import { enrolCustomers, prepareTraits } from "../../../spine/traits/index.ts"
import * as customers from "../../customers/index.ts"
import { memberJoined } from "../../groups/index.ts"
import { propose } from "../index.ts"
import { cancel, type DiversionAsk, type DiversionDeps, make, plan, tendDiversions } from "./commands.ts"
import { diversionHandler } from "./handler.ts"
import { DIVERSIONS_RUNNING_MAX, WAITED_FOR_DAYS } from "./limits.ts"
import { dayRows, diversionById, diversionRows, funnelOf } from "./store.ts"

const TODAY = dayNumber(NOON)
let db: Db
let deps: DiversionDeps
let accounts: SenderAccount[]
let made = 0

beforeAll(async () => {
  db = await testDb()
  const registry = createRegistry([customers.offers])
  await prepareTraits(db, registry)
  await registerHandlers(db, [diversionHandler])
  const place = await company(db, memoryChannel("divert").channel, { accounts: 3 })
  accounts = place.accounts
  for (const account of accounts) account.quotas.friends = 50
  deps = { world: place.world, registry: () => registry, segmentRule: async () => ({ all: [] }) }
})

/** So many new people, and nobody else in the books. */
async function people(count: number): Promise<string[]> {
  await run(
    db,
    "truncate traits_customers, plans_diverted, plans_diversion_line, plans_diversion_slots, plans_diversions, plans_introductions, test_contacts",
  )
  await run(db, "delete from outbox_assignments")
  const ids = Array.from({ length: count }, () => newId())
  await tx(db, (t) =>
    enrolCustomers(
      t,
      ids.map((customer_id) => ({ customer_id, number: ++made, scope_id: null })),
    ),
  )
  for (const account of accounts) account.usable = true
  return ids
}
const ask = (over: Partial<DiversionAsk> = {}): DiversionAsk => ({
  ...{ segment_id: newId(), account_ids: [accounts[0]!.id], from_day: TODAY, scope: null },
  ...over,
})
const make1 = (over: Partial<DiversionAsk> = {}) =>
  tx(db, (t) => make(t, deps, { ...ask(over), name: "导流", opening: "{name}您好", by: newId() }, NOON))
async function must<T>(answer: Promise<T | Refusal>): Promise<T> {
  const got = await answer
  if (isRefused(got)) throw new Error(got.refused)
  return got as T
}
const perDay = (id: string, account_id?: string) =>
  rows<{ day: number; n: number }>(
    db,
    `select day - ${TODAY} as day, sum(people)::int as n from plans_diversion_slots
     where diversion_id = $1 and people > 0 and ($2::uuid is null or account_id = $2) group by 1 order by 1`,
    [id, account_id ?? null],
  )
const assignments = () =>
  rows<{ id: string; state: string; account_id: string; script: string; assignee_staff_id: string }>(
    db,
    "select id, state, account_id, script, assignee_staff_id from outbox_assignments where kind = 'diversion' order by made_at, id",
  )
async function tend(now: Date): Promise<number> {
  let all = 0
  for (let n = await tendDiversions(db, deps, now); n > 0; n = await tendDiversions(db, deps, now)) all += n
  return all
}
const tell = async (facts: Parameters<typeof append>[1], now: Date) => {
  await tx(db, (t) => append(t, facts))
  await drain(db, [diversionHandler], () => now)
}
const added = (subject: string, account_id: string) =>
  customers.contactAdded.of({
    subject,
    occurred_at: minutes(10),
    payload: {
      ...{ account_id, external_userid: "x", state: null, add_way: 0 },
      ...{ welcome_code: null, welcome_until: null, first: false },
    },
  })

describe("a segment shared out", () => {
  it("120 people to an account with a quota of 50 a day are planned 50, 50 and 20; everybody once", async () => {
    const ids = await people(120)
    const { id, people: planned, left } = await must(make1())
    expect([planned, left]).toEqual([120, 0])
    expect(await perDay(id)).toEqual([
      { day: 0, n: 50 },
      { day: 1, n: 50 },
      { day: 2, n: 20 },
    ])
    const foreseen = []
    for (let day = TODAY; day < TODAY + 3; day++)
      foreseen.push((await dayRows(db, id, day, null, null, 200)).map((r) => r.customer_id))
    expect(foreseen.flat().sort()).toEqual(ids.sort())
    for (let day = 0; day < 3; day++) await tend(days(day))
    for (const [i, list] of foreseen.entries())
      expect((await dayRows(db, id, TODAY + i, null, null, 200)).map((r) => r.customer_id)).toEqual(list)
  })

  it("who is a contact already or waits in another diversion is left out, and with nobody left it is refused", async () => {
    const ids = await people(10)
    await run(
      db,
      "insert into test_contacts (customer_id, account_id, ref, name, added_at) values ($1, $2, 'x', '客', $3)",
      [ids[0], accounts[0]!.id, NOON],
    )
    expect(await must(plan(db, deps, ask(), NOON))).toMatchObject({ audience: 10, people: 9 })
    await must(make1())
    expect(await make1()).toMatchObject({ refused: "nobody_to_divert" })
    expect(await must(plan(db, deps, ask({ account_ids: [accounts[1]!.id] }), NOON))).toMatchObject({
      people: 1,
    })
  })

  it("an account out of use, a day that is over and a segment that is gone are refused by name", async () => {
    await people(3)
    accounts[1]!.usable = false
    expect(await make1({ account_ids: accounts.map((a) => a.id) })).toMatchObject({
      refused: "account_unusable",
      detail: { accounts: [accounts[1]!.id] },
    })
    expect(await make1({ from_day: TODAY - 1 })).toMatchObject({ refused: "day_over" })
    const gone = { ...deps, segmentRule: async () => ({ refused: "not_found" }) as Refusal }
    expect(await plan(db, gone, ask(), NOON)).toMatchObject({ refused: "not_found", field: "segment_id" })
  })

  it("runs beside at most a hundred others, which all get their turn; the list goes through all of them, newest first", async () => {
    await people(3)
    const running = Array.from({ length: DIVERSIONS_RUNNING_MAX }, () => newId())
    await run(
      db,
      `insert into plans_diversions (id, name, rule, opening, account_ids, from_day, state, people, made_by, made_at)
       select id, '导流', '{}', '您好', '{}', $2, 'running', 0, id, $3 from unnest($1::uuid[]) id`,
      [running, TODAY, NOON],
    )
    expect(await make1()).toMatchObject({ refused: "too_many_diversions", detail: { max: 100 } })
    const first = await diversionRows(db, null, null, 60)
    const rest = await diversionRows(db, null, first.at(-1)!.id, 60)
    expect([...first, ...rest].map((d) => d.id)).toEqual([...running].sort().reverse())
    expect(await diversionRows(db, [running[3]!], null, 60)).toHaveLength(1)
    await tend(NOON)
    expect((await diversionRows(db, null, null, 200)).map((d) => d.state)).not.toContain("running")
    await must(make1())
  })

  it("takes of the same quota as introductions: neither gives away what the other has", async () => {
    const ids = await people(60)
    const member = accounts[2]!
    member.functions = ["member"]
    await run(
      db,
      `insert into plans_introductions (customer_id, function, account_id, day, state, proposed_at)
       select gen_random_uuid(), 'member', $1, $2, 'proposed', $3 from generate_series(1, 45)`,
      [member.id, TODAY, NOON],
    )
    const { id } = await must(make1({ account_ids: [member.id] }))
    expect((await perDay(id)).map((d) => d.n)).toEqual([5, 50, 5])
    await run(
      db,
      "insert into test_contacts (customer_id, account_id, ref, name, added_at) values ($1, $2, 'x', '客', $3)",
      [ids[0], accounts[0]!.id, NOON],
    )
    const introductions = {
      world: deps.world,
      teams: async () => new Map(),
      contactCounts: async () => new Map(),
    }
    await tx(db, (t) => propose(t, introductions, new Map([[ids[0]!, "member"]]), NOON))
    const [introduced] = await rows<{ day: number }>(
      db,
      "select day from plans_introductions where customer_id = $1",
      [ids[0]],
    )
    expect(introduced?.day).toBe(TODAY + 2)
  })
})

describe("its days", () => {
  it("become assignments of the account's custodian when they come, once, with the opening line", async () => {
    await people(70)
    const { id } = await must(make1())
    expect(await tend(NOON)).toBe(50)
    expect(await tend(minutes(5))).toBe(0)
    const today = await assignments()
    expect(today.length).toBe(50)
    expect(today[0]).toMatchObject({
      state: "open",
      script: "这位客户您好",
      assignee_staff_id: accounts[0]!.custodian_staff_id,
    })
    expect(await tend(days(1))).toBe(20)
    const stateOn = async (now: Date) => {
      await tend(now)
      return (await diversionById(db, id, null))?.state
    }
    expect(await stateOn(days(1 + WAITED_FOR_DAYS))).toBe("running")
    expect(await stateOn(days(2 + WAITED_FOR_DAYS))).toBe("ended")
  })

  it("are followed from planned to invited, added and in a group; the contact closes the assignment itself", async () => {
    await people(4)
    const { id } = await must(make1())
    await tend(NOON)
    const list = await dayRows(db, id, TODAY, null, null, 10)
    const [one, two] = list.map((r) => r.customer_id)
    const [first] = await assignments()
    await tx(db, (t) => doAssignment(t, first!.id, { staff_id: null }, minutes(1)))
    await drain(db, [diversionHandler], () => minutes(1))
    expect((await funnelOf(db, [id])).get(id)).toMatchObject({ invited: 1, added: 0 })
    await tell(
      [added(one!, accounts[0]!.id), added(two!, accounts[0]!.id), added(list[2]!.customer_id, newId())],
      minutes(10),
    )
    expect((await funnelOf(db, [id])).get(id)).toMatchObject({ added: 2, grouped: 0 })
    const group = { group_id: newId(), member_ref: "m", scene: "x", state: null }
    await tell([memberJoined.of({ subject: one!, occurred_at: minutes(20), payload: group })], minutes(20))
    expect((await funnelOf(db, [id])).get(id)).toMatchObject({ added: 2, grouped: 1 })
    expect((await assignments()).filter((a) => a.state === "done").length).toBeGreaterThanOrEqual(2)
  })
})

describe("an account that goes out of use", () => {
  it("has those who wait with it moved to another, today's list too, within its quota", async () => {
    await people(120)
    const [a, b] = accounts
    const { id } = await must(make1({ account_ids: [a!.id, b!.id] }))
    expect(await perDay(id, a!.id)).toEqual([
      { day: 0, n: 50 },
      { day: 1, n: 10 },
    ])
    await tend(NOON)
    a!.usable = false
    await tend(minutes(5))
    expect(await perDay(id, a!.id)).toEqual([])
    expect((await perDay(id, b!.id)).map((d) => d.n)).toEqual([50, 50, 20])
    const open = await assignments()
    expect(open.filter((x) => x.account_id === a!.id && x.state === "open")).toEqual([])
    expect(open.filter((x) => x.account_id === a!.id && x.state === "cancelled").length).toBe(50)
    await tend(days(1))
    await tend(days(2))
    const given = (await assignments()).filter((x) => x.account_id === b!.id && x.state === "open")
    expect(given.length).toBe(120)
  })

  it("alone holds them, and they go on when it is back; nobody is lost", async () => {
    await people(60)
    const { id } = await must(make1())
    accounts[0]!.usable = false
    await tend(minutes(5))
    expect((await funnelOf(db, [id])).get(id)).toMatchObject({ held: 60 })
    expect(await tend(minutes(6))).toBe(0)
    accounts[0]!.usable = true
    await tend(days(1))
    expect((await funnelOf(db, [id])).get(id)?.held ?? 0).toBe(0)
    expect((await perDay(id)).map((d) => [d.day, d.n])).toEqual([
      [1, 50],
      [2, 10],
    ])
  })
})

describe("whose day comes after much has happened", () => {
  it("is not asked who was added, opted out or was dropped meanwhile; who became one with another is asked once", async () => {
    const ids = await people(6)
    const { id } = await must(make1({ from_day: TODAY + 1 }))
    const line = (await dayRows(db, id, TODAY + 1, null, null, 10)).map((r) => r.customer_id)
    expect(line.toSorted()).toEqual(ids.toSorted())
    const [friend, gone, twin, stays] = line as [string, string, string, string]
    await run(
      db,
      "insert into test_contacts (customer_id, account_id, ref, name, added_at) values ($1, $2, 'x', '客', $3)",
      [friend, accounts[0]!.id, NOON],
    )
    await run(db, "delete from traits_customers where customer_id = any($1)", [[gone, twin]])
    await tx(db, (t) => mergeSubjects(t, { from: twin, into: stays }, NOON))
    await tend(days(1))
    const states = new Map(
      (await dayRows(db, id, TODAY + 1, null, null, 10)).map((r) => [r.customer_id, r.state]),
    )
    expect([states.get(friend), states.get(gone), states.get(twin), states.get(stays)]).toEqual([
      ...["added", "dropped", undefined, "planned"],
    ])
    expect((await assignments()).length).toBe(3)
  })

  it("the days that passed while nobody looked are planned anew: no account adds more than its quota on one day", async () => {
    await people(120)
    const { id } = await must(make1())
    await tend(NOON)
    await tend(days(3))
    expect((await perDay(id)).map((d) => [d.day, d.n])).toEqual([
      [0, 50],
      [3, 50],
      [4, 20],
    ])
  })
})

describe("a diversion that is stopped", () => {
  it("adds nobody any more, takes back what was given out, and gives the quota free", async () => {
    await people(60)
    const { id } = await must(make1())
    await tend(NOON)
    const found = await diversionById(db, id, null)
    expect(await tx(db, (t) => cancel(t, found!, minutes(5)))).toBe(60)
    expect(await tend(days(1))).toBe(0)
    expect((await assignments()).map((a) => a.state)).toEqual(Array.from({ length: 50 }, () => "cancelled"))
    const again = await must(plan(db, deps, ask(), minutes(6)))
    expect(again.slots.map((s) => [s.day, s.people])).toEqual([
      [TODAY, 50],
      [TODAY + 1, 10],
    ])
  })
})
