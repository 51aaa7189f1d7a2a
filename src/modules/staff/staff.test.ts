import type { FastifyInstance } from "fastify"
import { beforeAll, describe, expect, it } from "vitest"
import { verifyAudit } from "../../platform/audit.ts"
import { type Db, rows } from "../../platform/db.ts"
import { createHttp } from "../../platform/http/index.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { ensureOwner, resolveActor, routes } from "./index.ts"
import { FAILED_LOGINS_LIMIT } from "./limits.ts"

let db: Db
let app: FastifyInstance
const now = new Date("2026-11-23T04:00:00Z")
beforeAll(async () => {
  db = await testDb()
  await ensureOwner(db, "owner-password-1", now)
  app = await createHttp({
    db,
    clock: { now: () => now },
    routes: routes(() => null),
    resolveActor: (c) => resolveActor(db, c),
  })
})

type Reply = { status: number; body: Record<string, never> & { code?: string }; cookie: string }
async function call(
  method: "GET" | "POST" | "DELETE",
  url: string,
  payload?: object,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const response = await app.inject({ method, url, headers, ...(payload ? { payload } : {}) })
  return {
    status: response.statusCode,
    body: response.body ? response.json() : {},
    cookie: response.cookies.map((c) => `${c.name}=${c.value}`).join("; "),
  }
}
const signIn = async (login: string, password: string) => call("POST", "/api/session", { login, password })
/** Replaces a one-time password, as its person must; gives the cookie of the session that may then work. */
async function ownPassword(login: string, current: string): Promise<string> {
  const { cookie } = await signIn(login, current)
  return (await call("POST", "/api/session/password", { current, next: `${login}-own-password` }, { cookie }))
    .cookie
}
const asOwner = async () => ({ cookie: (await signIn("owner", "owner-password-1")).cookie })

describe("signing in", () => {
  it("the owner of a first start signs in with the given password and needs no other", async () => {
    const answer = await signIn("owner", "owner-password-1")
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({
      user: { login: "owner", role: "owner", must_change_password: false },
    })
    expect((await call("GET", "/api/session", undefined, { cookie: answer.cookie })).status).toBe(200)
  })
  it("a second start makes no second owner and prints no password", async () => {
    expect(await ensureOwner(db, "another-password", now)).toBeNull()
    expect((await signIn("owner", "another-password")).body.code).toBe("wrong_login")
  })
  it("wrong passwords lock a login for a while, and the right one does not help then", async () => {
    const headers = await asOwner()
    const made = await call(
      "POST",
      "/api/staff",
      { name: "小李", role: "operator", login: "xiaoli" },
      headers,
    )
    const password = (made.body as unknown as { one_time_password: string }).one_time_password
    for (let n = 0; n < FAILED_LOGINS_LIMIT; n++)
      expect((await signIn("xiaoli", "nonsense")).body.code).toBe("wrong_login")
    expect((await signIn("xiaoli", password)).body.code).toBe("locked")
  })
  it("a one-time password opens nothing but the way to one's own, and cannot be kept", async () => {
    const made = await call(
      "POST",
      "/api/staff",
      { name: "小周", role: "lead", login: "xiaozhou" },
      await asOwner(),
    )
    const current = (made.body as unknown as { one_time_password: string }).one_time_password
    const first = { cookie: (await signIn("xiaozhou", current)).cookie }
    const session = await call("GET", "/api/session", undefined, first)
    expect(session.body).toMatchObject({ user: { must_change_password: true } })
    expect(await call("GET", "/api/staff", undefined, first)).toMatchObject({
      status: 403,
      body: { code: "new_password_needed" },
    })
    const kept = await call("POST", "/api/session/password", { current, next: current }, first)
    expect(kept.body).toMatchObject({ code: "password_unchanged", field: "next" })
    const next = await call("POST", "/api/session/password", { current, next: "a-password-of-my-own" }, first)
    expect((await call("GET", "/api/staff", undefined, { cookie: next.cookie })).status).toBe(200)
    expect((await call("GET", "/api/session", undefined, first)).status).toBe(401)
  })
  it("a page of another site cannot act with the cookie", async () => {
    const { cookie } = await asOwner()
    const answer = await call(
      "POST",
      "/api/tokens",
      { name: "x" },
      { cookie, origin: "https://elsewhere.example" },
    )
    expect(answer.status).toBe(403)
  })
  it("signing out ends the session, also for whoever copied the cookie", async () => {
    const headers = await asOwner()
    await call("DELETE", "/api/session", {}, headers)
    expect((await call("GET", "/api/session", undefined, headers)).status).toBe(401)
  })
})

