import type { FastifyInstance } from "fastify"
import { beforeAll } from "vitest"
import { wecomChannel } from "../../channels/wecom/channel.ts"
import {
  memoryTokenStore,
  type Platform,
  testClient,
  testPlatform,
} from "../../channels/wecom/testkit/index.ts"
import { openTickets } from "../../channels/wecom/tickets.ts"
import { DAY_MS } from "../../kernel/day.ts"
import { takeListedAccounts } from "../../modules/accounts/index.ts"
import { endContacts, ensureCustomers, takeContacts, takeProfiles } from "../../modules/customers/index.ts"
import { ensureOwner, takeListed } from "../../modules/staff/index.ts"
import { createToken } from "../../platform/auth/tokens.ts"
import { type Db, oneRow, rows, tx } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { prepareTraits } from "../../spine/traits/index.ts"
import { createServer } from "./create-server.ts"
import { wire } from "./wiring.ts"

export const now = new Date("2026-11-23T04:00:00Z")
export const ago = (days: number) => new Date(now.getTime() - days * DAY_MS)
export const HOST = "crm.example.test"
export const PAGE = `https://${HOST}/sidebar?x=1`
export const AGENT = 1_000_002

export type Answer = Record<string, unknown>
export type Told = {
  state: string
  account: { name: string; scripts: { text: string }[] } | null
  friendship: { state: string } | null
  customer: {
    id: string
    name: string
    phone_masked: string
    tags: { name: string; may_take: boolean }[]
    next: { step: string; assignment_id: string | null }
    assignments: { id: string; title: string; cause: unknown }[]
    traits: { name: string; value: unknown; why: unknown }[]
  } | null
}

/** A server beside whose chats the page stands, and one of a company without an application. */
export type Sidebar = {
  db: Db
  app: FastifyInstance
  bare: FastifyInstance
  platform: Platform
  bearer: Record<string, string>
  accounts: Record<string, string>
  call(
    who: string | null,
    method: "GET" | "POST",
    url: string,
    payload?: object,
    more?: Record<string, string>,
  ): Promise<Awaited<ReturnType<FastifyInstance["inject"]>>>
  read(who: string, external_userid: string, account?: string): Promise<Told>
}

/** Two operators, one with an account of their own and a functional one, and who they know. */
export function openSidebar(): Sidebar {
  const bearer: Record<string, string> = {}
  const accounts: Record<string, string> = {}
  const sidebar = {
    bearer,
    accounts,
    call(who, method, url, payload, more = {}) {
      const headers = { host: HOST, ...(who ? { authorization: `Bearer ${bearer[who]}` } : {}), ...more }
      return sidebar.app.inject({ method, url, headers, ...(payload ? { payload } : {}) })
    },
    async read(who, external_userid, account) {
      const query = new URLSearchParams({ external_userid, ...(account ? { account_id: account } : {}) })
      return (await sidebar.call(who, "GET", `/api/sidebar?${query}`)).json() as Told
    },
  } as Sidebar
  beforeAll(async () => {
    const db = await testDb()
    const platform = await testPlatform()
    platform.on("get_jsapi_ticket", () => ({ ticket: "jsapi-ticket-demo", expires_in: 7200 }))
    platform.on("ticket/get", () => ({ ticket: "agent-ticket-demo", expires_in: 7200 }))
    const store = memoryTokenStore()
    const client = testClient(platform.base, store)
    const channel = wecomChannel({
      client,
      agent_id: AGENT,
      page: {
        corp_id: "ww0123456789abcdef",
        agent_id: AGENT,
        oauth_base: "https://open.weixin.qq.com",
        tickets: openTickets({ corp_id: "ww0123456789abcdef", agent_id: AGENT, client, store }),
        machine_now_ms: () => 1_767_225_600_000,
        nonce: () => "n0nce",
      },
      now: () => now,
    })
    const wired = wire({ sandbox: null, channels: [channel] })
    await prepareTraits(db, wired.registry)
    await ensureOwner(db, "owner-password-1", now)
    const clock = { now: () => now }
    const app = await createServer({ db, clock, routes: wired.routes })
    const bare = await createServer({ db, clock, routes: wire({ sandbox: null, channels: [] }).routes })
    const listed = (ref: string, name: string, status: "active" | "disabled" = "active") => ({
      ref,
      name,
      position: "用户运营",
      status,
    })
    await tx(db, async (t) => {
      await takeListed(
        t,
        [listed("lin", "林晓"), listed("ke", "周可"), listed("gone", "离开的人", "disabled")],
        now,
      )
      const of = (ref: string, name: string, leader: string) => ({
        channel: "wecom",
        ref,
        name,
        function: "sales" as const,
        leader_refs: [leader],
      })
      await takeListedAccounts(
        t,
        [of("lin", "林晓", "lin"), of("hm_sales_01", "顾问", "lin"), of("ke", "周可", "ke")],
        now,
      )
    })
    for (const { id, channel_ref } of await rows<{ id: string; channel_ref: string }>(
      db,
      "select id, channel_ref from staff_members where channel_ref is not null",
    ))
      bearer[channel_ref] = (await createToken(db, { name: channel_ref, staff_id: id })).token
    const owner = await oneRow<{ id: string }>(db, "select id from staff_members where role = 'owner'")
    bearer.owner = (await createToken(db, { name: "owner", staff_id: owner.id })).token
    for (const { id, channel_ref } of await rows<{ id: string; channel_ref: string }>(
      db,
      "select id, channel_ref from accounts_accounts",
    ))
      accounts[channel_ref] = id
    const staff = Object.fromEntries(
      (
        await rows<{ id: string; channel_ref: string }>(
          db,
          "select id, channel_ref from staff_members where channel_ref is not null",
        )
      ).map((r) => [r.channel_ref, r.id]),
    )
    const met = (external_userid: string, account: string, by: string, days: number) => ({
      account_id: accounts[account]!,
      custodian_staff_id: staff[by]!,
      external_userid,
      remark: `备注 ${external_userid}`,
      at: ago(days),
      origin: "history" as const,
    })
    await tx(db, async (t) => {
      await takeContacts(
        t,
        [
          met("wm_mine", "hm_sales_01", "lin", 40),
          met("wm_mine", "lin", "lin", 3),
          met("wm_theirs", "ke", "ke", 9),
          met("wm_left", "lin", "lin", 9),
        ],
        now,
      )
      await takeProfiles(
        t,
        [
          {
            external_userid: "wm_mine",
            name: "王小雨",
            gender: 2,
            mobiles: ["13800138000"],
            at: ago(3),
            origin: "history",
          },
        ],
        now,
      )
      await endContacts(t, [
        { account_id: accounts.lin!, external_userid: "wm_left", at: ago(1), origin: "live", by: "customer" },
      ])
      await ensureCustomers(
        t,
        [{ identities: [{ kind: "external_userid", value: "wm_order" }], seen_at: ago(1) }],
        now,
      )
    })
    Object.assign(sidebar, { db, app, bare, platform })
  })
  return sidebar
}
