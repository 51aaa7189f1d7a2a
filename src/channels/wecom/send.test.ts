import { beforeEach, describe, expect, it } from "vitest"
import type { Channel, Delivery, Parcel } from "../protocol/index.ts"
import { wecomChannel } from "./channel.ts"
import { type Platform, testClient, testPlatform } from "./testkit/index.ts"

const NOW = new Date(1_767_225_600_000)
let now = NOW
let platform: Platform
let channel: Channel

beforeEach(async () => {
  now = NOW
  platform = await testPlatform()
  channel = wecomChannel({ client: testClient(platform.base), agent_id: 7, now: () => now })
})

const people = (...refs: string[]) => refs.map((ref, n) => ({ key: `k${n + 1}`, ref }))
const send = (recipients = people("wm1", "wm2"), text = "你好"): Parcel<"send_private"> => ({
  id: "p1",
  kind: "send_private",
  account_ref: "guide",
  recipients,
  payload: { content: { text } },
})
const deliver = async (parcel: Parcel) => (await channel.deliver(parcel)) as Delivery
const outcomes = async (parcel: Parcel) => (await deliver(parcel)).outcomes

describe("a mass send", () => {
  const add = "externalcontact/add_msg_template"
  it("asks one account to send to these people, and says who cannot be reached", async () => {
    platform.on(add, () => ({ msgid: "msg1", fail_list: ["wm2"] }))
    const parcel = send()
    parcel.payload.content.attachments = [
      { kind: "link", title: "t", url: "https://x.test", picture_url: "https://x.test/p" },
    ]
    expect(await deliver(parcel)).toEqual({
      task_ref: "msg1",
      outcomes: [
        { key: "k1", outcome: "accepted" },
        { key: "k2", outcome: "refused", failure: { class: "never", code: "unreachable" } },
      ],
    })
    expect(platform.calls.at(-1)!.body).toEqual({
      chat_type: "single",
      sender: "guide",
      external_userid: ["wm1", "wm2"],
      text: { content: "你好" },
      attachments: [
        { msgtype: "link", link: { title: "t", url: "https://x.test", picurl: "https://x.test/p" } },
      ],
    })
  })
  it("to nobody who can be reached is never, for each", async () => {
    platform.on(add, () => ({ errcode: 41048, fail_list: [] }))
    expect(await outcomes(send())).toMatchObject([
      { failure: { class: "never" } },
      { failure: { class: "never" } },
    ])
  })
  it.each([
    ["", [], "content_empty"],
    ["长".repeat(1_334), [], "text_too_long"],
    [
      "ok",
      Array.from({ length: 10 }, () => ({ kind: "file", media_ref: "m" }) as const),
      "too_many_attachments",
    ],
  ])("that the platform would refuse is not even tried", async (text, attachments, code) => {
    const parcel = send()
    parcel.payload.content = { text, attachments: [...attachments] }
    expect(await outcomes(parcel)).toMatchObject([
      { failure: { class: "fix", code } },
      { failure: { class: "fix" } },
    ])
    expect(platform.count(add)).toBe(0)
  })
  it("whose answer was lost is found among the tasks by words, sender and people", async () => {
    platform.on(add, () => "cut")
    expect(await outcomes(send())).toMatchObject([{ outcome: "unknown" }, { outcome: "unknown" }])
    expect(platform.count(add)).toBe(1)
    platform.on("externalcontact/get_groupmsg_list_v2", () => ({
      group_msg_list: [
        { msgid: "other-words", text: { content: "再见" } },
        { msgid: "other-sender", text: { content: "你好" } },
        { msgid: "other-people", text: { content: "你好" } },
        { msgid: "mine", text: { content: "你好" } },
      ],
    }))
    platform.on("externalcontact/get_groupmsg_task", ({ body }) => ({
      task_list: [{ userid: body.msgid === "other-sender" ? "somebody" : "guide", status: 0 }],
    }))
    platform.on("externalcontact/get_groupmsg_send_result", ({ body }) => ({
      send_list: [{ external_userid: body.msgid === "mine" ? "wm1" : "wm9", status: 0 }],
    }))
    expect(await channel.resolve(send(), NOW)).toMatchObject({
      known: true,
      delivery: { task_ref: "mine", outcomes: [{ outcome: "accepted" }, { outcome: "refused" }] },
    })
  })
  it("that is not among the tasks may be tried again, but not before the list can show it", async () => {
    platform.on("externalcontact/get_groupmsg_list_v2", () => ({ group_msg_list: [] }))
    expect(await channel.resolve(send(), NOW)).toMatchObject({ known: false })
    now = new Date(NOW.getTime() + 10 * 60_000)
    expect(await channel.resolve(send(), NOW)).toMatchObject({
      known: true,
      delivery: {
        outcomes: [{ outcome: "refused", failure: { class: "retry_later", code: "not_sent" } }, {}],
      },
    })
  })
  it("is reminded and taken back in the platform's limits", async () => {
    platform.on("externalcontact/remind_groupmsg_send", (_call, n) => (n > 3 ? { errcode: 41094 } : {}))
    for (let i = 0; i < 3; i++) expect(await channel.services.remind!("msg1")).toEqual({ reminded: true })
    expect(await channel.services.remind!("msg1")).toMatchObject({
      failure: { class: "wait_window", code: "41094" },
    })
    platform.on("externalcontact/cancel_groupmsg_send", (_call, n) => (n > 1 ? { errcode: 41093 } : {}))
    expect(await channel.services.cancel!("msg1")).toEqual({ cancelled: true })
    expect(await channel.services.cancel!("msg1")).toEqual({ cancelled: true })
  })
})

