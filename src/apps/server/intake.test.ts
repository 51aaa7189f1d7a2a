import { beforeEach, describe, expect, it } from "vitest"
import type { Happening } from "../../channels/protocol/index.ts"
import { type Db, oneRow, rows, tx } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { intake, type TagIntake } from "./intake.ts"

const now = new Date("2026-11-23T04:00:00Z")
const noTags: TagIntake = { catalogue: async () => {}, worn: async () => {} }
let db: Db
let added: number

beforeEach(async () => {
  db ??= await testDb()
  added = 0
})

const hear = (...happenings: Happening[]) => tx(db, (t) => intake(t, "wecom", happenings, noTags, now))
const adding = (account_ref: string, external_ref: string): Happening => ({
  type: "contact_added",
  at: new Date(now.getTime() + added++ * 1_000),
  origin: "live",
  account_ref,
  external_ref,
  half: false,
  state: "poster",
  welcome: { code: `WC-${external_ref}`, expires_at: new Date(now.getTime() + 18_000) },
})
const listing = (account_ref: string, over: Record<string, unknown> = {}): Happening => ({
  type: "staff_listed",
  at: now,
  origin: "history",
  complete: true,
  staff: [
    {
      account_ref,
      name: "新来的小唐",
      departments: [],
      status: "active",
      serves_customers: true,
      ...over,
    },
  ],
})
const accountOf = (ref: string) =>
  oneRow<{ id: string; name: string; function: string; listed: boolean; holder: string | null }>(
    db,
    `select a.id, a.name, a.function, a.listed, m.channel_ref as holder
     from accounts_accounts a left join staff_members m on m.id = a.custodian_staff_id where a.channel_ref = $1`,
    [ref],
  )
const customerOf = (external: string) =>
  oneRow<{ account: string; welcome: string | null; holder: string | null }>(
    db,
    `select a.channel_ref as account, f.payload->>'welcome_code' as welcome, m.channel_ref as holder
     from customers_contacts c join accounts_accounts a on a.id = c.account_id
     join customers_customers k on k.id = c.customer_id left join staff_members m on m.id = k.owner_staff_id
     join facts f on f.subject = c.customer_id and f.type = 'customer.contact_added'
     where c.external_userid = $1`,
    [external],
  )

describe("a customer who adds an employee whom the directory has not told of yet", () => {
  it("is a customer at once, with the welcome", async () => {
    await hear(adding("new_1", "wm_new_1"))
    expect(await customerOf("wm_new_1")).toEqual({
      account: "new_1",
      welcome: "WC-wm_new_1",
      holder: null,
    })
    expect(await accountOf("new_1")).toMatchObject({ name: "new_1", function: "sales", listed: false })
  })

  it("becomes the employee's when the directory names them, and the account gets its name", async () => {
    await hear(adding("new_2", "wm_new_2"))
    await hear(listing("new_2"))
    expect(await accountOf("new_2")).toMatchObject({
      name: "新来的小唐",
      listed: true,
      holder: "new_2",
    })
    expect(await customerOf("wm_new_2")).toMatchObject({ holder: "new_2" })
    const told = await rows<{ type: string }>(
      db,
      "select type from facts where subject = (select id from accounts_accounts where channel_ref = 'new_2') order by id",
    )
    expect(told.map((f) => f.type)).toEqual([
      "account.listed",
      "account.custody_changed",
      "account.finding_opened",
    ])
  })

  it("is looked after by the function that the directory gives the account", async () => {
    await hear(listing("leader_3"))
    await hear(adding("care_3", "wm_new_3"))
    await hear(listing("care_3", { position: "会员号", leader_refs: ["leader_3"] }))
    expect(await accountOf("care_3")).toMatchObject({ function: "member", holder: "leader_3" })
    await hear(listing("care_3", { position: "成交号", leader_refs: ["leader_3"] }))
    expect(await accountOf("care_3")).toMatchObject({ function: "member" })
  })

  it("is the employee's from the first moment where they are known, but did not serve customers before", async () => {
    await hear(listing("clerk_4", { serves_customers: false }))
    await hear(adding("clerk_4", "wm_new_4"))
    expect(await customerOf("wm_new_4")).toMatchObject({ account: "clerk_4", holder: "clerk_4" })
  })

  it("is found by a fetched profile as well", async () => {
    await hear({
      type: "profile",
      at: now,
      origin: "history",
      external_ref: "wm_new_5",
      name: "小满",
      kind: "wechat",
      gender: "female",
      follows: [{ account_ref: "new_5", created_at: now }],
      follows_complete: true,
    })
    expect(await customerOf("wm_new_5")).toMatchObject({ account: "new_5" })
  })

  it("whose friendship ends is nobody's new account", async () => {
    await hear({
      type: "contact_left",
      at: now,
      origin: "live",
      account_ref: "gone_6",
      external_ref: "wm_new_6",
    })
    expect(await rows(db, "select 1 from accounts_accounts where channel_ref = 'gone_6'")).toEqual([])
  })
})
