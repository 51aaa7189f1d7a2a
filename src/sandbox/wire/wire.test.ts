import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type Hand, openTestSandbox } from "../testkit.ts"

let s: Hand
beforeAll(async () => {
  s = await openTestSandbox()
})
afterAll(() => s.end())

const get = async (path: string, init?: RequestInit) => {
  const answer = await s.raw(path, init)
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}
type List = { external_userid: string[] }
const customers = async (userid = "hm_ip_01") =>
  (await s.api("externalcontact/list", undefined, { userid })) as unknown as List

describe("tokens", () => {
  it("checks the arguments in the platform's order", async () => {
    const codes = []
    for (const query of [
      "",
      "?corpid=ww",
      "?corpsecret=x",
      "?corpid=ww&corpsecret=x",
      `?corpid=${s.config.corp_id}&corpsecret=x`,
    ]) {
      codes.push((await get(`/cgi-bin/gettoken${query}`)).body.errcode)
    }
    expect(codes).toEqual([41004, 41004, 41002, 40013, 40001])
  })

  it("answers 200 with the code and the empty arrays of the api, and 404 with nothing for an unknown path", async () => {
    const path = "/cgi-bin/externalcontact/list"
    expect(await get(`${path}?userid=hm_ip_01`)).toMatchObject({
      status: 200,
      body: { errcode: 41001, external_userid: [] },
    })
    expect((await get(`${path}?access_token=made-up`)).body).toMatchObject({
      errcode: 40014,
      errmsg: "invalid access_token",
    })
    const headers = { authorization: "Bearer x", "content-type": "text/plain" }
    const body = JSON.stringify({ access_token: "x" })
    expect(
      (await get("/cgi-bin/externalcontact/batch/get_by_user", { method: "POST", headers, body })).body
        .errcode,
    ).toBe(41001)
    const unknown = await s.raw("/cgi-bin/externalcontact/no_such_thing")
    expect([unknown.status, await unknown.text()]).toEqual([404, ""])
  })

  it("gives the same token inside its validity, and says expired and unknown apart", async () => {
    const own = await openTestSandbox()
    const ask = async () =>
      (await (
        await own.raw(`/cgi-bin/gettoken?corpid=${own.config.corp_id}&corpsecret=${own.config.secret}`)
      ).json()) as { access_token: string }
    const first = (await ask()).access_token
    expect((await ask()).access_token).toBe(first)
    expect((await own.api("externalcontact/get_follow_user_list")).errcode).toBe(0)
    await own.step(7_000_000)
    const second = (await ask()).access_token
    expect(second).not.toBe(first)
    expect((await own.api("externalcontact/get_follow_user_list")).errcode).toBe(0)
    await own.step(300_000)
    expect((await own.api("externalcontact/get_follow_user_list")).errcode).toBe(42001)
    await own.control("token/invalidate", {})
    expect((await own.api("externalcontact/get_follow_user_list")).errcode).toBe(40014)
    await own.end()
  })

  it("bans whoever tries wrong secrets again and again, for an hour", async () => {
    const own = await openTestSandbox()
    const wrong = async (secret: string) =>
      (
        (await (
          await own.raw(`/cgi-bin/gettoken?corpid=${own.config.corp_id}&corpsecret=${secret}`)
        ).json()) as { errcode: number }
      ).errcode
    for (let i = 0; i < 20; i++) expect(await wrong("x")).toBe(40001)
    expect(await wrong(own.config.secret)).toBe(45009)
    await own.step(3_600_001)
    expect(await wrong(own.config.secret)).toBe(0)
    await own.end()
  })
})

describe("arguments", () => {
  it("parses the body whatever its content type, and says when it is no JSON", async () => {
    const asked = await s.raw(`/cgi-bin/gettoken?corpid=${s.config.corp_id}&corpsecret=${s.config.secret}`)
    const { access_token } = (await asked.json()) as { access_token: string }
    const path = `/cgi-bin/externalcontact/groupchat/list?access_token=${access_token}`
    const headers = { "content-type": "application/x-www-form-urlencoded" }
    expect((await get(path, { method: "POST", headers, body: '{"limit":2}' })).body.errcode).toBe(0)
    expect((await get(path, { method: "POST", headers, body: '{"limit":' })).body.errcode).toBe(40058)
    expect((await s.api("externalcontact/mark_tag", { userid: "hm_ip_01" })).errcode).toBe(41035)
    expect((await s.api("externalcontact/get_contact_way", {})).errcode).toBe(41043)
    expect((await s.api("externalcontact/groupchat/list", { limit: "many" })).errcode).toBe(40058)
    expect((await s.api("externalcontact/groupchat/list")).errcode).toBe(40058)
  })
})