describe("receipts", () => {
  const task = {
    task_ref: "msg1",
    kind: "send_private",
    account_ref: "guide",
    refs: ["a", "b", "c", "d"],
  } as const
  const ask = () => channel.services.receipts!({ ...task, refs: [...task.refs] })
  it("tell sent to staff, confirmed, delivered, no friend and over quota apart", async () => {
    platform.on("externalcontact/get_groupmsg_task", () => ({ task_list: [{ userid: "guide", status: 0 }] }))
    platform.on("externalcontact/get_groupmsg_send_result", () => ({ send_list: [] }))
    expect(await ask()).toMatchObject({
      done: false,
      receipts: task.refs.map((ref) => ({ ref, state: "sent_to_staff" })),
    })
    const send_time = NOW.getTime() / 1000
    platform.on("externalcontact/get_groupmsg_task", () => ({
      task_list: [{ userid: "guide", status: 2, send_time }],
    }))
    platform.on("externalcontact/get_groupmsg_send_result", ({ body }) =>
      body.cursor
        ? {
            send_list: [
              { external_userid: "c", status: 3 },
              { external_userid: "d", status: 0 },
            ],
          }
        : {
            send_list: [
              { external_userid: "a", status: 1, send_time },
              { external_userid: "b", status: 2 },
            ],
            next_cursor: "2",
          },
    )
    const answer = await ask()
    expect(answer).toMatchObject({
      done: false,
      receipts: [
        { ref: "a", state: "delivered", at: NOW },
        { ref: "b", state: "not_friend" },
        { ref: "c", state: "over_quota" },
        { ref: "d", state: "confirmed" },
      ],
    })
  })
  it("asked too early say when to ask again, and those of a cancelled task are over", async () => {
    platform.on("externalcontact/get_groupmsg_task", () => ({ errcode: 41063 }))
    expect(await ask()).toMatchObject({ failure: { class: "retry_later", retry_after_ms: 3_000 } })
    platform.on("externalcontact/get_groupmsg_task", () => ({ errcode: 41093 }))
    expect(await ask()).toMatchObject({ done: true, receipts: [{ state: "cancelled" }, {}, {}, {}] })
  })
  it("of a group that was not chosen at sending are failed, a while after", async () => {
    const sent = { userid: "guide", status: 2, send_time: NOW.getTime() / 1000 }
    platform.on("externalcontact/get_groupmsg_task", () => ({ task_list: [sent] }))
    platform.on("externalcontact/get_groupmsg_send_result", () => ({
      send_list: [{ chat_id: "wr1", status: 1 }],
    }))
    const groups = () => channel.services.receipts!({ ...task, kind: "send_group", refs: ["wr1", "wr2"] })
    expect(await groups()).toMatchObject({
      done: false,
      receipts: [{ state: "delivered" }, { state: "confirmed" }],
    })
    now = new Date(NOW.getTime() + 11 * 60_000)
    expect(await groups()).toMatchObject({
      done: true,
      receipts: [{ state: "delivered" }, { state: "failed" }],
    })
  })
})

