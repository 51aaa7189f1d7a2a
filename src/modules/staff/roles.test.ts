import { describe, expect, it } from "vitest"
import { en } from "../../apps/console/words/en/index.ts"
import { zh } from "../../apps/console/words/zh/index.ts"
import { wire } from "../../apps/server/wiring.ts"
import { allows } from "../../kernel/permissions.ts"
import { createHttp } from "../../platform/http/index.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { ensureOwner, resolveActor, roleRoutes, routes } from "./index.ts"
import { ROLE_PERMISSIONS, rightsOf } from "./rules.ts"
import { ROLES } from "./shared.ts"

const now = new Date("2026-11-23T04:00:00Z")
const asked = wire({ sandbox: null, channels: [] }).routes.map((route) => route.endpoint.permission)

describe("what each role may do", () => {
  it("is told as the rules have it: nothing more, nothing less", () => {
    for (const role of ROLES) {
      const told = rightsOf(role, asked).flatMap((r) => r.verbs.map((verb) => `${r.module}.${verb}`))
      expect(new Set(told).size).toBe(told.length)
      expect(told.every((right) => allows(ROLE_PERMISSIONS[role], right))).toBe(true)
      for (const permission of asked.filter((p) => p.includes(".")))
        expect(told.includes(permission), `${role} ${permission}`).toBe(
          allows(ROLE_PERMISSIONS[role], permission),
        )
    }
  })

  it("reads in the field's words in both languages, whatever module comes next", () => {
    const rights = rightsOf("owner", asked)
    for (const words of [zh, en]) {
      const modules = Object.keys(words.right_module)
      const verbs = Object.keys(words.right_verb)
      expect(rights.map((r) => r.module).filter((m) => !modules.includes(m))).toEqual([])
      expect(rights.flatMap((r) => r.verbs).filter((v) => !verbs.includes(v))).toEqual([])
      expect(ROLES.filter((role) => !(role in words.role_text))).toEqual([])
    }
  })

  it("is given with whose data it sees and who has it, the disabled marked", async () => {
    const db = await testDb()
    await ensureOwner(db, "owner-password-1", now)
    const app = await createHttp({
      db,
      clock: { now: () => now },
      routes: [...routes(() => null), ...roleRoutes(() => asked)],
      resolveActor: (c) => resolveActor(db, c),
    })
    const session = await app.inject({
      method: "POST",
      url: "/api/session",
      payload: { login: "owner", password: "owner-password-1" },
    })
    const cookies = Object.fromEntries(session.cookies.map((c) => [c.name, c.value]))
    const call = async (method: "GET" | "POST", url: string, payload?: object) =>
      (await app.inject({ method, url, cookies, ...(payload ? { payload } : {}) })).json()
    const { id } = await call("POST", "/api/staff", { name: "小李", role: "operator", login: "xiaoli" })
    await call("POST", "/api/staff", { id, status: "disabled" })
    const { rows } = await call("GET", "/api/roles")
    const of = (role: string) => rows.find((r: { role: string }) => r.role === role)
    expect(of("operator")).toMatchObject({
      scope: "own",
      people: [{ id, name: "小李", active: false }],
    })
    expect(of("lead")).toMatchObject({ scope: "all", scope_in_team: "team", people: [] })
    await app.close()
  })
})