describe("staff and tokens", () => {
  it("a role taken away counts from the next request", async () => {
    const headers = await asOwner()
    const made = await call("POST", "/api/staff", { name: "小王", role: "lead", login: "xiaowang" }, headers)
    const { id, one_time_password } = made.body as unknown as { id: string; one_time_password: string }
    const lead = { cookie: await ownPassword("xiaowang", one_time_password) }
    expect((await call("GET", "/api/staff", undefined, lead)).status).toBe(200)
    await call("POST", "/api/staff", { id, role: "viewer" }, headers)
    expect((await call("GET", "/api/staff", undefined, lead)).status).toBe(401)
  })
  it("the last owner cannot be disabled", async () => {
    const headers = await asOwner()
    const [owner] = await rows<{ id: string }>(db, "select id from staff_members where role = 'owner'")
    expect((await call("POST", "/api/staff", { id: owner!.id, status: "disabled" }, headers)).body.code).toBe(
      "last_owner",
    )
  })
  it("a token does only what its scopes say, and nothing once revoked", async () => {
    const headers = await asOwner()
    const made = await call("POST", "/api/tokens", { name: "reader", scopes: ["staff.read"] }, headers)
    const { id, token } = made.body as unknown as { id: string; token: string }
    const bearer = { authorization: `Bearer ${token}` }
    expect((await call("GET", "/api/staff", undefined, bearer)).status).toBe(200)
    expect((await call("POST", "/api/staff", { name: "x", role: "viewer" }, bearer)).status).toBe(403)
    await call("DELETE", `/api/tokens/${id}`, {}, headers)
    expect((await call("GET", "/api/staff", undefined, bearer)).status).toBe(401)
  })
})

describe("the door", () => {
  it("wrong input is a clear answer with code, field and both languages, never a 500", async () => {
    const headers = await asOwner()
    const answer = await call("POST", "/api/staff", { name: 7 }, headers)
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({
      code: "invalid_input",
      field: "name",
      message_en: expect.any(String),
    })
    const response = await app.inject({
      method: "POST",
      url: "/api/session",
      payload: "{broken",
      headers: { "content-type": "application/json" },
    })
    expect(response.statusCode).toBe(400)
    expect((await call("POST", "/api/session", { login: "a\u0000b", password: "x" })).status).toBe(400)
  })
  it("a refused change leaves no trace in the audit, a done one leaves exactly one row", async () => {
    const headers = await asOwner()
    const before = (await rows(db, "select 1 from platform_audit")).length
    const first = await call("DELETE", "/api/tokens/00000000-0000-7000-8000-000000000000", {}, headers)
    expect(first.status).toBe(404)
    await call(
      "POST",
      "/api/session/password",
      { current: "owner-password-1", next: "owner-password-1" },
      headers,
    )
    expect((await rows(db, "select 1 from platform_audit")).length).toBe(before + 1)
  })
  it("every change stands in the audit trail and a changed byte is found", async () => {
    expect((await verifyAudit(db)).broken_at).toBeNull()
    await expect(db.query("update platform_audit set action = 'x' where seq = 1")).rejects.toThrow(
      "append-only",
    )
    await db.query("alter table platform_audit disable trigger all")
    await db.query("update platform_audit set action = 'x' where seq = 2")
    await db.query("alter table platform_audit enable trigger all")
    expect((await verifyAudit(db)).broken_at).toBe(2)
  })
})