describe("customers", () => {
  it("pages through a member's customers by opaque cursors and meets each once", async () => {
    const { external_userid } = await customers()
    const seen: string[] = []
    let cursor = ""
    do {
      const page = (await s.api("externalcontact/batch/get_by_user", {
        userid_list: ["hm_ip_01"],
        cursor,
        limit: 37,
      })) as unknown as {
        external_contact_list: {
          external_contact: { external_userid: string }
          follow_info: { userid: string; tag_id: string[] }
        }[]
        next_cursor: string
      }
      expect(page.external_contact_list.every((c) => c.follow_info.userid === "hm_ip_01")).toBe(true)
      seen.push(...page.external_contact_list.map((c) => c.external_contact.external_userid))
      cursor = page.next_cursor
    } while (cursor !== "")
    expect(seen).toEqual(external_userid)
    expect(seen.length).toBeGreaterThan(100)
    const bad = await s.api("externalcontact/batch/get_by_user", {
      userid_list: ["hm_ip_01"],
      cursor: "made-up",
    })
    expect(bad).toMatchObject({ errcode: 50100, external_contact_list: [] })
  })

  it("tells a stranger from a person without relation, and finds people by unionid", async () => {
    const [id = ""] = (await customers()).external_userid
    expect((await s.api("externalcontact/get", undefined, { external_userid: "wmNobody" })).errcode).toBe(
      40096,
    )
    const strangers = (
      await s.api("externalcontact/mark_tag", { userid: "liang_yan", external_userid: id, add_tag: ["x"] })
    ).errcode
    expect(strangers).toBe(84061)
    const got = (await s.api("externalcontact/get", undefined, { external_userid: id })) as unknown as {
      external_contact: { unionid: string }
    }
    const found = await s.api("externalcontact/unionid_to_external_userid", {
      unionid: got.external_contact.unionid,
    })
    expect(found.external_userid).toBe(id)
  })

  it("keeps remarks and tags of the member who set them, and refuses what is too long", async () => {
    const [id = ""] = (await customers()).external_userid
    const pair = { userid: "hm_ip_01", external_userid: id }
    expect((await s.api("externalcontact/remark", pair)).errcode).toBe(40058)
    expect((await s.api("externalcontact/remark", { ...pair, remark: "字".repeat(21) })).errcode).toBe(40058)
    expect(
      (await s.api("externalcontact/remark", { ...pair, remark: "王宝妈", remark_mobiles: ["15400000001"] }))
        .errcode,
    ).toBe(0)
    const made = (await s.api("externalcontact/add_corp_tag", {
      group_name: "测试组",
      tag: [{ name: "甲" }, { name: "甲" }, { name: "乙" }],
    })) as unknown as { tag_group: { group_id: string; tag: { id: string }[] } }
    expect(made.tag_group.tag).toHaveLength(2)
    const [jia = "", yi = ""] = made.tag_group.tag.map((t) => t.id)
    expect((await s.api("externalcontact/mark_tag", { ...pair, add_tag: [jia, yi] })).errcode).toBe(0)
    expect((await s.api("externalcontact/mark_tag", { ...pair, remove_tag: [yi] })).errcode).toBe(0)
    const shown = (await s.api("externalcontact/get", undefined, { external_userid: id })) as unknown as {
      follow_user: {
        userid: string
        remark: string
        remark_mobiles: string[]
        tags: { tag_id: string; group_name: string }[]
      }[]
    }
    const mine = shown.follow_user.find((f) => f.userid === "hm_ip_01")
    expect(mine).toMatchObject({ remark: "王宝妈", remark_mobiles: ["15400000001"] })
    expect(mine?.tags.map((t) => t.tag_id)).toContain(jia)
    expect(mine?.tags.map((t) => t.tag_id)).not.toContain(yi)
    await s.api("externalcontact/del_corp_tag", { tag_id: [jia, yi] })
    const groups = (await s.api("externalcontact/get_corp_tag_list", {
      group_id: [made.tag_group.group_id],
    })) as unknown as { tag_group: unknown[] }
    expect(groups.tag_group).toEqual([])
  })

  it("lets an app change only the tags that it made", async () => {
    const all = (await s.api("externalcontact/get_corp_tag_list", {})) as unknown as {
      tag_group: { group_id: string; group_name: string; tag: { id: string }[] }[]
    }
    const persona = all.tag_group.find((g) => g.group_name === "人群")!
    expect(
      (await s.api("externalcontact/edit_corp_tag", { id: persona.tag[0]!.id, name: "x" })).errcode,
    ).toBe(48002)
    expect((await s.api("externalcontact/del_corp_tag", { group_id: [persona.group_id] })).errcode).toBe(
      48002,
    )
  })
})

