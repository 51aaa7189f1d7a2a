import type { FastifyInstance } from "fastify"
import { beforeAll, describe, expect, it } from "vitest"
import { newId } from "../../../kernel/ids.ts"
import { type Db, rows, run, tx } from "../../../platform/db.ts"
import { type Actor, createHttp } from "../../../platform/http/index.ts"
import { testDb } from "../../../platform/testkit/index.ts"
import { append, drain, registerHandlers } from "../../../spine/facts/index.ts"
import { createRegistry } from "../../../spine/offers/index.ts"
import {
  callOffPlay,
  deliverOnce,
  outboxOffers,
  touchDelivered,
  type World,
} from "../../../spine/outbox/index.ts"
import {
  befriend,
  company,
  days,
  memoryChannel,
  minutes,
  NOON,
} from "../../../spine/outbox/outbox.fixture.ts"
import { outcomesHandler } from "../../../spine/outcomes/index.ts"
import { activeVersions, enter, type PlayWorld, playsOfSteps, stepPlays } from "../../../spine/plays/index.ts"
import { prepareTraits } from "../../../spine/traits/index.ts"
import * as customers from "../../customers/index.ts"
import { orderCancelled, orderExtended, orderPaid, orderRefunded } from "../../orders/index.ts"
import { routes } from "../index.ts"

const lead: Actor = {
  kind: "staff",
  staff_id: newId(),
  name: "梁",
  role: "lead",
  can: () => true,
  scope: null,
}
const outcomes = outcomesHandler({
  paid: orderPaid.type,
  extended: orderExtended.type,
  refunded: orderRefunded.type,
  cancelled: orderCancelled.type,
  merged: "customer.merged",
  parted: "customer.parted",
  touchpoints: {
    [touchDelivered.type]: (p) => ({
      kind: String(p.cause_kind),
      id: String(p.cause_id),
      step: Number(p.visit),
    }),
  },
  plays: playsOfSteps,
})
let db: Db
let app: FastifyInstance
let world: World
let plays: PlayWorld
let people: string[]

beforeAll(async () => {
  db = await testDb()
  const made = await company(db, memoryChannel("m").channel)
  world = made.world
  const registry = createRegistry([outboxOffers(world), customers.offers])
  await prepareTraits(db, registry)
  await registerHandlers(db, [outcomes])
  people = await befriend(db, made.accounts[0]!.id, 8)
  plays = { registry, onStopped: callOffPlay }
  app = await createHttp({
    db,
    clock: { now: () => NOON },
    routes: routes({ registry: () => registry, maySee: async () => true }),
    resolveActor: async () => lead,
  })
})

// biome-ignore lint/suspicious/noExplicitAny: answers are looked at as they came off the wire
type Wire = any
async function call(method: "GET" | "POST" | "PUT", url: string, payload?: object): Promise<Wire> {
  const answer = await app.inject({
    method,
    url: `/api/plays${url}`,
    headers: { authorization: "Bearer x" },
    ...(payload ? { payload } : {}),
  })
  return answer.json()
}
const message = (text: string, next: string | null) => ({
  kind: "action",
  action: { offer: "outbox.send_message", version: 1, args: { text, nature: "service" } },
  next,
})
const journey = (hello: string) => ({
  entry: { on: "request" },
  first: "hello",
  nodes: {
    hello: message(hello, "wait"),
    wait: { kind: "wait", from: "here", days: 1, next: "second" },
    second: message("第二天", null),
  },
})
async function letIn(play_id: string, who: readonly string[], now: Date): Promise<void> {
  const version = (await activeVersions(db)).find(
    (one) => one.play_id === play_id && one.state === "published",
  )!
  const entering = who.map((customer_id) => ({ customer_id, cause: "asked", anchor_at: now }))
  await tx(db, (t) => enter(t, version, entering, now))
  await stepPlays(db, plays, now)
}
const paid = (who: number, at: Date, paid_fen: number, order_id = newId()) =>
  orderPaid.of({
    subject: people[who]!,
    occurred_at: at,
    payload: { order_id, order_no: null, source: "shop", paid_fen, lines: [], lead_only: false },
  })

