import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type Hand, openTestSandbox } from "../testkit.ts"

let s: Hand
beforeAll(async () => {
  s = await openTestSandbox({ SANDBOX_SYSTEM_URL: "http://127.0.0.1:9/" })
})
afterAll(() => s.end())

const ask = (over: Record<string, string> = {}) => {
  const query = new URLSearchParams({
    appid: s.config.corp_id,
    redirect_uri: "http://127.0.0.1:9/sidebar?x=1",
    response_type: "code",
    scope: "snsapi_base",
    state: "s1",
    agentid: String(s.config.agent_id),
    ...over,
  })
  return s.raw(`/connect/oauth2/authorize?${query}`, { redirect: "manual" })
}

describe("pages inside the client", () => {
  it("tickets are two, come again while they are good, and end", async () => {
    const corp = async () => (await s.api("get_jsapi_ticket")).ticket
    const agent = async () => (await s.api("ticket/get", undefined, { type: "agent_config" })).ticket
    const [first, second] = [await corp(), await agent()]
    expect(first).not.toBe(second)
    expect([await corp(), await agent()]).toEqual([first, second])
    expect((await s.api("ticket/get", undefined, { type: "wx_card" })).errcode).toBe(40058)
    await s.step(7_200_000)
    s.forgetToken()
    expect(await corp()).not.toBe(first)
  })

  it("a member is chosen, the page comes back with a code, and the code is good once", async () => {
    const choice = await ask()
    expect(choice.status).toBe(200)
    expect(await choice.text()).toContain("林晓")
    const back = new URL((await ask({ as: "lin_xiao" })).headers.get("location") ?? "")
    expect([back.pathname, back.searchParams.get("x"), back.searchParams.get("state")]).toEqual([
      "/sidebar",
      "1",
      "s1",
    ])
    const code = back.searchParams.get("code") ?? ""
    expect(await s.api("auth/getuserinfo", undefined, { code })).toMatchObject({ userid: "lin_xiao" })
    expect((await s.api("auth/getuserinfo", undefined, { code })).errcode).toBe(40029)
  })

  it("a code is dead after five minutes, and no other page, corp or application is given one", async () => {
    const back = new URL((await ask({ as: "lin_xiao" })).headers.get("location") ?? "")
    await s.step(300_000)
    const code = back.searchParams.get("code") ?? ""
    expect((await s.api("auth/getuserinfo", undefined, { code })).errcode).toBe(40029)
    const wrong: Record<string, string>[] = [
      { redirect_uri: "https://elsewhere.test/sidebar" },
      { redirect_uri: "no address" },
      { appid: "ww1" },
      { agentid: "7" },
      { as: "<script>" },
    ]
    for (const over of wrong) expect((await ask(over)).status, JSON.stringify(over)).toBe(400)
  })
})

describe("a chat", () => {
  it("holds what both wrote in its order; nothing is written to who is no friend any more", async () => {
    const [external_userid = ""] = (
      (await s.api("externalcontact/list", undefined, { userid: "hm_ip_01" })) as unknown as {
        external_userid: string[]
      }
    ).external_userid
    const pair = { userid: "hm_ip_01", external_userid }
    await s.control("staff/chat", { ...pair, text: "您好" })
    await s.control("staff/chat", { ...pair, text: "在的", by: "customer" })
    const read = () => s.control<{ friend: string; said: object[] }>(`chat?${new URLSearchParams(pair)}`)
    expect(await read()).toMatchObject({
      friend: "yes",
      said: [
        { by: "member", text: "您好" },
        { by: "customer", text: "在的" },
      ],
    })
    await s.control("delete", pair)
    expect(await s.control("staff/chat", { ...pair, text: "还在吗" })).toMatchObject({
      status: 409,
      refused: "not_a_friend",
    })
    expect(await read()).toMatchObject({ friend: "gone", said: [{}, {}] })
  })
})
