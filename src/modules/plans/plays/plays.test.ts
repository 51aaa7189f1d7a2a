import type { FastifyInstance } from "fastify"
import { beforeAll, describe, expect, it } from "vitest"
import { newId } from "../../../kernel/ids.ts"
import { type Db, rows, run, tx } from "../../../platform/db.ts"
import { type Actor, createHttp } from "../../../platform/http/index.ts"
import { testDb } from "../../../platform/testkit/index.ts"
import { createRegistry, type Registry } from "../../../spine/offers/index.ts"
import { outboxOffers } from "../../../spine/outbox/index.ts"
import { approvedSend, company, memoryChannel, NOON, only } from "../../../spine/outbox/outbox.fixture.ts"
import { prepareTraits } from "../../../spine/traits/index.ts"
import * as customers from "../../customers/index.ts"
import * as orders from "../../orders/index.ts"
import * as tags from "../../tags/index.ts"
import { routes } from "../index.ts"

const [one, two] = [newId(), newId()]
const actor = (staff_id: string, scope: string[] | null): Actor => ({
  kind: "staff",
  staff_id,
  name: "x",
  role: "lead",
  can: () => true,
  scope,
})
const actors: Record<string, Actor> = { one: actor(one, null), two: actor(two, null), own: actor(two, [two]) }
let db: Db
let app: FastifyInstance
let registry: Registry
let world: Awaited<ReturnType<typeof company>>["world"]
let customer: string

beforeAll(async () => {
  db = await testDb()
  const made = await company(db, memoryChannel("try").channel)
  world = made.world
  registry = createRegistry([outboxOffers(world), customers.offers, tags.offers, orders.offers])
  await prepareTraits(db, registry)
  const known = {
    identities: [{ kind: "phone" as const, value: "13800000001" }],
    name: "客户1",
    seen_at: NOON,
  }
  customer = (await tx(db, (t) => customers.ensureCustomers(t, [known], NOON)))[0]!
  await run(
    db,
    "insert into test_contacts (customer_id, account_id, ref, name, added_at) values ($1, $2, 'wm_1', '客户1', $3)",
    [customer, made.accounts[0]!.id, NOON],
  )
  app = await createHttp({
    db,
    clock: { now: () => NOON },
    routes: routes({ registry: () => registry, maySee: async (_q, _id, scope) => scope === null }),
    resolveActor: async ({ bearer }) => actors[bearer ?? ""] ?? null,
  })
})

// biome-ignore lint/suspicious/noExplicitAny: answers are looked at as they came off the wire
type Wire = any
async function call(
  who: string,
  method: "GET" | "POST" | "PUT",
  url: string,
  payload?: object,
): Promise<Wire> {
  const answer = await app.inject({
    method,
    url: `/api/plays${url}`,
    headers: { authorization: `Bearer ${who}` },
    ...(payload ? { payload } : {}),
  })
  return { status: answer.statusCode, ...answer.json() }
}

const message = (text: string, next: string | null = null, nature = "service") => ({
  kind: "action",
  action: { offer: "outbox.send_message", version: 1, args: { text, nature } },
  next,
})
const isFriend = { offer: "customers.is_friend", version: 1, args: {} }
const hello = (text: string) => ({
  entry: { on: "request" },
  first: "hello",
  nodes: { hello: message(text) },
})

describe("two people who change one play", () => {
  it("the second is told that the first has saved, nothing of the first's is lost, and saving over it is a choice", async () => {
    const made = await call("one", "POST", "", { name: "早安", definition: hello("一") })
    expect(made).toMatchObject({ status: 200, version: 1, revision: 1 })
    const seen = { version: made.version, revision: made.revision }
    const save = (who: string, text: string, based_on: object) =>
      call(who, "PUT", `/${made.id}/draft`, { definition: hello(text), based_on })
    expect(await save("one", "二", seen)).toMatchObject({ status: 200, version: 1, revision: 2 })
    const late = await save("two", "三", seen)
    expect(late).toMatchObject({
      status: 409,
      code: "version_changed",
      detail: { version: 1, revision: 2 },
    })
    const kept = (await call("two", "GET", `/${made.id}`)).versions[0]
    expect(kept.said.steps[0].words.zh).toContain("二")
    expect(await save("two", "三", { version: 1, revision: 2 })).toMatchObject({ revision: 3 })
  })

  it("a draft that was saved again since it was read is not published unread", async () => {
    const made = await call("one", "POST", "", { name: "午安", definition: hello("一") })
    await call("two", "PUT", `/${made.id}/draft`, { definition: hello("别的") })
    const publish = (revision: number) => call("one", "POST", `/${made.id}/publish`, { version: 1, revision })
    expect(await publish(1)).toMatchObject({ status: 409, code: "version_changed" })
    expect(await publish(2)).toMatchObject({ status: 200 })
  })

  it("both at once: one is saved, the other is told", async () => {
    const made = await call("one", "POST", "", { name: "晚安", definition: hello("一") })
    const both = await Promise.all(
      ["one", "two"].map((who) =>
        call(who, "PUT", `/${made.id}/draft`, {
          definition: hello(who),
          based_on: { version: 1, revision: 1 },
        }),
      ),
    )
    expect(both.map((b) => b.status).sort()).toEqual([200, 409])
  })
})

