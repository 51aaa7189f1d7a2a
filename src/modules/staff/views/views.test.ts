import type { FastifyInstance } from "fastify"
import { beforeAll, beforeEach, describe, expect, it } from "vitest"
import { newId } from "../../../kernel/ids.ts"
import { type Db, run } from "../../../platform/db.ts"
import { type Actor, createHttp } from "../../../platform/http/index.ts"
import { testDb } from "../../../platform/testkit/index.ts"
import { VIEWS_MAX } from "../limits.ts"
import { viewRoutes } from "./routes.ts"

let db: Db
let app: FastifyInstance
const now = new Date("2026-11-23T04:00:00Z")
const person = (name: string): Actor => ({
  kind: "staff",
  staff_id: newId(),
  name,
  role: "operator",
  can: () => true,
  scope: null,
})
const lin = person("林")
const wu = person("吴")
let who = lin

beforeAll(async () => {
  db = await testDb()
  for (const one of [lin, wu])
    await run(
      db,
      "insert into staff_members (id, name, role, status, created_at) values ($1, $2, 'operator', 'active', $3)",
      [one.staff_id, one.name, now],
    )
  app = await createHttp({ db, clock: { now: () => now }, routes: viewRoutes, resolveActor: async () => who })
})
beforeEach(async () => {
  who = lin
  await run(db, "truncate staff_views")
})

const look = { density: "middle", hidden: ["phone"], shown: [] }
const view = (name: string, over: object = {}) => ({
  list: "customers",
  name,
  filters: { stage: "member" },
  look,
  ...over,
})
async function call(method: "GET" | "POST" | "PUT" | "DELETE", url: string, payload?: object) {
  const headers = { cookie: "siyu_session=x" }
  const answer = await app.inject({ method, url, headers, ...(payload ? { payload } : {}) })
  return { status: answer.statusCode, body: answer.json() as Record<string, never> }
}
const make = async (payload: object) =>
  (await call("POST", "/api/views", payload)).body as unknown as { id: string }
const list = async (name = "customers") =>
  (await call("GET", `/api/views?list=${name}`)).body.rows as unknown as Record<string, unknown>[]
const changed = ({ list: _, ...body }: ReturnType<typeof view>) => body

describe("saved views of a list", () => {
  it("come back as they were saved, in the order of saving, each on its own list", async () => {
    await make(view("会员"))
    await make(view("付过费", { filters: { standing: "paid", q: "王" } }))
    await make(view("大单", { list: "orders" }))
    expect(await list()).toMatchObject([
      { name: "会员", filters: { stage: "member" }, look, is_default: false },
      { name: "付过费", filters: { standing: "paid", q: "王" } },
    ])
    expect(await list("orders")).toMatchObject([{ name: "大单" }])
  })

  it("two people do not see, change or delete each other's, and may use the same name", async () => {
    const { id } = await make(view("会员"))
    who = wu
    expect(await list()).toEqual([])
    expect((await call("PUT", `/api/views/${id}`, changed(view("抢走")))).status).toBe(404)
    expect((await call("DELETE", `/api/views/${id}`)).status).toBe(404)
    expect((await call("POST", "/api/views", view("会员"))).status).toBe(200)
    who = lin
    expect(await list()).toMatchObject([{ id, name: "会员" }])
  })

  it("are renamed, changed and deleted; a name stands once, told under its field", async () => {
    const { id } = await make(view("会员"))
    await make(view("付过费"))
    expect(await call("POST", "/api/views", view("会员"))).toMatchObject({
      status: 409,
      body: { code: "view_name_taken", field: "name" },
    })
    expect((await call("PUT", `/api/views/${id}`, changed(view("付过费")))).body.code).toBe("view_name_taken")
    await call("PUT", `/api/views/${id}`, changed(view("老会员", { filters: { stage: "partner" } })))
    expect((await list())[0]).toMatchObject({ id, name: "老会员", filters: { stage: "partner" } })
    await call("DELETE", `/api/views/${id}`)
    expect(await list()).toHaveLength(1)
  })

  it("one at most opens by itself: the last that was asked to", async () => {
    const { id } = await make(view("会员", { is_default: true }))
    await make(view("付过费", { is_default: true }))
    expect((await list()).map((one) => one.is_default)).toEqual([false, true])
    await call("PUT", `/api/views/${id}`, changed(view("会员", { is_default: true })))
    expect((await list()).map((one) => one.is_default)).toEqual([true, false])
  })

  it("are bounded in number, also when many are saved at one moment", async () => {
    const answers = await Promise.all(
      Array.from({ length: VIEWS_MAX + 5 }, (_, n) => call("POST", "/api/views", view(`视图${n}`))),
    )
    expect(answers.filter((one) => one.body.code === "views_full")).toHaveLength(5)
    expect(await list()).toHaveLength(VIEWS_MAX)
  })
})
