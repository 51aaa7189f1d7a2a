import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { Config } from "./config.ts"
import { field, type Hand, openListener, openTestSandbox, until } from "./testkit.ts"

let s: Hand
let config: Config
let status = 200
const system = await openListener(
  () => config,
  () => status,
)
const { events } = system.heard

beforeAll(async () => {
  s = await openTestSandbox()
  config = s.config
  await s.control("history", { skip: true })
  await s.control("system", { url: system.url })
})
afterAll(async () => {
  await s.end()
  await system.close()
})
beforeEach(async () => {
  status = 200
  await s.control("faults", { reset: true })
  events.length = 0
})

type Scanned = { scanned: { external_userid: string; userid: string }[] }
const scan = (body: object) => s.control<Scanned>("scan", body)
const way = async (body: object = {}) => {
  const made = await s.api("externalcontact/add_contact_way", {
    type: 2,
    scene: 2,
    user: ["hm_ip_01", "hm_sales_01"],
    state: "poster_7",
    ...body,
  })
  return String(made.config_id)
}
const welcome = (code: string) =>
  s.api("externalcontact/send_welcome_msg", { welcome_code: code, text: { content: "你好" } })
const chats = async () =>
  (
    (await s.api("externalcontact/groupchat/list", { limit: 10 })) as unknown as {
      group_chat_list: { chat_id: string }[]
    }
  ).group_chat_list.map((c) => c.chat_id)

