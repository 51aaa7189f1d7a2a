import type { FastifyInstance } from "fastify"
import { beforeAll, describe, expect, it } from "vitest"
import { wecomChannel } from "../../channels/wecom/channel.ts"
import { pageSignature } from "../../channels/wecom/crypto.ts"
import {
  memoryTokenStore,
  type Platform,
  testClient,
  testPlatform,
} from "../../channels/wecom/testkit/index.ts"
import { openTickets } from "../../channels/wecom/tickets.ts"
import { DAY_MS } from "../../kernel/day.ts"
import { newId } from "../../kernel/ids.ts"
import { takeListedAccounts } from "../../modules/accounts/index.ts"
import { endContacts, ensureCustomers, takeContacts, takeProfiles } from "../../modules/customers/index.ts"
import { ensureOwner, takeListed } from "../../modules/staff/index.ts"
import { assign } from "../../modules/tags/index.ts"
import { createToken } from "../../platform/auth/tokens.ts"
import { type Db, oneRow, rows, run, tx } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { openAssignments } from "../../spine/outbox/index.ts"
import { prepareTraits } from "../../spine/traits/index.ts"
import { createServer } from "./create-server.ts"
import { wire } from "./wiring.ts"

const now = new Date("2026-11-23T04:00:00Z")
const ago = (days: number) => new Date(now.getTime() - days * DAY_MS)
const PAGE = "https://crm.example.test/sidebar?x=1"
const AGENT = 1_000_002

let db: Db
let app: FastifyInstance
let bare: FastifyInstance
let platform: Platform
const bearer: Record<string, string> = {}
const accounts: Record<string, string> = {}

