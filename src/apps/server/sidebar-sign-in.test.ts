import { describe, expect, it } from "vitest"
import { pageSignature } from "../../channels/wecom/crypto.ts"
import { rows } from "../../platform/db.ts"
import { AGENT, openSidebar, PAGE } from "./sidebar.test-kit.ts"

const beside = openSidebar()
const { call, bearer } = beside

describe("signing in by WeCom's word", () => {
  const door = async () => {
    const answer = await call(null, "GET", `/api/sidebar/door?back=${encodeURIComponent(PAGE)}`)
    const url = new URL((answer.json() as { authorize_url: string }).authorize_url)
    return { url, state: url.searchParams.get("state") ?? "", cookie: answer.cookies[0]! }
  }
  const enter = async (ref: object, over: { state?: string; cookie?: string } = {}) => {
    beside.platform.on("auth/getuserinfo", () => ({ ...ref }))
    const { state, cookie } = await door()
    return call(
      null,
      "POST",
      "/api/sidebar/session",
      { code: "c", state: over.state ?? state },
      { cookie: over.cookie ?? `${cookie.name}=${cookie.value}` },
    )
  }

  it("leads to the platform with our page's address and a state that only this browser's cookie knows", async () => {
    const { url, cookie, state } = await door()
    expect(url.origin).toBe("https://open.weixin.qq.com")
    expect(url.searchParams.get("redirect_uri")).toBe(PAGE)
    expect(cookie).toMatchObject({ value: state, httpOnly: true, sameSite: "Lax" })
    for (const back of [
      "https://crm.example.test/customers",
      "https://crm.example.test.evil.test/sidebar",
      "https://crm.example.test@evil.test/sidebar",
      "http://evil.test/sidebar",
      "javascript:alert(1)",
      "sidebar",
    ])
      expect(
        (await call(null, "GET", `/api/sidebar/door?back=${encodeURIComponent(back)}`)).json(),
      ).toMatchObject({ code: "invalid_input", field: "back" })
  })

  it("opens a session for a member of staff, and the audit has a line of it", async () => {
    const answer = await enter({ userid: "lin" })
    expect(answer.json()).toMatchObject({ user: { name: "林晓", role: "operator", scope: "own" } })
    const session = answer.cookies.find((c) => c.name === "siyu_session")!
    const page = await beside.app.inject({
      method: "GET",
      url: "/api/sidebar?external_userid=wm_mine",
      headers: { cookie: `siyu_session=${session.value}` },
    })
    expect(page.json()).toMatchObject({ state: "known" })
    const kept = await rows(beside.db, "select from platform_audit where action = 'sidebar.sign_in'", [])
    expect(kept).toHaveLength(1)
  })

  it.each([
    ["somebody who is no member", { openid: "o1" }, "not_a_member"],
    ["a member whom nobody here knows", { userid: "stranger" }, "unknown_staff"],
    ["a member whose access was switched off", { userid: "gone" }, "staff_disabled"],
    ["a functional account, which is nobody", { userid: "hm_sales_01" }, "functional_account"],
    ["a code that is spent", { errcode: 40029 }, "code_spent"],
    ["a platform that refuses us", { errcode: 48002 }, "client_silent"],
  ])("refuses %s, in a sentence, without a session", async (_, told, code) => {
    const answer = await enter(told)
    expect(answer.json()).toMatchObject({ code })
    expect(answer.cookies.find((c) => c.name === "siyu_session")).toBeUndefined()
  })

  it("refuses a state that did not begin in this browser, and asks nobody", async () => {
    const asked = beside.platform.count("auth/getuserinfo")
    expect((await enter({ userid: "lin" }, { cookie: "" })).json()).toMatchObject({ code: "stale_state" })
    expect((await enter({ userid: "lin" }, { state: "guessed" })).json()).toMatchObject({
      code: "stale_state",
    })
    expect(beside.platform.count("auth/getuserinfo")).toBe(asked)
  })
})

describe("the signatures of the page", () => {
  it("come out exactly, for whoever is signed in and for this page alone", async () => {
    const sign = (who: string | null, url: string) =>
      call(who, "GET", `/api/sidebar/signature?url=${encodeURIComponent(url)}`)
    expect((await sign("lin", PAGE)).json()).toEqual({
      corp_id: "ww0123456789abcdef",
      agent_id: String(AGENT),
      corp: {
        timestamp: 1_767_225_600,
        nonce: "n0nce",
        signature: "7b1b5e536f14f0735df644f3f575f3821324cb06",
      },
      agent: {
        timestamp: 1_767_225_600,
        nonce: "n0nce",
        signature: pageSignature({
          ticket: "agent-ticket-demo",
          nonce: "n0nce",
          timestamp: 1_767_225_600,
          url: PAGE,
        }),
      },
    })
    expect((await sign(null, PAGE)).json()).toMatchObject({ code: "not_signed_in" })
    for (const url of ["https://crm.example.test/customers", "https://evil.test/sidebar"])
      expect((await sign("lin", url)).json()).toMatchObject({ code: "invalid_input", field: "url" })
  })

  it("a company without an application is told so, and has no way in by WeCom", async () => {
    const get = (url: string) =>
      beside.bare.inject({ method: "GET", url, headers: { authorization: `Bearer ${bearer.lin}` } })
    expect((await get(`/api/sidebar/door?back=${encodeURIComponent(PAGE)}`)).json()).toEqual({
      authorize_url: null,
    })
    expect((await get(`/api/sidebar/signature?url=${encodeURIComponent(PAGE)}`)).json()).toMatchObject({
      code: "no_client",
    })
  })
})