describe("callbacks", () => {
  it("verifies the address when it is given and says when it is not the system's", async () => {
    expect(await s.control("system", { url: system.url })).toMatchObject({ verified: true })
    expect(await s.control("system", { url: "http://127.0.0.1:9" })).toMatchObject({ verified: false })
    await s.control("system", { url: system.url })
  })

  it("tells of everybody who scans a code, signed, with the state and a welcome code each, dealt out evenly", async () => {
    const config_id = await way()
    await scan({ config_id, count: 10 })
    await until("ten events", () => events.length === 10)
    expect(events.every((e) => e.verified)).toBe(true)
    expect(new Set(events.map((e) => field(e.xml, "ChangeType")))).toEqual(new Set(["add_external_contact"]))
    expect(new Set(events.map((e) => field(e.xml, "State")))).toEqual(new Set(["poster_7"]))
    expect(new Set(events.map((e) => field(e.xml, "WelcomeCode"))).size).toBe(10)
    expect(events.filter((e) => field(e.xml, "UserID") === "hm_sales_01")).toHaveLength(5)
    const id = field(events[0]!.xml, "ExternalUserID")
    const got = (await s.api("externalcontact/get", undefined, { external_userid: id })) as unknown as {
      follow_user: { state: string }[]
    }
    expect(got.follow_user[0]?.state).toBe("poster_7")
  })

  it("says nothing of what was done over the API", async () => {
    const { external_userid } = (await s.api("externalcontact/list", undefined, {
      userid: "hm_ip_01",
    })) as unknown as { external_userid: string[] }
    const pair = { userid: "hm_ip_01", external_userid: external_userid[0] }
    await s.api("externalcontact/remark", { ...pair, remark: "静默" })
    await s.api("externalcontact/add_corp_tag", { group_name: "无声", tag: [{ name: "一" }] })
    await s.control("staff/edit", { ...pair, remark: "有声" })
    await until("the edit", () => events.length > 0)
    expect(events.map((e) => field(e.xml, "ChangeType"))).toEqual(["edit_external_contact"])
  })

  it("keeps the chain of member versions from event to event and to the group itself", async () => {
    const [chat_id = ""] = await chats()
    type Chat = { group_chat: { member_version: string } }
    const version = async () =>
      ((await s.api("externalcontact/groupchat/get", { chat_id })) as unknown as Chat).group_chat
        .member_version
    const before = await version()
    const { joined } = await s.control<{ joined: string[] }>("join-group", { chat_id, count: 3 })
    await s.control("leave-group", { chat_id, external_userid: joined[0], by: "owner" })
    await s.control("change-group", { chat_id, notice: "新公告" })
    await until("five events", () => events.length === 5)
    const chain = events.map((e) => [field(e.xml, "LastMemVer"), field(e.xml, "CurMemVer")])
    expect(chain[0]![0]).toBe(before)
    for (let i = 1; i < chain.length; i++) expect(chain[i]![0]).toBe(chain[i - 1]![1])
    expect(await version()).toBe(chain[4]![1])
    expect(events.map((e) => field(e.xml, "UpdateDetail"))).toEqual([
      "add_member",
      "add_member",
      "add_member",
      "del_member",
      "change_notice",
    ])
    expect(field(events[3]!.xml, "QuitScene")).toBe("1")
    expect(field(events[0]!.xml, "Item")).toBe(joined[0])
  })

  it("lets people into the first group of a group code that has room, and opens the next when all are full", async () => {
    const { chat_id } = await s.control<{ chat_id: string }>("create-group", {
      owner: "hm_ip_01",
      name: "满员群",
    })
    const body = { scene: 2, chat_id_list: [chat_id], state: "g9", room_base_name: "满员群", room_base_id: 2 }
    const { config_id } = await s.api("externalcontact/groupchat/add_join_way", body)
    type Joined = { scanned: { chat_id: string }[] }
    const first = await s.control<Joined>("scan", { config_id, count: 201 })
    const rooms = new Map<string, number>()
    for (const { chat_id: room } of first.scanned) rooms.set(room, (rooms.get(room) ?? 0) + 1)
    expect([...rooms.values()]).toEqual([200, 1])
    const way = await s.api("externalcontact/groupchat/get_join_way", { config_id })
    expect(way.join_way).toMatchObject({ room_base_id: 3, chat_id_list: [...rooms.keys()] })
    await until("all told", () => events.length === 203)
    expect(events.filter((e) => field(e.xml, "ChangeType") === "create")).toHaveLength(2)
    const [member] = (
      (await s.api("externalcontact/groupchat/get", { chat_id: first.scanned[200]!.chat_id })) as unknown as {
        group_chat: { member_list: { type: number; state?: string; join_scene: number }[] }
      }
    ).group_chat.member_list.filter((m) => m.type === 2)
    expect(member).toMatchObject({ state: "g9", join_scene: 3 })
  })

  it("takes a welcome code once, within twenty seconds, and not after a chat has begun", async () => {
    await scan({ state: "gzh_menu", count: 3 })
    await until("three events", () => events.length === 3)
    const [first = "", second = "", third = ""] = events.map((e) => field(e.xml, "WelcomeCode"))
    expect((await welcome(first)).errcode).toBe(0)
    expect((await welcome(first)).errcode).toBe(41051)
    await s.control("staff/chat", {
      userid: "hm_ip_01",
      external_userid: field(events[1]!.xml, "ExternalUserID"),
    })
    expect((await welcome(second)).errcode).toBe(41051)
    await s.step(19_000)
    expect((await s.api("externalcontact/send_welcome_msg", { welcome_code: third })).errcode).toBe(44004)
    await s.step(1_001)
    expect((await welcome(third)).errcode).toBe(41050)
    expect((await welcome("WC_made_up")).errcode).toBe(41050)
  })

  it("leaves a one-way relation when the customer deletes, and none when the member does", async () => {
    const { scanned } = await scan({ state: "x", count: 2 })
    const [a = "", b = ""] = scanned.map((p) => p.external_userid)
    await s.control("delete", { external_userid: a, userid: "hm_ip_01" })
    await s.control("delete", { external_userid: b, userid: "hm_ip_01", by: "member" })
    const remark = (id: string) =>
      s.api("externalcontact/remark", { userid: "hm_ip_01", external_userid: id, remark: "x" })
    expect([(await remark(a)).errcode, (await remark(b)).errcode]).toEqual([0, 84061])
    await until("all told", () => events.length === 4)
    expect(
      events
        .slice(2)
        .map((e) => field(e.xml, "ChangeType"))
        .sort(),
    ).toEqual(["del_external_contact", "del_follow_user"])
  })

  it("lets people wait where verification is asked for, and adds them when the member accepts", async () => {
    const config_id = await way({ skip_verify: false, state: "vip" })
    const answer = await s.control<{ scanned: { waits: boolean }[] }>("scan", { config_id })
    expect(answer.scanned[0]?.waits).toBe(true)
    await s.step(120_000)
    await until("accepted", () => events.length === 1)
    expect(field(events[0]!.xml, "State")).toBe("vip")
  })

  it("hands a resigned member's customers over after a day", async () => {
    const { external_userid } = (await s.api("externalcontact/list", undefined, {
      userid: "zhou_ke",
    })) as unknown as { external_userid: string[] }
    const body = { handover_userid: "zhou_ke", takeover_userid: "hm_member_01", external_userid }
    expect((await s.api("externalcontact/resigned/transfer_customer", body)).errcode).toBe(40097)
    await s.control("staff/resign", { userid: "zhou_ke" })
    const left = (await s.api("externalcontact/get_unassigned_list", {})) as unknown as {
      info: unknown[]
      is_last: boolean
    }
    expect([left.info.length, left.is_last]).toEqual([external_userid.length, true])
    expect((await s.api("externalcontact/resigned/transfer_customer", body)).errcode).toBe(0)
    const twice = (await s.api("externalcontact/resigned/transfer_customer", body)) as unknown as {
      customer: { errcode: number }[]
    }
    expect(twice.customer.every((c) => c.errcode === 40129)).toBe(true)
    await s.step(86_400_000)
    s.forgetToken()
    const result = (await s.api("externalcontact/resigned/transfer_result", body)) as unknown as {
      customer: { status: number }[]
    }
    const done = result.customer.filter((c) => c.status === 1).length
    const refused = result.customer.filter((c) => c.status === 3).length
    expect(done + refused).toBe(external_userid.length)
    expect(done).toBeGreaterThan(0)
    await until(
      "all told",
      () => events.filter((e) => field(e.xml, "Source") === "DELETE_BY_TRANSFER").length === done,
    )
    await until(
      "the refusals too",
      () => events.filter((e) => field(e.xml, "FailReason") === "customer_refused").length === refused,
    )
  })
})

