import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { FastifyInstance } from "fastify"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { newId } from "../../kernel/ids.ts"
import type { Db } from "../../platform/db.ts"
import { type Actor, createHttp } from "../../platform/http/index.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { ordersKind } from "../orders/index.ts"
import { wizardDoors } from "./door.ts"
import { importKinds } from "./kinds.ts"
import { routes } from "./routes.ts"
import { runNextImport } from "./run.ts"

const now = new Date("2026-11-23T04:00:00Z")
const headers = { cookie: "siyu_session=x" }
const [ying, lan, yan, boss] = [newId(), newId(), newId(), newId()]
const person = (staff_id: string, scope: string[] | null): Actor => ({
  kind: "staff",
  staff_id,
  name: "某",
  role: "operator",
  can: () => true,
  scope,
})
const maker = person(ying, [ying])
const colleague = person(lan, [lan])
const lead = person(yan, [ying, yan])
const owner = person(boss, null)
const kinds = importKinds([ordersKind()])
let db: Db
let app: FastifyInstance
let folder: string
let who: Actor = maker
let id: string

const ask = (method: "GET" | "POST", path: string, as: Actor, payload?: object) => {
  who = as
  return app.inject({ method, url: `/api/imports${path}`, headers, payload })
}
const OPTIONS = { mapping: { customer: "客户", at: "下单时间", amount: "金额" }, source: "一月" }
const RUN = { dry_run: false, options: OPTIONS }

beforeAll(async () => {
  db = await testDb()
  folder = await mkdtemp(join(tmpdir(), "siyu-uploads-"))
  const door = { now: () => now, actorOf: async () => who }
  app = await createHttp({ db, clock: door, routes: routes(kinds), resolveActor: door.actorOf })
  await wizardDoors(app, { db, kinds, folder, ...door })
  const sent = await app.inject({
    method: "POST",
    url: "/api/imports/files?kind=orders&name=x.csv",
    headers: { ...headers, "content-type": "application/octet-stream" },
    payload: "客户,下单时间,金额\n甲,2026-01-05,12.50\n乙,2026-02-31,3.00\n",
  })
  id = sent.json().id
  await ask("POST", `/${id}/run`, maker, RUN)
  await runNextImport(db, kinds, () => now)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** What somebody gets of the import by each of its doors; those that change it last. */
async function doors(as: Actor) {
  const ids = async (path: string) =>
    (await ask("GET", path, as)).json().rows.map((row: { id: string }) => row.id)
  return {
    list: await ids(""),
    jobs: await ids("/jobs"),
    read: (await ask("GET", `/${id}`, as)).statusCode,
    failed: (await ask("GET", `/${id}/failed.csv`, as)).statusCode,
    run: (await ask("POST", `/${id}/run`, as, RUN)).statusCode,
    pause: (await ask("POST", `/${id}/pause`, as, {})).statusCode,
    resume: (await ask("POST", `/${id}/resume`, as, {})).statusCode,
    cancel: (await ask("POST", `/${id}/cancel`, as, {})).statusCode,
  }
}

describe("whose imports one sees", () => {
  it("a colleague's file, with its customers in it, is as if it were not there: neither listed, read, downloaded, run, paused nor stopped", async () => {
    expect(await doors(colleague)).toEqual({
      list: [],
      jobs: [],
      read: 404,
      failed: 404,
      run: 404,
      pause: 404,
      resume: 404,
      cancel: 404,
    })
    expect((await ask("GET", `/${id}`, maker)).json()).toMatchObject({ state: "done" })
  })

  it("who sent it, the lead of the team and the owner see it by every door", async () => {
    for (const as of [maker, lead, owner]) {
      expect(await doors(as), as.staff_id).toEqual({
        list: [id],
        jobs: [id],
        read: 200,
        failed: 200,
        run: 200,
        pause: 200,
        resume: 200,
        cancel: 200,
      })
      await ask("POST", `/${id}/run`, maker, RUN)
      await runNextImport(db, kinds, () => now)
    }
  })
})
