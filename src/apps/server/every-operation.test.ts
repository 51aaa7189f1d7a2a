import type { FastifyInstance } from "fastify"
import { beforeAll, describe, expect, it } from "vitest"
import { z } from "zod"
import type { Endpoint } from "../../kernel/contract.ts"
import { newId } from "../../kernel/ids.ts"
import { allows } from "../../kernel/permissions.ts"
import { takeContacts } from "../../modules/customers/index.ts"
import { ensureOwner, ROLE_PERMISSIONS, ROLES, type Role } from "../../modules/staff/index.ts"
import { createToken } from "../../platform/auth/tokens.ts"
import { type Db, oneRow, tx } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { prepareTraits } from "../../spine/traits/index.ts"
import { createServer } from "./create-server.ts"
import { wire } from "./wiring.ts"

const now = new Date("2026-11-23T04:00:00Z")
const clock = { now: () => now }
let db: Db
let app: FastifyInstance
const bearer = new Map<Role, string>()
const staffOf = new Map<Role, string>()
const { routes, registry } = wire({ sandbox: null, channels: [] })

beforeAll(async () => {
  db = await testDb()
  await prepareTraits(db, registry)
  await ensureOwner(db, "owner-password-1", now)
  app = await createServer({ db, clock, routes })
  const owner = await oneRow<{ id: string }>(db, "select id from staff_members where role = 'owner'")
  const ownerToken = await createToken(db, { name: "owner", staff_id: owner.id })
  bearer.set("owner", ownerToken.token)
  staffOf.set("owner", owner.id)
  for (const role of ROLES.filter((r) => r !== "owner")) {
    const made = await call("owner", "POST", "/api/staff", {
      name: role,
      role,
      login: role.replace("_", "-"),
    })
    const { id } = made.json() as { id: string }
    staffOf.set(role, id)
    bearer.set(role, (await createToken(db, { name: role, staff_id: id })).token)
  }
})