describe("what goes wrong with callbacks", () => {
  const kinds = () => events.map((e) => field(e.xml, "ExternalUserID"))

  it("loses them when told to, and the change stays", async () => {
    await s.control("faults", { callback: { lost: 1 } })
    const { scanned } = await scan({ state: "x", count: 3 })
    await until(
      "given up",
      async () => (await s.control<{ waiting: { events: number } }>("state")).waiting.events === 0,
    )
    expect(events).toHaveLength(0)
    expect(
      (await s.api("externalcontact/get", undefined, { external_userid: scanned[0]!.external_userid }))
        .errcode,
    ).toBe(0)
  })

  it("doubles them", async () => {
    await s.control("faults", { callback: { doubled: 1 } })
    await scan({ state: "x", count: 3 })
    await until("six", () => events.length === 6)
    expect(new Set(kinds()).size).toBe(3)
    expect(new Set(events.map((e) => e.xml)).size).toBe(3)
  })

  it("sends forged copies beside the true ones", async () => {
    await s.control("faults", { callback: { tampered: 1, wrong_receiver: 1 } })
    await scan({ state: "x" })
    await until("three", () => events.length === 3)
    expect(events.map((e) => e.verified)).toEqual([false, false, true])
  })

  it("brings them late or behind later ones, all of them in the end", async () => {
    await s.control("faults", { callback: { reordered: 0.5, late: 0.3, late_ms: 300 } })
    const { scanned } = await scan({ state: "x", count: 30 })
    await until("thirty", () => events.length === 30)
    const ids = scanned.map((p) => p.external_userid)
    expect(kinds()).not.toEqual(ids)
    expect(kinds().sort()).toEqual([...ids].sort())
  })

  it("tries again after a refusal, and not for ever", async () => {
    status = 500
    await scan({ state: "x" })
    await new Promise((done) => setTimeout(done, 100))
    status = 200
    await until("came after all", () => events.length === 1)
  })
})