describe("codes", () => {
  it("keeps a contact way as asked, by pages, and forgets a deleted one", async () => {
    const ways: string[] = []
    for (let i = 0; i < 5; i++) {
      const made = await s.api("externalcontact/add_contact_way", {
        type: 1,
        scene: 2,
        user: ["hm_ip_01"],
        state: `s${i}`,
      })
      expect(made).toMatchObject({ errcode: 0, qr_code: expect.stringContaining("https://") })
      ways.push(String(made.config_id))
    }
    expect(
      (await s.api("externalcontact/get_contact_way", { config_id: ways[0] })).contact_way,
    ).toMatchObject({ state: "s0", skip_verify: true, user: ["hm_ip_01"] })
    const first = (await s.api("externalcontact/list_contact_way", { limit: 3 })) as unknown as {
      contact_way: unknown[]
      next_cursor: string
    }
    const rest = (await s.api("externalcontact/list_contact_way", {
      limit: 3,
      cursor: first.next_cursor,
    })) as unknown as { contact_way: unknown[]; next_cursor: string }
    expect([first.contact_way.length, rest.contact_way.length, rest.next_cursor]).toEqual([3, 2, ""])
    await s.api("externalcontact/update_contact_way", { config_id: ways[0], state: "neu" })
    expect(
      (await s.api("externalcontact/get_contact_way", { config_id: ways[0] })).contact_way,
    ).toMatchObject({ state: "neu" })
    await s.api("externalcontact/del_contact_way", { config_id: ways[0] })
    expect((await s.api("externalcontact/get_contact_way", { config_id: ways[0] })).errcode).toBe(41044)
  })

  it("refuses a way to nobody, to two by type 1, to one who serves no customers, or with too long a state", async () => {
    const add = async (body: object) =>
      (await s.api("externalcontact/add_contact_way", { type: 1, scene: 2, user: ["hm_ip_01"], ...body }))
        .errcode
    expect(await add({ user: [] })).toBe(40063)
    expect(await add({ user: ["hm_ip_01", "hm_sales_01"] })).toBe(40058)
    expect(await add({ user: ["song_yu"] })).toBe(41054)
    expect(await add({ state: "x".repeat(31) })).toBe(40058)
    expect(await add({ type: 3 })).toBe(41039)
  })
})