describe("a welcome", () => {
  const path = "externalcontact/send_welcome_msg"
  const welcome = (left_ms: number): Parcel => ({
    id: "p",
    kind: "welcome",
    account_ref: "guide",
    recipients: people("wm1"),
    payload: { code: "WC", expires_at: new Date(Date.now() + left_ms), content: { text: "欢迎" } },
  })
  it("that is late is missed without a call", async () => {
    expect(await outcomes(welcome(-1))).toMatchObject([
      { failure: { class: "never", code: "welcome_missed" } },
    ])
    expect(platform.count(path)).toBe(0)
  })
  it("that another app is just sending is tried again", async () => {
    platform.on(path, (_call, n) => (n === 1 ? { errcode: 41096 } : {}))
    expect(await outcomes(welcome(9_000))).toMatchObject([{ outcome: "accepted" }])
  })
  it.each([41050, 41051])("that the platform refuses with %i is never tried again", async (errcode) => {
    platform.on(path, () => ({ errcode }))
    expect(await outcomes(welcome(9_000))).toMatchObject([
      { failure: { class: "never", code: String(errcode) } },
    ])
    expect(platform.count(path)).toBe(1)
  })
  it("whose answer was lost went out where the platform then says that it did", async () => {
    platform.on(path, (_call, n) => (n === 1 ? "cut" : { errcode: 41051 }))
    expect(await outcomes(welcome(9_000))).toMatchObject([{ outcome: "accepted" }])
  })
})

describe("what is done to pairs", () => {
  it("runs side by side for different people, one after the other for the same", async () => {
    let running = 0
    let most = 0
    const open = new Set<unknown>()
    platform.on("externalcontact/mark_tag", async ({ body }) => {
      if (open.has(body.external_userid)) return { errcode: 45035 }
      open.add(body.external_userid)
      most = Math.max(most, ++running)
      await new Promise((resolve) => setTimeout(resolve, 30))
      running--
      open.delete(body.external_userid)
      return {}
    })
    const tag = (refs: string[]): Parcel => ({
      id: "p",
      kind: "tag",
      account_ref: "guide",
      recipients: people(...refs),
      payload: { add: ["et1"], remove: [] },
    })
    const both = await Promise.all([deliver(tag(["a", "b", "c"])), deliver(tag(["a", "b", "c"]))])
    expect(both.flatMap((delivery) => delivery.outcomes).every((o) => o.outcome === "accepted")).toBe(true)
    expect(platform.count("externalcontact/mark_tag")).toBe(6)
    expect(most).toBeGreaterThan(1)
  })
  it("fails for one person alone", async () => {
    platform.on("externalcontact/remark", ({ body }) =>
      body.external_userid === "wm2" ? { errcode: 84061 } : {},
    )
    const parcel: Parcel = {
      id: "p",
      kind: "remark",
      account_ref: "guide",
      recipients: people("wm1", "wm2"),
      payload: { remark: "王姐", mobiles: [] },
    }
    expect(await outcomes(parcel)).toMatchObject([
      { outcome: "accepted" },
      { failure: { class: "never", code: "84061" } },
    ])
    expect(platform.calls.at(-1)!.body).toMatchObject({ remark: "王姐", remark_mobiles: [""] })
    expect(await outcomes({ ...parcel, payload: {} })).toMatchObject([
      { failure: { code: "remark_empty" } },
      {},
    ])
    const long = { ...parcel, payload: { remark: "长".repeat(21) } }
    expect(await outcomes(long)).toMatchObject([{ failure: { code: "remark_too_long" } }, {}])
  })
})

