import { describe, expect, it } from "vitest"
import { HOST, openSidebar, PAGE } from "./sidebar.test-kit.ts"

const beside = openSidebar()

/** The policy by its directives. */
async function policyOf(url: string): Promise<Record<string, string>> {
  const { headers } = await beside.app.inject({ method: "GET", url, headers: { host: HOST } })
  const said = String(headers["content-security-policy"])
  return Object.fromEntries(
    said.split(";").map((one) => {
      const [name = "", ...sources] = one.trim().split(" ")
      return [name, sources.join(" ")]
    }),
  )
}

describe("what a browser is told of our pages", () => {
  it.each(["/", "/customers", "/sidebar"])(
    "%s runs no script but ours, talks to nobody else, and stands in no stranger's frame",
    async (url) => {
      expect(await policyOf(url)).toMatchObject({
        "default-src": "'self'",
        "script-src": "'self'",
        "script-src-attr": "'none'",
        "connect-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'self'",
        "font-src": "'self'",
      })
      const { headers } = await beside.app.inject({ method: "GET", url, headers: { host: HOST } })
      expect(headers).toMatchObject({
        "x-content-type-options": "nosniff",
        // The word of the client on who uses it stands in the address for a moment; nobody else learns of it.
        "referrer-policy": "no-referrer",
      })
    },
  )

  it("answers with somebody's data are kept by no proxy and on no disk, refusals neither", async () => {
    for (const who of ["lin", null]) {
      const answer = await beside.call(who, "GET", "/api/sidebar?external_userid=wm_mine")
      expect([who, answer.headers["cache-control"]]).toEqual([who, "no-store"])
    }
  })
})

describe("the cookie by which a sign-in is known again", () => {
  it("is out of reach of scripts and of other sites, and lives for ten minutes at most", async () => {
    const door = (url: string) =>
      beside.app.inject({
        method: "GET",
        url: `/api/sidebar/door?back=${encodeURIComponent(url)}`,
        headers: { host: HOST },
      })
    const [cookie] = (await door(PAGE)).cookies
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" })
    expect(cookie!.maxAge).toBeLessThanOrEqual(600)
  })

  it("is spent by the first try, whatever becomes of it", async () => {
    beside.platform.on("auth/getuserinfo", () => ({ errcode: 40029 }))
    const door = await beside.call(null, "GET", `/api/sidebar/door?back=${encodeURIComponent(PAGE)}`)
    const { name, value } = door.cookies[0]!
    const state = new URL((door.json() as { authorize_url: string }).authorize_url).searchParams.get("state")
    const tried = await beside.call(
      null,
      "POST",
      "/api/sidebar/session",
      { code: "c", state },
      { cookie: `${name}=${value}` },
    )
    expect(tried.json()).toMatchObject({ code: "code_spent" })
    expect(tried.cookies.find((one) => one.name === name)).toMatchObject({ value: "", maxAge: 0 })
  })

  it("no other site signs somebody in through our door", async () => {
    const answer = await beside.app.inject({
      method: "POST",
      url: "/api/sidebar/session",
      headers: { host: HOST, origin: "https://evil.test", "content-type": "text/plain" },
      payload: JSON.stringify({ code: "c", state: "s" }),
    })
    expect(answer.statusCode).toBeGreaterThanOrEqual(400)
    expect(answer.cookies).toEqual([])
  })
})