function call(role: Role | null, method: Endpoint["method"], url: string, payload?: object | string) {
  return app.inject({
    method,
    url,
    headers: {
      ...(role ? { authorization: `Bearer ${bearer.get(role)}` } : {}),
      ...(payload === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(payload === undefined ? {} : { payload }),
  })
}

const addressOf = (endpoint: Endpoint) => endpoint.path.replace(/:(\w+)/g, () => newId())
const writes = (endpoint: Endpoint) => endpoint.method !== "GET"

describe("every operation as every role", () => {
  it("does what the table of roles says and nothing else", async () => {
    const wrong: string[] = []
    for (const { endpoint } of routes) {
      if (endpoint.id === "session.close") continue
      for (const role of [null, ...ROLES]) {
        const answer = await call(
          role,
          endpoint.method,
          addressOf(endpoint),
          writes(endpoint) ? {} : undefined,
        )
        const may =
          endpoint.permission === "public" ||
          (role !== null &&
            (endpoint.permission === "signed_in" || allows(ROLE_PERMISSIONS[role], endpoint.permission)))
        const code = answer.statusCode === 200 ? "" : (answer.json() as { code?: string }).code
        const refused = code === "not_signed_in" || code === "forbidden"
        if (refused === may || answer.statusCode >= 500)
          wrong.push(`${endpoint.id} as ${role ?? "nobody"}: ${answer.statusCode} ${code}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it("is closed to a one-time password, all but one's own session and a new password", async () => {
    const made = await call("owner", "POST", "/api/staff", {
      name: "新人",
      role: "lead",
      login: "newcomer",
    })
    const { one_time_password: password } = made.json() as { one_time_password: string }
    const session = await call(null, "POST", "/api/session", { login: "newcomer", password })
    const cookie = session.headers["set-cookie"] as string
    const open: string[] = []
    for (const { endpoint } of routes) {
      if (endpoint.permission === "public" || endpoint.id === "session.close") continue
      const answer = await app.inject({
        method: endpoint.method,
        url: addressOf(endpoint),
        headers: { cookie: cookie.split(";")[0]! },
        ...(writes(endpoint) ? { payload: {} } : {}),
      })
      if (answer.json().code !== "new_password_needed" || answer.statusCode !== 403) open.push(endpoint.id)
    }
    expect(open.sort()).toEqual(["session.password", "session.read"])
  })

  it("has a permission that some role beside the owner holds, or is meant for the owner alone", () => {
    const ownerOnly = new Set<string>()
    for (const { endpoint } of routes) {
      if (endpoint.permission === "public" || endpoint.permission === "signed_in") continue
      const holders = ROLES.filter((r) => r !== "owner" && allows(ROLE_PERMISSIONS[r], endpoint.permission))
      if (holders.length === 0) ownerOnly.add(endpoint.permission)
    }
    expect([...ownerOnly].sort()).toEqual(
      ["accounts.write_off", "settings.write", "staff.write", "tokens.write"].filter((p) => ownerOnly.has(p)),
    )
  })

  it("is named once, and its refusals are words in both languages", () => {
    const ids = routes.map((r) => r.endpoint.id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { endpoint } of routes)
      for (const [code, words] of Object.entries(endpoint.refusals)) {
        expect(`${endpoint.id} ${code} ${words.zh}`).toMatch(/\p{Script=Han}/u)
        expect(words.en.length, `${endpoint.id} ${code}`).toBeGreaterThan(3)
        expect(words.status).toBeGreaterThanOrEqual(400)
      }
  })
})

describe("a list that takes a sort", () => {
  const sorted = routes.flatMap(({ endpoint }) => {
    const { sort } = (endpoint.query as z.ZodObject).shape as { sort?: z.ZodDefault<z.ZodEnum> }
    return sort ? [{ endpoint, words: sort.unwrap().options.map(String) }] : []
  })

  it("answers each that it declares, for who sees all and for who sees some, and refuses any other", async () => {
    expect(sorted.map(({ endpoint }) => endpoint.id)).toEqual(
      expect.arrayContaining(["customers.list", "orders.list", "sends.list", "groups.list"]),
    )
    const wrong: string[] = []
    for (const { endpoint, words } of sorted)
      for (const role of ["owner", "operator"] as const)
        for (const sort of words) {
          const answer = await call(role, "GET", `${addressOf(endpoint)}?sort=${sort}`)
          // A thing that is not there has no list.
          const fine = endpoint.path.includes(":") ? answer.statusCode === 404 : answer.statusCode === 200
          if (!fine) wrong.push(`${role} ${endpoint.id} ${sort}: ${answer.body.slice(0, 200)}`)
        }
    for (const { endpoint } of sorted) {
      const answer = (await call("owner", "GET", `${addressOf(endpoint)}?sort=shoe_size`)).json()
      expect(answer, endpoint.id).toMatchObject({ code: "invalid_input", field: "sort" })
    }
    expect(wrong).toEqual([])
  })
})

const ODD: unknown[] = [
  null,
  [],
  "text",
  7,
  {},
  { id: "x".repeat(2_000) },
  { name: "\u0000", login: "\ud800", amount: -0, limit: 1e308 },
  JSON.parse('{"__proto__":{"role":"owner"},"constructor":{"prototype":{}}}'),
]

describe("odd input", () => {
  it("is answered with a code and a sentence, never with a 500, wherever it comes in", async () => {
    const wrong: string[] = []
    for (const { endpoint } of routes) {
      const odd = [
        `${addressOf(endpoint)}?limit=abc&cursor=%00&q=%F0%9F%98%80`,
        `${addressOf(endpoint)}?cursor=not-a-cursor&limit=1`,
        endpoint.path.replace(/:(\w+)/g, () => "%00"),
        endpoint.path.replace(/:(\w+)/g, () => "..%2f..%2fetc"),
      ]
      for (const url of odd) {
        const answer = await call("owner", endpoint.method, url, writes(endpoint) ? {} : undefined)
        if (answer.statusCode >= 500) wrong.push(`${endpoint.method} ${url}: ${answer.body.slice(0, 200)}`)
      }
      if (!writes(endpoint) || endpoint.id === "session.close") continue
      for (const body of ODD) {
        const answer = await call("owner", endpoint.method, addressOf(endpoint), JSON.stringify(body))
        if (answer.statusCode >= 500)
          wrong.push(`${endpoint.id} ${JSON.stringify(body)}: ${answer.body.slice(0, 200)}`)
        if (answer.statusCode >= 400) {
          const problem = answer.json() as Record<string, unknown>
          if (!problem.code || !problem.message || !problem.message_en)
            wrong.push(`${endpoint.id}: no sentence in ${answer.body}`)
        }
      }
    }
    expect(wrong).toEqual([])
  })
})

describe("data scope", () => {
  it("an operator sees own customers and no trace of a colleague's: not in lists, counts, search, pages or phones", async () => {
    const mine = staffOf.get("operator")!
    const [ours, theirs] = await tx(db, (t) =>
      takeContacts(
        t,
        [
          {
            account_id: newId(),
            custodian_staff_id: mine,
            external_userid: "wm_ours",
            at: now,
            origin: "live",
          },
          {
            account_id: newId(),
            custodian_staff_id: staffOf.get("lead")!,
            external_userid: "wm_theirs",
            at: now,
            origin: "live",
          },
        ],
        now,
      ),
    )
    const list = (await call("operator", "GET", "/api/customers?with_total=true")).json() as {
      rows: { id: string }[]
      total: number
    }
    expect(list.rows.map((r) => r.id)).toEqual([ours])
    expect(list.total).toBe(1)
    for (const { endpoint } of routes) {
      if (!endpoint.path.startsWith("/api/customers/:id")) continue
      const answer = await call(
        "operator",
        endpoint.method,
        endpoint.path.replace(":id", theirs!),
        writes(endpoint) ? { opted_out: true, reason: "because" } : undefined,
      )
      expect([403, 404], endpoint.id).toContain(answer.statusCode)
    }
    expect((await call("lead", "GET", `/api/customers/${theirs}`)).statusCode).toBe(200)
  })
})

describe("the API's description", () => {
  it("is OpenAPI 3.1 with every operation, its permission and its refusals", async () => {
    const document = (await call(null, "GET", "/api/openapi.json")).json() as {
      openapi: string
      paths: Record<string, Record<string, { operationId: string }>>
    }
    expect(document.openapi).toBe("3.1.0")
    const described = Object.values(document.paths).flatMap((p) => Object.values(p).map((o) => o.operationId))
    expect(described.sort()).toEqual(routes.map((r) => r.endpoint.id).sort())
    expect(z.toJSONSchema(routes[0]!.endpoint.answer, { unrepresentable: "any" })).toBeTruthy()
  })
})
