import { beforeAll, describe, expect, it } from "vitest"
import { CallRefused } from "../../src/kernel/client.ts"
import { listAccounts } from "../../src/modules/accounts/contract.ts"
import { giveBack, takeBack, writeOff } from "../../src/modules/accounts/custody/contract.ts"
import { RETURN_ITEMS } from "../../src/modules/accounts/custody/rules.ts"
import { listCustomers, readCustomer, readTimeline } from "../../src/modules/customers/contract.ts"
import { listAudit, listStaff } from "../../src/modules/staff/contract.ts"
import {
  listTransfers,
  makeTransfer,
  readTransfer,
  tryTransfer,
} from "../../src/modules/transfers/contract.ts"
import {
  closeLeaving,
  listLeavings,
  lookForUnowned,
  planLeaving,
  readHoldings,
} from "../../src/modules/transfers/leaving/contract.ts"
import { until } from "../../src/platform/testkit/index.ts"
import { ailments, type Company, startCompany } from "../company.ts"

const DAY_MS = 86_400_000
let company: Company
beforeAll(async () => {
  company = await startCompany({ size: 120, paused: true })
}, 90_000)

const dayPasses = () => company.sandbox("POST", "clock", { step_ms: DAY_MS + 3_600_000 })
const refused = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => null,
    (e: unknown) => e,
  )
  return error instanceof CallRefused ? error.problem : error
}

describe("customers pass from one account to another", () => {
  it("over WeCom: after a day those who did not refuse are friends of the other account and looked after by its custodian", async () => {
    const call = await company.as()
    const { rows: accounts } = await call(listAccounts, {})
    const sales = accounts.find((a) => a.channel_ref === "hm_sales_01")!
    const member = accounts.find((a) => a.channel_ref === "hm_member_01")!
    const { rows } = await call(listCustomers, { query: { account_id: sales.id, limit: 20 } })
    const ids = rows.map((r) => r.id)
    const who = { customer_ids: ids }
    const tried = await call(tryTransfer, { body: { who, to_account_id: member.id } })
    expect(tried.move + tried.owner + tried.held.already_there).toBe(ids.length)
    expect(tried.move).toBeGreaterThan(0)
    const { id, customers } = await call(makeTransfer, {
      body: {
        who,
        to_account_id: member.id,
        reason: "rearranged",
        message: "以后由会员管家为您服务",
        confirmed: tried.move + tried.owner,
      },
    })
    expect(customers).toBe(tried.move + tried.owner)
    await until(async () => {
      const { customers: c } = await call(readTransfer, { params: { id } })
      return c.waiting === tried.move
    }, 20_000)
    await dayPasses()
    const ended = await until(async () => {
      const { customers: c } = await call(readTransfer, { params: { id } })
      return c.waiting + c.asked + c.planned === 0 ? c : null
    }, 30_000)
    expect(ended.done + ended.refused).toBe(customers)
    expect(ended.done).toBeGreaterThan(0)
    const moved = await until(async () => {
      for (const customer of ids) {
        const { rows: facts } = await call(readTimeline, { params: { id: customer } })
        if (facts.some((f) => f.type === "customer.transferred")) return customer
      }
      return null
    }, 10_000)
    const profile = await call(readCustomer, { params: { id: moved } })
    expect(profile.owner_name).toBe(member.custodian_name)
    expect(profile.contacts.some((c) => c.account_id === member.id && c.removed_at === null)).toBe(true)
  })
})

describe("an employee leaves", () => {
  it("in WeCom: two accounts back or written off, customers and groups with others, nothing lost or without an owner, only then it is closed", async () => {
    const call = await company.as()
    const { rows: staff } = await call(listStaff, {})
    const { rows: accounts } = await call(listAccounts, {})
    const goes = staff.find((s) => s.channel_ref === "zhou_ke")!
    const takes = accounts.find((a) => a.channel_ref === "hm_sales_01")!
    expect(takes.custodian_staff_id).not.toBe(goes.id)
    const before = await people()
    await company.sandbox("POST", "staff/resign", { userid: "zhou_ke" })
    const params = { id: goes.id }
    await until(async () => (await call(listLeavings, {})).rows.some((l) => l.staff_id === goes.id), 30_000)
    const held = await call(readHoldings, { params })
    expect(held.staff).toMatchObject({ status: "leaving", gone: true })
    expect(held.accounts).toHaveLength(2)
    expect(await refused(call(closeLeaving, { params, body: {} }))).toMatchObject({
      code: "still_holds",
      detail: { accounts: held.accounts.map((a) => a.name) },
    })
    await call(planLeaving, {
      params,
      body: {
        customers_to_account_id: takes.id,
        groups_to_account_id: takes.id,
        assignments_to_staff_id: takes.custodian_staff_id!,
        message: "以后由我来服务您",
      },
    })
    await until(async () => (await call(readHoldings, { params })).groups.length === 0, 30_000)
    await until(async () => (await open("planned", "asked")) === 0, 30_000)
    await dayPasses()
    await until(async () => (await open("waiting")) === 0, 30_000)
    const [back, lost] = held.accounts
    await giveAccountsBack([back!])
    await call(writeOff, { params: { id: lost!.id }, body: { reason: "手机丢了，找不回来" } })
    // Who refused to be handed over stays with the account, and is looked after by whoever is named.
    await call(planLeaving, { params, body: { customers_to_account_id: takes.id } })
    await until(async () => (await open("planned", "asked")) === 0, 30_000)
    await dayPasses()
    await until(
      async () =>
        (await call(listLeavings, {})).rows.some((l) => l.staff_id === goes.id && l.closed_at !== null),
      30_000,
    )
    expect((await call(listStaff, {})).rows.find((s) => s.id === goes.id)!.status).toBe("left")
    expect(await people()).toBeGreaterThanOrEqual(before)
    const unowned = await call(lookForUnowned, { body: {} })
    expect(unowned.rows.filter((r) => r.n > 0 && r.kind !== "accounts")).toEqual([])
    const audit = await call(listAudit, { query: { limit: 100 } })
    const done = audit.rows.map((r) => `${r.action} ${r.target}`)
    expect(done).toContain(`accounts.take_back account:${back!.id}`)
    expect(done).toContain(`accounts.write_off account:${lost!.id}`)
    expect(await ailments(company.db)).toEqual([])
  })
})

const people = async () => {
  const call = await company.as()
  return (await call(listCustomers, { query: { with_total: "true", limit: 1 } })).total!
}

type State = "planned" | "asked" | "waiting"
async function open(...states: State[]): Promise<number> {
  const call = await company.as()
  const { rows } = await call(listTransfers, {})
  return rows.reduce((sum, x) => sum + states.reduce((n, state) => n + x.customers[state], 0), 0)
}

async function giveAccountsBack(held: { id: string }[]) {
  const call = await company.as()
  for (const { id } of held) {
    const params = { id }
    await call(giveBack, { params, body: { reason: "保管人离职" } })
    const checklist = Object.fromEntries(RETURN_ITEMS.map((item) => [item, true])) as never
    await call(takeBack, { params, body: { to: "retired", checklist } })
  }
}
