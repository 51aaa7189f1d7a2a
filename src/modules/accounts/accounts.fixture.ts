import type { FastifyInstance } from "fastify"
import { newId } from "../../kernel/ids.ts"
import { allows } from "../../kernel/permissions.ts"
import { type Db, run } from "../../platform/db.ts"
import { type Actor, createHttp } from "../../platform/http/index.ts"
import { testDatabase } from "../../platform/testkit/index.ts"
import { ROLE_PERMISSIONS, type Role } from "../staff/index.ts"
import { HANDOVER_ITEMS, RETURN_ITEMS } from "./custody/contract.ts"
import { fileDoors, routes } from "./index.ts"

/** A small invented company: who keeps the accounts, who uses them, who owns it. */
export const PEOPLE = {
  owner: { name: "周负责", role: "owner" },
  keeper: { name: "钱保管", role: "asset_keeper" },
  second: { name: "孙保管", role: "asset_keeper" },
  ying: { name: "林小英", role: "operator" },
  lan: { name: "何小兰", role: "operator" },
  viewer: { name: "看看", role: "viewer" },
} as const satisfies Record<string, { name: string; role: Role }>
export type Person = keyof typeof PEOPLE

export const PDF = Buffer.from("%PDF-1.7\n归属协议")
const all = (items: readonly string[]) => Object.fromEntries(items.map((item) => [item, true]))
export const ALL_HANDED = { ...all(HANDOVER_ITEMS), top_up_by: "公司" }
export const ALL_BACK = all(RETURN_ITEMS)

export type Office = {
  db: Db
  app: FastifyInstance
  id: Record<Person, string>
  /** Moves the shop's clock. */
  at(moment: string): void
  now(): Date
  call(
    as: Person,
    method: "GET" | "POST" | "PUT",
    path: string,
    body?: object,
  ): Promise<{ status: number; body: Record<string, never> & { [key: string]: unknown } }>
  upload(
    as: Person,
    account_id: string,
    content: Buffer,
    query?: Record<string, string>,
  ): Promise<{ status: number; body: Record<string, unknown> }>
  /** An account as the directory would have made it. */
  account(name: string, more?: Record<string, unknown>): Promise<string>
}

export async function openOffice(): Promise<Office> {
  const { db } = await testDatabase()
  let now = new Date("2026-11-23T04:00:00Z")
  const id = Object.fromEntries(Object.keys(PEOPLE).map((who) => [who, newId()])) as Record<Person, string>
  for (const [n, [who, { name, role }]] of Object.entries(PEOPLE).entries())
    await run(
      db,
      "insert into staff_members (id, name, role, status, created_at) values ($1, $2, $3, 'active', $4)",
      [id[who as Person], name, role, new Date(now.getTime() + n)],
    )
  const actorOf = (who: Person): Actor => ({
    kind: "staff",
    staff_id: id[who],
    name: PEOPLE[who].name,
    role: PEOPLE[who].role,
    can: (permission) => allows(ROLE_PERMISSIONS[PEOPLE[who].role], permission),
    scope: PEOPLE[who].role === "operator" ? [id[who]] : null,
  })
  // Who asks stands in the cookie, so that two people can ask at the same moment.
  const clock = { now: () => now }
  const app = await createHttp({
    db,
    clock,
    routes: routes({
      contactCounts: async (_q, ids) => new Map(ids.map((one) => [one, 1_000])),
      addedSince: async () => 0,
      taggedCounts: async () => new Map(),
    }),
    resolveActor: async ({ session }) => (session ? actorOf(session as Person) : null),
  })
  await fileDoors(app, {
    db,
    now: () => now,
    actorOf: async (request) => {
      const who = request.cookies.siyu_session
      return who ? actorOf(who as Person) : null
    },
  })
  return {
    db,
    app,
    id,
    now: () => now,
    at(moment) {
      now = new Date(moment)
    },
    async call(as, method, path, body) {
      const answer = await app.inject({
        method,
        url: `/api/accounts${path}`,
        headers: { cookie: `siyu_session=${as}` },
        ...(body ? { payload: body } : {}),
      })
      return { status: answer.statusCode, body: answer.json() }
    },
    async upload(as, account_id, content, query = {}) {
      const asked = new URLSearchParams({
        kind: "agreement",
        name: "协议.pdf",
        signed_on: "2026-11-01",
        ...query,
      })
      const answer = await app.inject({
        method: "POST",
        url: `/api/accounts/${account_id}/files?${asked}`,
        headers: { cookie: `siyu_session=${as}`, "content-type": "application/octet-stream" },
        payload: content,
      })
      return { status: answer.statusCode, body: answer.json() }
    },
    async account(name, more = {}) {
      const account_id = newId()
      const columns = {
        id: account_id,
        channel: "wecom",
        channel_ref: `hm_${account_id.slice(-12)}`,
        name,
        function: "sales",
        created_at: now,
        ...more,
      }
      const names = Object.keys(columns)
      await run(
        db,
        `insert into accounts_accounts (${names.join(", ")}) values (${names.map((_, n) => `$${n + 1}`).join(", ")})`,
        Object.values(columns),
      )
      return account_id
    },
  }
}