type Answer = Record<string, unknown>
type Told = {
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

async function call(
  who: string | null,
  method: "GET" | "POST",
  url: string,
  payload?: object,
  more: Record<string, string> = {},
) {
  const headers = { ...(who ? { authorization: `Bearer ${bearer[who]}` } : {}), ...more }
  return app.inject({ method, url, headers, ...(payload ? { payload } : {}) })
}
const read = async (who: string, external_userid: string, account?: string) => {
  const query = new URLSearchParams({ external_userid, ...(account ? { account_id: account } : {}) })
  return (await call(who, "GET", `/api/sidebar?${query}`)).json() as Told
}

/** Two operators, one with an account of their own and a functional one, and who they know. */
beforeAll(async () => {
  db = await testDb()
  platform = await testPlatform()
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
  app = await createServer({ db, clock, routes: wired.routes })
  bare = await createServer({ db, clock, routes: wire({ sandbox: null, channels: [] }).routes })
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
})

describe("the page beside a chat", () => {
  it("gets all of it by one request: who, the friendship, tags, next step, assignments, and what to say", async () => {
    const { customer } = await read("lin", "wm_mine")
    await tx(db, (t) =>
      openAssignments(
        t,
        [
          {
            cause_key: "test:mine",
            kind: "journey",
            title: "回访王小雨",
            customer_id: customer!.id,
            assignee_staff_id: null,
            due_at: new Date(now.getTime() + 3_600_000),
          },
        ],
        now,
      ),
    )
    await run(
      db,
      "update outbox_assignments set assignee_staff_id = (select id from staff_members where channel_ref = 'lin')",
      [],
    )
    await run(
      db,
      "insert into accounts_scripts (id, function, account_id, situation, text, made_at) values ($1, 'sales', $2, 'opening', '{{name}}，您好', $3)",
      [newId(), accounts.lin, now],
    )
    const told = await read("lin", "wm_mine", accounts.lin)
    expect(told).toMatchObject({
      state: "known",
      account: {
        name: "林晓",
        function: "sales",
        scripts: [{ text: "备注 wm_mine，您好", situation: "opening" }],
      },
      friendship: { state: "friend", since: ago(3).toISOString() },
      may: { tag: true, finish: true },
      customer: {
        name: "王小雨",
        remark: "备注 wm_mine",
        phone_masked: "138****8000",
        owner_name: "林晓",
        next: { step: "assignment", situation: "opening" },
        assignments: [{ title: "回访王小雨", state: "open", cause: null }],
        last_touch: null,
      },
    })
    expect(JSON.stringify(told)).not.toContain("13800138000")
    const named = (name: string) => told.customer!.traits.find((t) => t.name === name)
    expect(named("tags.all")).toBeUndefined()
  })

  it("knows whose chat it is from who asks, where nobody says it", async () => {
    expect((await read("lin", "wm_mine")).account?.name).toMatch(/林晓|顾问/)
    expect((await read("owner", "wm_theirs")).account?.name).toBe("周可")
  })

  it("tells a stranger, a colleague's customer, somebody never met, and one who left apart, and no more than that", async () => {
    const nothing = { account: null, friendship: null, customer: null }
    expect(await read("lin", "wm_nobody")).toMatchObject({ state: "unknown", ...nothing })
    expect(await read("lin", "wm_theirs")).toMatchObject({ state: "out_of_scope", ...nothing })
    expect(await read("ke", "wm_theirs")).toMatchObject({ state: "known" })
    expect(await read("lin", "wm_left")).toMatchObject({
      state: "known",
      friendship: { state: "left_us" },
      customer: { next: { step: "not_a_friend" } },
    })
    expect(await read("owner", "wm_order")).toMatchObject({
      state: "known",
      account: null,
      friendship: { state: "never" },
    })
    expect(await read("owner", "wm_mine", newId())).toMatchObject({
      account: null,
      friendship: { state: "never" },
    })
  })

  it("is closed to whom customers are closed", async () => {
    expect((await call(null, "GET", "/api/sidebar?external_userid=wm_mine")).json()).toMatchObject({
      code: "not_signed_in",
    })
    expect((await call("lin", "GET", "/api/sidebar")).json()).toMatchObject({
      code: "invalid_input",
      field: "external_userid",
    })
  })

  it("says of each tag whether this role may take it, and what a role may not do is refused by the door itself", async () => {
    const { customer } = await read("lin", "wm_mine")
    const group = newId()
    await run(
      db,
      `insert into tags_groups (id, name, dimension, exclusive, position, created_at, roles)
       values ($1, '只给负责人', 'custom', false, 90, $2, '{lead}')`,
      [group, now],
    )
    const [theirs, ours] = [newId(), newId()]
    const other = await oneRow<{ id: string }>(
      db,
      "select id from tags_groups where roles is null and not exclusive limit 1",
    )
    for (const [id, of, name] of [
      [theirs, group, "重点"],
      [ours, other.id, "爱喝茶"],
    ])
      await run(
        db,
        "insert into tags_tags (id, group_id, name, definition, position, created_at) values ($1, $2, $3, '说明', 90, $4)",
        [id, of, name, now],
      )
    await tx(db, (t) =>
      assign(t, [{ customer_id: customer!.id, tag_id: theirs }], { source: "hand", by: null, at: now }),
    )
    const give = (key: string) =>
      call(
        "lin",
        "POST",
        `/api/tags/${ours}/customers`,
        { customer_ids: [customer!.id] },
        { "idempotency-key": key },
      )
    expect((await give("k1")).json()).toEqual({ assigned: 1, had_it: 0, not_found: 0 })
    // The line broke and the page asks again with the same key: the first answer, and nothing twice.
    expect((await give("k1")).json()).toEqual({ assigned: 1, had_it: 0, not_found: 0 })
    const tags = (await read("lin", "wm_mine")).customer!.tags
    expect(tags.find((t) => t.name === "重点")?.may_take).toBe(false)
    expect(tags.filter((t) => t.name === "爱喝茶")).toMatchObject([{ may_take: true }])
    const take = await call("lin", "POST", `/api/tags/${theirs}/customers/remove`, {
      customer_ids: [customer!.id],
    })
    expect(take.json()).toMatchObject({ code: "role_may_not" })
    expect((await read("owner", "wm_mine")).customer!.tags.every((t) => t.may_take)).toBe(true)
  })

  it("an assignment is skipped with a reason and is gone; a colleague's, a closed one and a waited-for one are not", async () => {
    const { customer } = await read("lin", "wm_mine")
    const id = customer!.assignments[0]!.id
    const skip = (who: string, one: string, reason = "客户出差，下月再约") =>
      call(who, "POST", `/api/plans/assignments/${one}/skip`, { reason })
    expect((await skip("ke", id)).json()).toMatchObject({ code: "not_found" })
    expect((await skip("lin", id, " ")).json()).toMatchObject({ code: "invalid_input", field: "reason" })
    expect((await skip("lin", id)).json()).toMatchObject({
      state: "cancelled",
      evidence_given: "客户出差，下月再约",
    })
    expect((await skip("lin", id)).json()).toMatchObject({ code: "already_closed" })
    const told = (await read("lin", "wm_mine", accounts.lin)).customer!
    expect([told.assignments, told.next.step]).toEqual([[], "greet"])
    const fact = await oneRow<{ payload: Answer }>(
      db,
      "select payload from facts where type = 'assignment.cancelled'",
    )
    expect(fact.payload.reason).toBe("skipped_by_hand")
    await tx(db, (t) =>
      openAssignments(
        t,
        [{ cause_key: `deed:${newId()}`, kind: "transfer", title: "交接", due_at: now }],
        now,
      ),
    )
    const deed = await oneRow<{ id: string }>(
      db,
      "select id from outbox_assignments where cause_key like 'deed:%'",
    )
    expect((await skip("owner", deed.id)).json()).toMatchObject({ code: "waited_for" })
  })
})

describe("signing in by WeCom's word", () => {
  const door = async () => {
    const answer = await call(null, "GET", `/api/sidebar/door?back=${encodeURIComponent(PAGE)}`)
    const url = new URL((answer.json() as { authorize_url: string }).authorize_url)
    return { url, state: url.searchParams.get("state") ?? "", cookie: answer.cookies[0]! }
  }
  const enter = async (ref: object, over: { state?: string; cookie?: string } = {}) => {
    platform.on("auth/getuserinfo", () => ({ ...ref }))
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
    for (const back of ["https://crm.example.test/customers", "javascript:alert(1)", "sidebar"])
      expect(
        (await call(null, "GET", `/api/sidebar/door?back=${encodeURIComponent(back)}`)).json(),
      ).toMatchObject({ code: "invalid_input", field: "back" })
  })

  it("opens a session for a member of staff, and the audit has a line of it", async () => {
    const answer = await enter({ userid: "lin" })
    expect(answer.json()).toMatchObject({ user: { name: "林晓", role: "operator", scope: "own" } })
    const session = answer.cookies.find((c) => c.name === "siyu_session")!
    const page = await app.inject({
      method: "GET",
      url: "/api/sidebar?external_userid=wm_mine",
      headers: { cookie: `siyu_session=${session.value}` },
    })
    expect(page.json()).toMatchObject({ state: "known" })
    const kept = await rows(db, "select from platform_audit where action = 'sidebar.sign_in'", [])
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
    const asked = platform.count("auth/getuserinfo")
    expect((await enter({ userid: "lin" }, { cookie: "" })).json()).toMatchObject({ code: "stale_state" })
    expect((await enter({ userid: "lin" }, { state: "guessed" })).json()).toMatchObject({
      code: "stale_state",
    })
    expect(platform.count("auth/getuserinfo")).toBe(asked)
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
    expect((await sign("lin", "https://crm.example.test/customers")).json()).toMatchObject({
      code: "invalid_input",
      field: "url",
    })
  })

  it("a company without an application is told so, and has no way in by WeCom", async () => {
    const get = (url: string) =>
      bare.inject({ method: "GET", url, headers: { authorization: `Bearer ${bearer.lin}` } })
    expect((await get(`/api/sidebar/door?back=${encodeURIComponent(PAGE)}`)).json()).toEqual({
      authorize_url: null,
    })
    expect((await get(`/api/sidebar/signature?url=${encodeURIComponent(PAGE)}`)).json()).toMatchObject({
      code: "no_client",
    })
  })
})