describe("groups and the directory", () => {
  it("shows each group with members, versions and names on demand", async () => {
    const list = (await s.api("externalcontact/groupchat/list", { limit: 1000 })) as unknown as {
      group_chat_list: { chat_id: string }[]
    }
    expect(list.group_chat_list).toHaveLength(8)
    const chat_id = list.group_chat_list[0]!.chat_id
    type Chat = {
      group_chat: { member_version: string; member_list: { type: number; name?: string; unionid?: string }[] }
    }
    const bare = (await s.api("externalcontact/groupchat/get", { chat_id })) as unknown as Chat
    const named = (await s.api("externalcontact/groupchat/get", { chat_id, need_name: 1 })) as unknown as Chat
    expect(bare.group_chat.member_version).toMatch(/^[0-9a-f]{32}$/)
    expect(bare.group_chat.member_list.some((m) => m.name)).toBe(false)
    expect(named.group_chat.member_list.every((m) => m.name)).toBe(true)
    expect(bare.group_chat.member_list.filter((m) => m.type === 2).every((m) => m.unionid)).toBe(true)
  })

  it("tells the functional accounts by their positions", async () => {
    const list = (await s.api("user/list", undefined, {
      department_id: "1",
      fetch_child: "1",
    })) as unknown as { userlist: { position: string }[] }
    expect(list.userlist).toHaveLength(10)
    expect(list.userlist.map((u) => u.position)).toEqual(
      expect.arrayContaining(["IP号", "成交号", "会员号", "代理号", "操盘手"]),
    )
    expect((await s.api("department/list")).department).toHaveLength(5)
    expect(await s.api("user/get", undefined, { userid: "nobody" })).toMatchObject({
      errcode: 60111,
      department: [],
    })
  })

  it("sends an app message to those it finds and names the others", async () => {
    const send = (body: object) =>
      s.api("message/send", {
        msgtype: "text",
        agentid: s.config.agent_id,
        text: { content: "待办" },
        ...body,
      })
    expect(await send({ touser: "liang_yan|Nobody" })).toMatchObject({ errcode: 0, invaliduser: "nobody" })
    expect((await send({ touser: "nobody" })).errcode).toBe(81013)
    expect((await send({})).errcode).toBe(82001)
    expect((await send({ touser: "liang_yan", agentid: 1 })).errcode).toBe(301002)
  })

  it("takes an upload and tells its time as text", async () => {
    const form = new FormData()
    form.set("media", new Blob(["a picture, more than five bytes"]), "a.png")
    const { access_token } = (await (
      await s.raw(`/cgi-bin/gettoken?corpid=${s.config.corp_id}&corpsecret=${s.config.secret}`)
    ).json()) as { access_token: string }
    const answer = await s.raw(`/cgi-bin/media/upload?access_token=${access_token}&type=image`, {
      method: "POST",
      body: form,
    })
    expect(await answer.json()).toMatchObject({
      errcode: 0,
      type: "image",
      created_at: expect.stringMatching(/^\d+$/),
    })
  })
})

describe("weather", () => {
  it("injects errors as often as told, counts the windows and comes back", async () => {
    await s.control("faults", {
      api: { errors: [{ path: "/cgi-bin/externalcontact/get_follow_user_list", errcode: -1, times: 2 }] },
    })
    const codes = []
    for (let i = 0; i < 3; i++) codes.push((await s.api("externalcontact/get_follow_user_list")).errcode)
    expect(codes).toEqual([-1, -1, 0])
    await s.control("faults", { reset: true, api: { per_minute: 3 } })
    const limited = []
    for (let i = 0; i < 5; i++) limited.push((await s.api("department/simplelist")).errcode)
    expect(limited).toEqual([0, 0, 0, 45009, 45009])
    await s.step(60_000)
    expect((await s.api("department/simplelist")).errcode).toBe(0)
    await s.control("faults", { reset: true })
  })

  it("refuses the same pair twice at once and too many at once", async () => {
    const [id = ""] = (await customers()).external_userid
    const tag = (await s.api("externalcontact/add_corp_tag", {
      group_name: "并发",
      tag: [{ name: "一" }],
    })) as unknown as { tag_group: { tag: { id: string }[] } }
    await s.control("faults", { api: { latency_ms: 50, max_concurrent: 3 } })
    const mark = () =>
      s.api("externalcontact/mark_tag", {
        userid: "hm_ip_01",
        external_userid: id,
        add_tag: [tag.tag_group.tag[0]!.id],
      })
    const codes = (await Promise.all([mark(), mark()])).map((a) => a.errcode)
    expect(codes.sort()).toEqual([0, 45035])
    const many = await Promise.all(Array.from({ length: 5 }, () => s.api("department/list")))
    expect(many.filter((a) => a.errcode === 45033)).toHaveLength(2)
    await s.control("faults", { reset: true, api: { down: true } })
    await expect(s.api("department/list")).rejects.toThrow()
    await s.control("faults", { reset: true })
  })

  it("lets nobody steer without the token", async () => {
    expect((await s.raw("/sandbox/state")).status).toBe(401)
    expect((await s.raw("/sandbox/state", { headers: { authorization: "Bearer no" } })).status).toBe(401)
    expect((await s.control("nothing")).status).toBe(404)
    expect((await s.control("scan", { count: 100_000 })).status).toBe(400)
    expect(await s.control("buy", { external_userid: "wmX" })).toMatchObject({
      status: 409,
      refused: "no_such_person",
    })
  })
})