describe("a play's versions", () => {
  it("say in words what each changed, who saved it and how many are inside", async () => {
    const made = await call("one", "POST", "", { name: "周报", definition: hello("第一版") })
    await call("one", "POST", `/${made.id}/publish`, { version: 1 })
    await run(
      db,
      `insert into plays_enrolments (customer_id, play_id, entry, id, version, entered_by, anchor_at, entered_at, node, due_at, state)
       values ($1, $2, 1, $3, 1, 'x', $4, $4, 'hello', $4, 'active')`,
      [customer, made.id, newId(), NOON],
    )
    await call("two", "PUT", `/${made.id}/draft`, { name: "周报（新）", definition: hello("第二版") })
    const { name, versions } = await call("one", "GET", `/${made.id}`)
    expect(name).toBe("周报（新）")
    expect(versions).toMatchObject([
      { version: 2, state: "draft", inside: 0 },
      { version: 1, state: "published", inside: 1, changes: null },
    ])
    expect(versions[0].changes).toMatchObject([
      {
        part: "step",
        before: { zh: "发服务消息「第一版」" },
        after: { zh: "发服务消息「第二版」", en: expect.stringContaining("第二版") },
      },
    ])
  })

  it("read as sentences while they are written, with the first thing that is missing named", async () => {
    const definition = {
      entry: { on: "audience", tree: isFriend, at: "entering" },
      stop: { facts: [{ fact: "order.paid", where: { lead_only: false } }] },
      first: "a",
      nodes: { a: message("") },
    }
    const { said, problem } = await call("own", "POST", "/say", { definition })
    expect(said.entry.zh).toBe("从发布起，谁刚变成符合就进入：是好友")
    expect(said.stop[0].zh).toBe("一旦「下单付款（不只引流品）」就停，没发的不再发")
    expect(said.steps[0].words.zh).toBe("发私聊消息（还没填完）")
    expect(problem).toMatchObject({ code: "play_invalid", field: "nodes.a.action.args.text" })
    const torn = await call("own", "POST", "/say", { definition: { ...definition, first: 7 } })
    expect(torn).toMatchObject({ status: 400, code: "play_invalid", field: "first" })
  })

  it("a rule whose tag is gone says so in its place, and the play can still be read", async () => {
    const definition = {
      ...hello("x"),
      condition: { offer: "tags.has", version: 1, args: { tag_id: newId() } },
    }
    const { said } = await call("one", "POST", "/say", { definition })
    expect(said.condition.zh).toContain("已删除")
    expect(said.steps).toHaveLength(1)
  })
})