/** What the credits say, each found by the very message that reached the person at that moment. */
const rawCredits = (play_id: string) =>
  rows(
    db,
    `select e.version, s.node, count(*)::int as orders, count(distinct c.customer_id)::int as customers, sum(c.fen)::bigint as gmv_fen,
       sum(c.net_fen)::bigint as net_fen
     from outcomes_credits c
     join facts f on f.subject = c.customer_id and f.type = 'touch.delivered' and f.occurred_at = c.touched_at
     join plays_enrolments e on e.id = (f.payload->>'cause_id')::uuid and e.play_id::text = c.cause_id
     join plays_steps s on s.enrolment_id = e.id and s.step = (f.payload->>'visit')::int
     where c.cause_kind = 'play' and c.cause_id = $1 and c.model = 'last' group by 1, 2 order by 1, 2`,
    [play_id],
  )

describe("what each step of each version earned", () => {
  it("equals the raw credits to the fen, adds up to what the play earned, and tells whom its messages reached", async () => {
    const { id } = await call("POST", "", { name: "两版", definition: journey("第一版") })
    await call("POST", `/${id}/publish`, { version: 1 })
    await letIn(id, people.slice(0, 5), NOON)
    await run(db, "update test_contacts set opted_out = true where customer_id = $1", [people[4]])
    await deliverOnce(db, world, minutes(1))
    await call("PUT", `/${id}/draft`, { definition: journey("第二版") })
    await call("POST", `/${id}/publish`, { version: 2 })
    await letIn(id, people.slice(5), minutes(2))
    await deliverOnce(db, world, minutes(3))
    await stepPlays(db, plays, days(1))
    await deliverOnce(db, world, days(1))
    const order_id = newId()
    await tx(db, (t) =>
      append(t, [
        paid(0, minutes(120), 10_001, order_id),
        orderRefunded.of({
          subject: people[0]!,
          occurred_at: days(3),
          payload: { order_id, order_no: null, source: "shop", refund_fen: 1_001, refund_no: "R1" } as never,
        }),
        paid(0, days(2), 5_000),
        paid(1, days(2), 700),
        paid(5, minutes(180), 900),
        // Nothing reached this one; this one's window is over.
        paid(4, days(2), 800),
        paid(6, days(9), 300),
      ]),
    )
    await drain(db, [outcomes], () => days(10))

    const { rows: told, window_days } = await call("GET", `/${id}/results`)
    expect(window_days).toBe(7)
    const none = { orders: 0, customers: 0, gmv_fen: 0, net_fen: 0 }
    expect(told).toEqual([
      {
        version: 1,
        node: "hello",
        outcomes: [{ outcome: "done", n: 5 }],
        touches: { got: 4, coming: 0, not_got: 1 },
        earned: { orders: 1, customers: 1, gmv_fen: 10_001, net_fen: 9_000 },
      },
      {
        version: 1,
        node: "second",
        outcomes: [{ outcome: "done", n: 5 }],
        touches: { got: 4, coming: 0, not_got: 1 },
        earned: { orders: 2, customers: 2, gmv_fen: 5_700, net_fen: 5_700 },
      },
      {
        version: 2,
        node: "hello",
        outcomes: [{ outcome: "done", n: 3 }],
        touches: { got: 3, coming: 0, not_got: 0 },
        earned: { orders: 1, customers: 1, gmv_fen: 900, net_fen: 900 },
      },
    ])
    const earning = told.filter((one: Wire) => one.earned.orders > 0)
    expect(earning.map(({ version, node, earned }: Wire) => ({ version, node, ...earned }))).toEqual(
      await rawCredits(id),
    )
    const sum = (key: keyof typeof none) => told.reduce((all: number, one: Wire) => all + one.earned[key], 0)
    expect((await call("GET", `/${id}`)).earned).toMatchObject({
      orders: sum("orders"),
      gmv_fen: sum("gmv_fen"),
      net_fen: sum("net_fen"),
    })
  })

  it("a version that nobody went through has no row, and a play that is not there none at all", async () => {
    const { id } = await call("POST", "", { name: "草稿", definition: journey("还没发布") })
    expect(await call("GET", `/${id}/results`)).toEqual({ rows: [], stages: [], window_days: 7 })
    expect(await call("GET", `/${newId()}/results`)).toMatchObject({ code: "not_found" })
  })
})
