import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type Hand, openTestSandbox } from "../testkit.ts"

let s: Hand
beforeAll(async () => {
  s = await openTestSandbox()
})
afterAll(() => s.end())

type Sent = { errcode: number; msgid: string; fail_list: string[] }
type Result = {
  send_list: { external_userid?: string; chat_id?: string; status: number; send_time?: number }[]
  next_cursor: string
}
const send = async (body: object) =>
  (await s.api("externalcontact/add_msg_template", {
    text: { content: "今晚八点" },
    ...body,
  })) as unknown as Sent
const results = async (msgid: string, userid: string, more: object = {}) =>
  (await s.api("externalcontact/get_groupmsg_send_result", {
    msgid,
    userid,
    ...more,
  })) as unknown as Result & { errcode: number }
const tasks = async (msgid: string) =>
  (await s.api("externalcontact/get_groupmsg_task", { msgid })) as unknown as {
    errcode: number
    task_list: { userid: string; status: number }[]
  }
const customers = async (userid: string) =>
  ((await s.api("externalcontact/list", undefined, { userid })) as unknown as { external_userid: string[] })
    .external_userid

describe("mass sends", () => {
  it("is a task that waits for the member, whose results come only after send is pressed", async () => {
    const ids = (await customers("hm_ip_01")).slice(0, 20)
    const { msgid, fail_list } = await send({ external_userid: [...ids, "wmNobody"], sender: "hm_ip_01" })
    expect(fail_list).toContain("wmNobody")
    expect((await tasks(msgid)).errcode).toBe(41063)
    await s.step(2_000)
    expect((await tasks(msgid)).task_list).toEqual([{ userid: "hm_ip_01", status: 0 }])
    expect((await results(msgid, "hm_ip_01")).send_list.every((r) => r.status === 0)).toBe(true)
    await s.control("delete", { external_userid: ids[0], userid: "hm_ip_01" })
    await s.control("staff/press-send", { msgid })
    expect((await tasks(msgid)).task_list).toMatchObject([{ status: 2 }])
    const rows = (await results(msgid, "hm_ip_01")).send_list
    expect(rows.find((r) => r.external_userid === ids[0])?.status).toBe(2)
    expect(rows.filter((r) => r.status === 1).length).toBeGreaterThan(15)
    expect(await s.control("staff/press-send", { msgid })).toMatchObject({ pressed: [] })
  })

  it("pages through the results", async () => {
    const { msgid } = await send({ sender: "hm_ip_01" })
    await s.step(2_000)
    const all = (await results(msgid, "hm_ip_01", { limit: 1000 })).send_list.map((r) => r.external_userid)
    const seen: unknown[] = []
    let cursor = ""
    do {
      const page = await results(msgid, "hm_ip_01", { limit: 50, cursor })
      seen.push(...page.send_list.map((r) => r.external_userid))
      cursor = page.next_cursor
    } while (cursor !== "")
    expect(seen).toEqual(all)
    expect(all.length).toBeGreaterThan(100)
  })

  it("gives no customer more in a month than the month has days", async () => {
    const own = await openTestSandbox()
    const { external_userid } = (await own.api("externalcontact/list", undefined, {
      userid: "hm_member_01",
    })) as unknown as { external_userid: string[] }
    const id = external_userid.slice(-1)
    const statuses: number[] = []
    for (let i = 0; i < 33; i++) {
      const made = (await own.api("externalcontact/add_msg_template", {
        external_userid: id,
        sender: "hm_member_01",
        text: { content: `${i}` },
      })) as unknown as Sent
      await own.step(2_000)
      await own.control("staff/press-send", { msgid: made.msgid })
      const rows = (await own.api("externalcontact/get_groupmsg_send_result", {
        msgid: made.msgid,
        userid: "hm_member_01",
      })) as unknown as Result
      statuses.push(rows.send_list[0]!.status)
    }
    expect(statuses).toEqual([...Array<number>(31).fill(1), 3, 3])
    await own.end()
  })

  it("goes to a member's own groups, told only once they are sent", async () => {
    const { groups } = await s.control<{ groups: { chat_id: string; owner: string }[] }>("groups")
    const own = groups.filter((g) => g.owner === "hm_ip_01").map((g) => g.chat_id)
    const others = groups.filter((g) => g.owner !== "hm_ip_01").map((g) => g.chat_id)
    const { msgid, fail_list } = await send({
      chat_type: "group",
      sender: "hm_ip_01",
      chat_id_list: [...own, ...others],
    })
    expect(fail_list.sort()).toEqual(others.sort())
    await s.step(2_000)
    expect((await results(msgid, "hm_ip_01")).send_list).toEqual([])
    await s.control("staff/press-send", { msgid })
    const rows = (await results(msgid, "hm_ip_01")).send_list
    expect(rows.map((r) => r.chat_id).sort()).toEqual(own.sort())
    expect(rows.every((r) => r.external_userid === undefined && r.status === 1)).toBe(true)
  })

  it("refuses what nobody can get, reminders beyond three a day, and anything after it was cancelled", async () => {
    expect((await send({ external_userid: ["wmNobody"] })).errcode).toBe(41048)
    expect((await send({ text: { content: "" }, sender: "hm_ip_01" })).errcode).toBe(44004)
    expect((await send({ text: { content: "字".repeat(1334) }, sender: "hm_ip_01" })).errcode).toBe(45002)
    expect(
      (
        await send({
          sender: "hm_ip_01",
          attachments: [{ msgtype: "image", image: { media_id: "made-up" } }],
        })
      ).errcode,
    ).toBe(40007)
    const { msgid } = await send({ sender: "hm_sales_01" })
    const remind = async () => (await s.api("externalcontact/remind_groupmsg_send", { msgid })).errcode
    expect([await remind(), await remind(), await remind(), await remind()]).toEqual([0, 0, 0, 41094])
    const cancel = async () => (await s.api("externalcontact/cancel_groupmsg_send", { msgid })).errcode
    expect([await cancel(), await cancel(), await remind()]).toEqual([0, 41093, 41093])
    expect(await s.control("staff/press-send", { msgid })).toMatchObject({ pressed: [] })
  })

  it("is pressed by most members on their own, and some answer by buying", async () => {
    const live = await openTestSandbox({ SANDBOX_SEED: "buyers", SANDBOX_SIZE: "600" })
    const made = (await live.api("externalcontact/add_msg_template", {
      sender: "hm_ip_01",
      text: { content: "看看 https://shop.example/l/C0DE" },
    })) as unknown as Sent
    await live.api("externalcontact/remind_groupmsg_send", { msgid: made.msgid })
    await live.step(3_600_000)
    const { orders } = await live.control<{ orders: { source_code?: string }[] }>("orders")
    expect(orders.length).toBeGreaterThan(3)
    expect(orders.every((o) => o.source_code === "C0DE")).toBe(true)
    await live.end()
  })

  it("publishes moments through the same hands, and its job goes from started to done", async () => {
    const { jobid } = (await s.api("externalcontact/add_moment_task", {
      text: { content: "新品" },
    })) as unknown as { jobid: string }
    const result = async () =>
      (await s.api("externalcontact/get_moment_task_result", undefined, { jobid })) as unknown as {
        status: number
        result: { moment_id: string }
      }
    expect((await result()).status).toBe(1)
    await s.step(3_000)
    const { status, result: done } = await result()
    expect(status).toBe(3)
    await s.control("staff/publish", { moment_id: done.moment_id })
    const task = (await s.api("externalcontact/get_moment_task", {
      moment_id: done.moment_id,
    })) as unknown as { task_list: { publish_status: number }[] }
    expect(task.task_list.length).toBeGreaterThan(3)
    expect(task.task_list.every((t) => t.publish_status === 1)).toBe(true)
    await s.step(3_600_000)
    const comments = await s.api("externalcontact/get_moment_comments", {
      moment_id: done.moment_id,
      userid: "hm_ip_01",
    })
    expect((comments as unknown as { like_list: unknown[] }).like_list.length).toBeGreaterThan(0)
  })
})