describe("a test run on one customer", () => {
  const journey = {
    entry: { on: "audience", tree: isFriend, at: "09:00" },
    first: "hello",
    nodes: {
      hello: message("{{name}}，早上好", "listen", "selling"),
      listen: { kind: "wait_for", fact: "order.paid", hours: 48, answered: "thanks", otherwise: "nudge" },
      thanks: message("{{name}}，谢谢"),
      nudge: {
        kind: "action",
        action: { offer: "outbox.create_assignment", version: 1, args: { title: "问问{{name}}" } },
        next: null,
      },
    },
  }
  const make = async (definition: object) => (await call("one", "POST", "", { name: "试", definition })).id
  const attempt = (id: string, over: object = {}, who = "one") =>
    call(who, "POST", `/${id}/try`, { customer_id: customer, at: NOON.toISOString(), ...over })

  it("tells step by step the words this person would get, on both ways, and does nothing", async () => {
    const id = await make(journey)
    const quiet = await attempt(id)
    expect(quiet.steps.map((s: { node: string; answer: string | null }) => [s.node, s.answer])).toEqual([
      ["hello", null],
      ["listen", "timeout"],
      ["nudge", null],
    ])
    expect(quiet.steps[0]).toMatchObject({ text: "客户1，早上好", through: "账号0", hindered_by: null })
    expect(quiet.steps[2].text).toBe("问问客户1")
    const heard = await attempt(id, { answers: true })
    expect(heard.steps.map((s: { node: string }) => s.node)).toEqual(["hello", "listen", "thanks"])
    expect(heard.steps[2].text).toBe("客户1，谢谢")
    expect(await rows(db, "select 1 from outbox_touches where customer_id = $1", [customer])).toEqual([])
    expect(await rows(db, "select 1 from plays_enrolments where play_id = $1", [id])).toEqual([])
  })

  it("says whether the rule lets them in, and whom a condition or a stop rule would not let go on", async () => {
    const id = await make(journey)
    expect(await attempt(id)).toMatchObject({ matches_entry: false, kept_out_by: null })
    const kept = await attempt(await make({ ...journey, condition: isFriend }))
    expect(kept).toMatchObject({ condition: { holds: false }, steps: [], ended: "entry_condition" })
    const stopped = await attempt(await make({ ...journey, stop: { condition: { not: isFriend } } }))
    expect(stopped).toMatchObject({ stopped_at_once: true, steps: [] })
  })

  it("names the cap that would put a selling message off, and the night that would delay it", async () => {
    const id = await make(journey)
    const late = await attempt(id, { at: "2026-11-23T23:00:00+08:00" })
    expect(late.steps[0].hindered_by).toBe("quiet")
    await approvedSend(db, world, { audience: only([customer]) })
    expect((await attempt(id)).steps[0].hindered_by).toBe("capped")
  })

  it("who has been through it is kept out as re-entry says", async () => {
    const id = await make(journey)
    const been = (state: string) =>
      run(
        db,
        `insert into plays_enrolments (customer_id, play_id, entry, id, version, entered_by, anchor_at, entered_at, node, due_at, state, ended_at)
         values ($1, $2, 1, $3, 1, 'x', $4, $4, 'hello', $4, $5, case when $5 = 'active' then null else $4::timestamptz end)
         on conflict (customer_id, play_id, entry) do update set state = excluded.state, ended_at = excluded.ended_at`,
        [customer, id, newId(), NOON, state],
      )
    await been("active")
    expect((await attempt(id)).kept_out_by).toBe("inside")
    await been("done")
    expect((await attempt(id)).kept_out_by).toBe("once_only")
    await call("one", "PUT", `/${id}/draft`, {
      definition: { ...journey, reentry: { policy: "after_end", days: 30 } },
    })
    expect((await attempt(id)).kept_out_by).toBe("too_soon")
    expect((await attempt(id, { at: "2027-01-23T12:00:00+08:00" })).kept_out_by).toBeNull()
  })

  it("is not given for a customer whom one may not see", async () => {
    expect(await attempt(await make(journey), {}, "own")).toMatchObject({ status: 404 })
  })
})

describe("why somebody got it, or did not", () => {
  it("tells each step and the entry in the words of the version they are on, not by the names of nodes", async () => {
    const made = await call("one", "POST", "", { name: "因", definition: hello("您好") })
    const id = newId()
    await run(
      db,
      `insert into plays_enrolments (customer_id, play_id, entry, id, version, entered_by, anchor_at, entered_at, node, due_at, state, reason)
       values ($1, $2, 1, $3, 1, 'x', $4, $4, 'hello', $4, 'stopped', 'fact:order.paid')`,
      [customer, made.id, id, NOON],
    )
    await tx(db, (t) =>
      run(
        t,
        `insert into plays_steps (customer_id, enrolment_id, step, play_id, node, due_at, at, outcome)
         values ($1, $2, 0, $3, 'hello', $4, $4, 'done')`,
        [customer, id, made.id, NOON],
      ),
    )
    await call("one", "PUT", `/${made.id}/draft`, { definition: hello("改过") })
    const { enrolments } = await call("one", "GET", `/${made.id}/why/${customer}`)
    expect(enrolments[0]).toMatchObject({
      stopped_by: { zh: "下单付款" },
      entered_on: { zh: expect.stringContaining("手工加入") },
      steps: [{ words: { zh: expect.stringContaining("改过") } }],
    })
  })
})
