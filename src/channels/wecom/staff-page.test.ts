import { describe, expect, it } from "vitest"
import { pageSignature } from "./crypto.ts"
import { staffPage } from "./staff-page.ts"
import { CORP, memoryTokenStore, testClient, testPlatform } from "./testkit/index.ts"
import { startSandbox } from "./testkit/sandbox.ts"
import { openTickets } from "./tickets.ts"
import type { TokenStore } from "./token-store.ts"

const AGENT = 1_000_002
const URL_OF_PAGE = "https://crm.example.test/sidebar?x=1"

function pageAt(base: string, store: TokenStore = memoryTokenStore(), oauth_base = base) {
  const client = testClient(base, store)
  const tickets = openTickets({ corp_id: CORP.corp_id, agent_id: AGENT, client, store })
  let n = 0
  const nonce = () => `n${n++}nce`
  const page = staffPage(client, {
    corp_id: CORP.corp_id,
    agent_id: AGENT,
    oauth_base,
    tickets,
    machine_now_ms: () => 1_767_225_600_500,
    nonce,
  })
  return { page, tickets }
}

async function platformWithTickets() {
  const platform = await testPlatform()
  platform.on("get_jsapi_ticket", (_call, n) => ({ ticket: `jsapi-ticket-${n}`, expires_in: 7200 }))
  platform.on("ticket/get", ({ query }) => ({ ticket: `ticket-of-${query.get("type")}`, expires_in: 7200 }))
  return platform
}

describe("the signature of a page", () => {
  it("comes out exactly, and what stands behind # changes nothing", () => {
    const given = { ticket: "jsapi-ticket-demo", nonce: "n0nce", timestamp: 1_767_225_600, url: URL_OF_PAGE }
    const exact = "7b1b5e536f14f0735df644f3f575f3821324cb06"
    expect(pageSignature(given)).toBe(exact)
    expect(pageSignature({ ...given, url: `${URL_OF_PAGE}#/anything` })).toBe(exact)
    expect(pageSignature({ ...given, url: "https://crm.example.test/sidebar?x=2" })).not.toBe(exact)
  })

  it("is made of the company's ticket and of the application's, each its own; a thousand pages fetch them once", async () => {
    const platform = await platformWithTickets()
    const { page } = pageAt(platform.base)
    const [first] = await Promise.all(Array.from({ length: 1_000 }, () => page.sign(URL_OF_PAGE)))
    const expected = (ticket: string, nonce: string) => ({
      timestamp: 1_767_225_600,
      nonce,
      signature: pageSignature({ ticket, nonce, timestamp: 1_767_225_600, url: URL_OF_PAGE }),
    })
    expect(first).toEqual({
      corp: expected("jsapi-ticket-1", "n0nce"),
      agent: expected("ticket-of-agent_config", "n1nce"),
    })
    expect([platform.count("get_jsapi_ticket"), platform.count("ticket/get")]).toEqual([1, 1])
  })

  it("another process takes the tickets from where the first one left them, and neither stands in an answer", async () => {
    const platform = await platformWithTickets()
    const store = memoryTokenStore()
    for (let i = 0; i < 2; i++) {
      const answer = JSON.stringify(await pageAt(platform.base, store).page.sign(URL_OF_PAGE))
      expect(answer).not.toContain("ticket")
    }
    expect([platform.count("get_jsapi_ticket"), platform.count("ticket/get")]).toEqual([1, 1])
  })

  it("a platform that gives no ticket is a failure with its code, and is asked again the next time", async () => {
    const platform = await platformWithTickets()
    platform.on("ticket/get", (_call, n) => (n === 1 ? { errcode: 48002 } : { ticket: "t", expires_in: 60 }))
    const { page } = pageAt(platform.base)
    expect(await page.sign(URL_OF_PAGE)).toMatchObject({ failure: { class: "stop", code: "48002" } })
    expect(await page.sign(URL_OF_PAGE)).toHaveProperty("agent")
  })
})

describe("who opens a page", () => {
  it("is asked at the platform's own address, with everything that it wants, escaped", async () => {
    const { page } = pageAt("http://127.0.0.1:9", memoryTokenStore(), "https://open.weixin.qq.com")
    expect(page.authorize_url(URL_OF_PAGE, "a state")).toBe(
      `https://open.weixin.qq.com/connect/oauth2/authorize?appid=${CORP.corp_id}` +
        "&redirect_uri=https%3A%2F%2Fcrm.example.test%2Fsidebar%3Fx%3D1&response_type=code" +
        `&scope=snsapi_base&state=a+state&agentid=${AGENT}#wechat_redirect`,
    )
  })

  it("a member, by the new name of the field or the old one; somebody else; a spent code", async () => {
    const platform = await testPlatform()
    const answers: Record<string, object> = {
      new: { userid: "lin_xiao" },
      old: { UserId: "lin_xiao" },
      other: { openid: "o1" },
      spent: { errcode: 40029 },
    }
    platform.on("auth/getuserinfo", ({ query }) => ({ ...answers[query.get("code") ?? ""] }))
    const { page } = pageAt(platform.base)
    expect(await page.person("new")).toEqual({ account_ref: "lin_xiao" })
    expect(await page.person("old")).toEqual({ account_ref: "lin_xiao" })
    expect(await page.person("other")).toEqual({ stranger: true })
    expect(await page.person("spent")).toMatchObject({ failure: { class: "fix", code: "40029" } })
  })

  it("the sandbox speaks the same words: tickets, a choice of members, a code, and whose it is", async () => {
    const sandbox = await startSandbox({ SANDBOX_SYSTEM_URL: "https://crm.example.test" })
    const { page } = pageAt(sandbox.base)
    expect(await page.sign(URL_OF_PAGE)).toHaveProperty("agent.signature")
    const asked = new URL(page.authorize_url(URL_OF_PAGE, "s"))
    asked.searchParams.set("as", "zhou_ke")
    const back = new URL((await fetch(asked, { redirect: "manual" })).headers.get("location") ?? "")
    expect(back.origin + back.pathname).toBe("https://crm.example.test/sidebar")
    const code = back.searchParams.get("code") ?? ""
    expect(await page.person(code)).toEqual({ account_ref: "zhou_ke" })
    expect(await page.person(code)).toMatchObject({ failure: { code: "40029" } })
    await sandbox.end()
  })
})
