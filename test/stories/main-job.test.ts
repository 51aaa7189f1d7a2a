import { beforeAll, describe, expect, it } from "vitest"
import { listAccounts } from "../../src/modules/accounts/contract.ts"
import { dashboard } from "../../src/modules/analytics/contract.ts"
import { makeCode } from "../../src/modules/codes/contract.ts"
import { listCustomers, readCustomer, readTimeline } from "../../src/modules/customers/contract.ts"
import { listGroups } from "../../src/modules/groups/contract.ts"
import { today } from "../../src/modules/plans/contract.ts"
import { listStaff } from "../../src/modules/staff/contract.ts"
import { oneRow } from "../../src/platform/db.ts"
import { until } from "../../src/platform/testkit/index.ts"
import { ailments, type Company, startCompany } from "../company.ts"

let company: Company
beforeAll(async () => {
  company = await startCompany({ size: 200 })
}, 90_000)

describe("a company at one command", () => {
  it("has its staff, one account of each function in somebody's custody, its groups and customers, all come in over the wire", async () => {
    const call = await company.as()
    const { rows: staff } = await call(listStaff, {})
    expect(staff.filter((s) => s.channel_ref !== null)).toHaveLength(6)
    const { rows: accounts } = await call(listAccounts, {})
    const functional = accounts.filter((a) => a.channel_ref?.startsWith("hm_"))
    expect(functional.map((a) => a.function).sort()).toEqual(["agent", "ip", "member", "sales"])
    expect(functional.every((a) => a.custodian_name !== null)).toBe(true)
    expect((await call(listGroups, {})).rows.length).toBe(8)
    const page = await call(listCustomers, { query: { with_total: "true", limit: 1 } })
    expect(page.total).toBeGreaterThanOrEqual(200)
  })

  it("shows numbers that equal SQL over the raw orders", async () => {
    const call = await company.as()
    const both = async () => {
      const board = await call(dashboard, { query: { from: "2025-11-01", to: "2026-12-01" } })
      const of = (name: string) => board.numbers.find((n) => n.name === name)?.value
      const raw = await oneRow<{ orders: number; gmv_fen: number }>(
        company.db,
        "select count(*) as orders, coalesce(sum(paid_fen), 0)::bigint as gmv_fen from orders_orders where cancelled_day is null or paid_fen > 0",
      )
      return { shown: { orders: of("orders"), gmv_fen: of("gmv_fen") }, raw }
    }
    // The board follows the facts a moment behind; once it has caught up it must agree to the fen.
    await until(async () => (await both()).shown.orders === (await both()).raw.orders, 15_000).catch(
      () => undefined,
    )
    const { shown, raw } = await both()
    expect(shown).toEqual(raw)
    expect(raw.orders).toBeGreaterThan(100)
  })
})

describe("a customer scans a contact code", () => {
  it("becomes a customer with source and owner, and is welcomed once, within the channel's twenty seconds", async () => {
    const call = await company.as()
    const { rows: accounts } = await call(listAccounts, {})
    const ip = accounts.find((a) => a.function === "ip")!
    const code = await call(makeCode, {
      body: {
        name: "门店海报",
        source: "store_poster",
        state: "poster_1",
        account_ids: [ip.id],
        welcome_text: "你好，我是小禾",
      },
    })
    expect(code.problem).toBeNull()
    await company.sandbox("POST", "scan", { state: "poster_1", count: 1 })
    const found = await until(async () => {
      const page = await call(listCustomers, { query: { limit: 1 } })
      const row = page.rows[0]
      return row?.source_code === "poster_1" && row.name !== "" ? row : null
    }, 30_000)
    expect(found.owner_staff_id).toBe(ip.custodian_staff_id)
    const profile = await call(readCustomer, { params: { id: found.id } })
    expect(profile.contacts).toMatchObject([{ account_id: ip.id, state: "poster_1", removed_at: null }])
    const types = await until(async () => {
      const { rows } = await call(readTimeline, { params: { id: found.id } })
      const seen = rows.map((r) => r.type)
      return seen.includes("welcome.sent") || seen.includes("welcome.missed") ? seen : null
    }, 25_000)
    expect(types.filter((t) => t.startsWith("welcome."))).toEqual(["welcome.sent"])
    expect(types).toContain("customer.contact_added")
    const todo = await until(async () => {
      const { rows } = await call(today, { query: { mine: "false" } })
      return rows.find((one) => one.customer_id === found.id) ?? null
    }, 20_000)
    expect(todo).toMatchObject({
      kind: "journey",
      state: "open",
      title: `认识新朋友${found.name}`,
      assignee_staff_id: ip.custodian_staff_id,
    })
  })
})

describe("behind the pages", () => {
  it("no handler has met a fact that it cannot take, and no play a person that it cannot serve", async () => {
    expect(await ailments(company.db)).toEqual([])
  })
})