describe("staff and handovers", () => {
  it("staff who cannot be reached are told apart, whatever the case of their ids", async () => {
    platform.on("message/send", () => ({ invaliduser: "lin|ghost", msgid: "m" }))
    const parcel: Parcel = {
      id: "p",
      kind: "notify_staff",
      account_ref: "",
      recipients: people("Lin", "wang"),
      payload: {
        content: { text: "待办", attachments: [{ kind: "link", title: "看", url: "https://x.test" }] },
      },
    }
    expect(await outcomes(parcel)).toMatchObject([{ failure: { class: "never" } }, { outcome: "accepted" }])
    expect(platform.calls.at(-1)!.body).toMatchObject({
      touser: "Lin|wang",
      agentid: 7,
      text: { content: "待办\n看 https://x.test" },
      enable_duplicate_check: 1,
    })
  })
  it("without an app number it cannot write to staff, and says so", () => {
    const without = wecomChannel({ client: testClient(platform.base), now: () => now })
    expect(without.can("notify_staff")).toBe(false)
    expect(channel.can("kick") || channel.can("announce") || channel.can("read_group_messages")).toBe(false)
  })
  it("each customer of a handover has an outcome of their own", async () => {
    platform.on("externalcontact/transfer_customer", () => ({
      customer: [
        { external_userid: "wm1", errcode: 0 },
        { external_userid: "wm2", errcode: 40128 },
        { external_userid: "wm3", errcode: 84061 },
      ],
    }))
    const parcel: Parcel = {
      id: "p",
      kind: "transfer_customer",
      account_ref: "old",
      recipients: people("wm1", "wm2", "wm3"),
      payload: { to_account_ref: "new", resigned: false },
    }
    expect(await outcomes(parcel)).toMatchObject([
      { outcome: "accepted" },
      { failure: { class: "wait_window", code: "40128" } },
      { failure: { class: "never", code: "84061" } },
    ])
  })
})

describe("codes, tags and media", () => {
  it("a contact code keeps who is behind it and where it stands", async () => {
    platform.on("externalcontact/add_contact_way", () => ({ config_id: "cw1", qr_code: "https://qr.test/1" }))
    const ways = channel.services.contact_way!
    const wish = { account_refs: ["a", "b"], state: "store_12", skip_verify: true }
    expect(await ways.create(wish)).toEqual({
      way_ref: "cw1",
      url: "https://qr.test/1",
      ...{ account_refs: ["a", "b"], state: "store_12" },
    })
    expect(platform.calls.at(-1)!.body).toMatchObject({
      type: 2,
      scene: 2,
      state: "store_12",
      user: ["a", "b"],
    })
    expect(await ways.create({ ...wish, state: "长".repeat(31) })).toMatchObject({
      failure: { code: "state_too_long" },
    })
    expect(await ways.create({ ...wish, account_refs: [] })).toMatchObject({
      failure: { code: "contact_way_users" },
    })
    platform.on("externalcontact/del_contact_way", () => ({ errcode: 41044 }))
    expect(await ways.remove("gone")).toMatchObject({ failure: { code: "41044" } })
  })
  it("tags that are there already are found, only the others are made", async () => {
    platform.on("externalcontact/get_corp_tag_list", () => ({
      tag_group: [{ group_id: "g", group_name: "阶段", order: 0, tag: [{ id: "et1", name: "新客" }] }],
    }))
    platform.on("externalcontact/add_corp_tag", () => ({ tag_group: { tag: [{ id: "et2", name: "老客" }] } }))
    const tags = channel.services.tag_catalogue!
    expect(await tags.create("阶段", ["新客", "老客"])).toEqual({
      group_ref: "g",
      tag_refs: { 新客: "et1", 老客: "et2" },
      made: ["老客"],
    })
    expect(platform.calls.at(-1)!.body).toEqual({ group_name: "阶段", tag: [{ name: "老客" }] })
    expect(await tags.create("阶段", ["长".repeat(31)])).toMatchObject({ failure: { code: "tag_name" } })
  })
  it("a picture is uploaded as the platform wants it, and has its end", async () => {
    platform.on("media/upload", ({ raw, query }) => {
      expect(raw).toContain('name="media"; filename="海报.png"')
      return { type: query.get("type"), media_id: "m1", created_at: "1767225600" }
    })
    const media = channel.services.media!
    expect(await media({ kind: "image", name: "海报.png", bytes: new Uint8Array(9) })).toEqual({
      media_ref: "m1",
      expires_at: new Date(NOW.getTime() + 3 * 86_400_000),
    })
    expect(await media({ kind: "image", name: "x", bytes: new Uint8Array(3) })).toMatchObject({
      failure: { class: "fix" },
    })
  })
})
