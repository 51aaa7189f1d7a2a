import { afterEach, describe, expect, it } from "vitest"
import type { Config } from "./config.ts"
import { Doors } from "./doors.ts"
import { type Hand, openListener, openTestSandbox, until } from "./testkit.ts"
import { pastOrders } from "./world/orders.ts"

let ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.reverse()) await end()
  ends = []
})

async function both(env: Record<string, string>, answer?: (path: string, n: number) => number) {
  let config: Config | undefined
  const system = await openListener(() => config!, answer)
  const s: Hand = await openTestSandbox(env)
  config = s.config
  ends.push(() => system.close(), s.end)
  return { s, ...system }
}

type State = { history: { done: boolean }; totals: Record<string, number> }
const told = (s: Hand) => until("history told", async () => (await s.control<State>("state")).history.done)

describe("the shop's door", () => {
  it("tells the whole year once, signed, in batches of at most 500, and again unchanged after a refusal", async () => {
    const failing = (path: string, n: number) => (path === "/callbacks/shop" && n % 3 === 1 ? 503 : 200)
    const { s, heard, url } = await both({ SANDBOX_SIZE: "600" }, failing)
    await s.control("system", { url })
    await told(s)
    const expected = Array.from({ length: 600 }, (_, n) =>
      pastOrders(s.world.people, n, s.world.start_ms),
    ).flat()
    const by_key = new Map(heard.orders.map((batch) => [batch.key, batch]))
    expect(heard.orders.length).toBeGreaterThan(by_key.size)
    for (const batch of heard.orders) {
      expect(batch).toMatchObject({ signed: true, origin: "history" })
      expect(batch.orders.length).toBeLessThanOrEqual(500)
      expect(batch.orders).toEqual(by_key.get(batch.key)?.orders)
    }
    expect([...by_key.values()].flatMap((batch) => batch.orders)).toEqual(expected)
    const { totals } = await s.control<State>("state")
    expect(totals.history_orders).toBe(expected.length)
  })

  it("asks for nothing more while there is nothing to tell: a sandbox at rest takes no processor", async () => {
    const { s, url } = await both({ SANDBOX_SIZE: "5" })
    await s.control("system", { url })
    await told(s)
    let asked = 0
    const idle = new Doors(
      s.world,
      s.config,
      Date.now,
      () => undefined,
      () => {
        asked++
      },
    )
    idle.pump()
    await new Promise((done) => setImmediate(done))
    expect(asked).toBe(0)
  })

  it("brings live orders and refunds after it, and its wallet agrees to the fen", async () => {
    const { s, heard, url } = await both({ SANDBOX_SIZE: "20" })
    await s.control("system", { url })
    await told(s)
    const { people } = await s.control<{ people: { external_userid: string }[] }>("people")
    const external_userid = people[0]!.external_userid
    const { order } = await s.control<{ order: { order_no: string; amount_fen: number } }>("buy", {
      external_userid,
      sku: "MB01",
    })
    expect(order.amount_fen).toBe(39_900)
    await s.control("buy", { external_userid, amount_fen: 1_234, source_code: "c7" })
    await s.control("refund", { order_no: order.order_no })
    expect(await s.control("refund", { order_no: order.order_no })).toMatchObject({
      status: 409,
      refused: "already_refunded",
    })
    const live = () => heard.orders.filter((b) => b.origin === "live").flatMap((b) => b.orders)
    await until("three", () => live().length === 3)
    expect(live().map((o) => [o.status, o.amount_fen, o.source_code])).toEqual([
      ["paid", 39_900, undefined],
      ["paid", 1_234, "c7"],
      ["refunded", 39_900, undefined],
    ])
    expect(await s.control("wallet")).toMatchObject({
      live_paid_fen: 41_134,
      refunded_fen: 39_900,
      balance_fen: 1_234,
      live_orders: 2,
    })
  })
})

describe("the robot's door", () => {
  it("brings what people say in groups, and lets the robot speak", async () => {
    const { s, heard, url } = await both({})
    await s.control("history", { skip: true })
    await s.control("system", { url })
    const { groups } = await s.control<{ groups: { chat_id: string }[] }>("groups")
    const chat_id = groups[0]!.chat_id
    await s.control("say", { chat_id, text: "这个多少钱" })
    await until("heard", () => heard.messages.length === 1)
    expect(heard.messages[0]).toMatchObject({
      signed: true,
      messages: [{ chat_id, kind: "text", text: "这个多少钱" }],
    })
    const send = (authorization: string, body: object) =>
      s.raw("/robot/send", { method: "POST", headers: { authorization }, body: JSON.stringify(body) })
    expect((await send("Bearer wrong", { chat_id, text: "x" })).status).toBe(401)
    expect((await send(`Bearer ${s.config.robot_secret}`, { chat_id, text: "欢迎" })).status).toBe(200)
    expect((await send(`Bearer ${s.config.robot_secret}`, { chat_id: "wrX", text: "欢迎" })).status).toBe(409)
    expect(await s.control("messages")).toMatchObject({ robot: [{ chat_id, text: "欢迎" }] })
  })

  it("stops at the door when told to and goes on with what waited", async () => {
    const { s, heard, url } = await both({})
    await s.control("history", { skip: true })
    await s.control("faults", { robot: { paused: true } })
    await s.control("system", { url })
    const { groups } = await s.control<{ groups: { chat_id: string }[] }>("groups")
    for (let i = 0; i < 5; i++) await s.control("say", { chat_id: groups[0]!.chat_id, text: `${i}` })
    expect(heard.messages).toHaveLength(0)
    await s.control("faults", { reset: true })
    const texts = () => heard.messages.flatMap((b) => b.messages.map((m) => m.text))
    await until("all", () => texts().length === 5)
    expect(texts()).toEqual(["0", "1", "2", "3", "4"])
  })
})
