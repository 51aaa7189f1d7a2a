import { beforeAll, describe, expect, it } from "vitest"
import type { Call } from "../../src/kernel/client.ts"
import { DAY_MS, SHANGHAI_OFFSET_MS } from "../../src/kernel/day.ts"
import { listAccounts } from "../../src/modules/accounts/contract.ts"
import { dashboard } from "../../src/modules/analytics/contract.ts"
import { makeCode } from "../../src/modules/codes/contract.ts"
import { listCustomers, readCustomer, readTimeline } from "../../src/modules/customers/contract.ts"
import { finish, today } from "../../src/modules/plans/contract.ts"
import { createSegment, previewSegment } from "../../src/modules/segments/contract.ts"
import {
  approveSendEndpoint as approve,
  createSendEndpoint as create,
  oneSend,
  previewSend as preview,
  submitSend as submit,
} from "../../src/modules/sends/contract.ts"
import { saveStaff } from "../../src/modules/staff/contract.ts"
import { until } from "../../src/platform/testkit/index.ts"
import { ailments, type Company, startCompany } from "../company.ts"

const STATE = "poster_send"
const NOON_MS = 12 * 3_600_000
const SLOW_MS = 60_000
let company: Company
let call: Call
let newcomer: { id: string; external_userid: string }

beforeAll(async () => {
  company = await startCompany({ size: 120 })
  call = await company.as()
  await forwardToNoon()
}, 120_000)

/** Selling is quiet at night: the shop's clock goes on to the next noon. */
async function forwardToNoon(): Promise<void> {
  const { now_ms } = (await company.sandbox("GET", "clock")) as { now_ms: number }
  const sinceMidnight = (now_ms + SHANGHAI_OFFSET_MS) % DAY_MS
  const step_ms = (NOON_MS - sinceMidnight + DAY_MS) % DAY_MS
  await company.sandbox("POST", "clock", { step_ms })
}
async function shopNow(): Promise<number> {
  return ((await company.sandbox("GET", "clock")) as { now_ms: number }).now_ms
}
const traitsOf = async (id: string) => {
  const { traits } = await call(readCustomer, { params: { id } })
  return new Map(traits.map((t) => [t.name, t]))
}

describe("a newcomer buys", () => {
  it("stage and standing follow with their reasons, points are earned, the introduction is somebody's to do", {
    timeout: SLOW_MS * 2,
  }, async () => {
    const { rows: accounts } = await call(listAccounts, {})
    const ip = accounts.find((a) => a.function === "ip")!
    await call(makeCode, { body: { name: "海报", source: "poster", state: STATE, account_ids: [ip.id] } })
    const { scanned } = (await company.sandbox("POST", "scan", { state: STATE, count: 1 })) as {
      scanned: { external_userid: string }[]
    }
    const row = await until(async () => {
      const { rows } = await call(listCustomers, { query: { limit: 5 } })
      return rows.find((r) => r.source_code === STATE && r.name !== "")
    }, SLOW_MS)
    newcomer = { id: row.id, external_userid: scanned[0]!.external_userid }
    await company.sandbox("POST", "buy", { external_userid: newcomer.external_userid, kind: "membership" })
    const traits = await until(async () => {
      const known = await traitsOf(newcomer.id)
      return known.get("customers.stage")?.value === "member" &&
        known.get("customers.standing")?.value === "paid" &&
        Number(known.get("orders.gmv_fen")?.value) > 0
        ? known
        : null
    }, SLOW_MS)
    expect(traits.get("customers.stage")?.why).not.toBeNull()
    const types = await until(async () => {
      const { rows } = await call(readTimeline, { params: { id: newcomer.id } })
      const seen = rows.map((r) => r.type)
      return seen.includes("points.earned") ? seen : null
    }, SLOW_MS)
    expect(types.filter((t) => t === "order.paid")).toHaveLength(1)
    expect(types.filter((t) => t === "points.earned")).toHaveLength(1)
    const task = await until(async () => {
      const { rows } = await call(today, { query: { mine: "false" } })
      return rows.find((r) => r.customer_id === newcomer.id && r.kind === "introduction")
    }, SLOW_MS)
    expect(task).toMatchObject({ state: "open", assignee_staff_id: ip.custodian_staff_id })
    expect(task.script.length).toBeGreaterThan(0)
    const done = await call(finish, { params: { id: task.id }, body: { evidence: "已拉三人群" } })
    expect(done.state).toBe("done")
  })
})

describe("the lead sends a segment something", () => {
  it("says who and how before, needs a second person, goes out once, and is credited for what they buy", {
    timeout: SLOW_MS * 3,
  }, async () => {
    const rule = { all: [{ offer: "customers.source_is", version: 1, args: { sources: [STATE] } }] }
    const seen = await until(async () => {
      const answer = await call(previewSegment, { body: { rule, sample: 3 } })
      return answer.count === 1 ? answer : null
    }, SLOW_MS)
    expect(seen.sentence.zh).toContain(STATE)
    const segment = await call(createSegment, { body: { name: "海报来的人", rule } })
    const send_at = new Date((await shopNow()) + 60_000).toISOString()
    const body = { name: "会员日", text: "会员日到了,{{name}}", segment_id: segment.id, send_at }
    expect(await call(preview, { body })).toMatchObject({ people: 1, reached: 1, parcels: 1, by_hand: 0 })
    const { id } = await call(create, { body })
    await call(submit, { params: { id } })
    await expect(call(approve, { params: { id } })).rejects.toMatchObject({ problem: { status: 409 } })
    const lead = await call(saveStaff, { body: { name: "第二人", role: "lead", login: "second" } })
    const second = await company.as({ login: "second", password: lead.one_time_password! })
    await call(oneSend, { params: { id } })
    expect((await second(approve, { params: { id } })).state).not.toBe("awaiting_approval")
    await company.sandbox("POST", "clock", { step_ms: 120_000 })
    await until(
      async () => (await call(oneSend, { params: { id } })).staff.some((s) => s.sent_to_staff > 0),
      SLOW_MS,
    )
    await company.sandbox("POST", "staff/press-send", {})
    const sent = await until(async () => {
      const answer = await call(oneSend, { params: { id } })
      return answer.customers.delivered === 1 ? answer : null
    }, SLOW_MS)
    expect(sent.customers).toMatchObject({ planned: 1, failed: 0 })
    await company.sandbox("POST", "buy", { external_userid: newcomer.external_userid, kind: "regular" })
    const earned = await until(async () => {
      const answer = await call(oneSend, { params: { id } })
      return answer.earned.orders === 1 ? answer.earned : null
    }, SLOW_MS)
    expect(earned.gmv_fen).toBeGreaterThan(0)
    const board = await call(dashboard, { query: {} })
    expect(board.sends).toMatchObject([{ id, orders: 1, gmv_fen: earned.gmv_fen }])
  })
})

describe("behind the pages", () => {
  it("no handler has met a fact that it cannot take, and no play a person that it cannot serve", async () => {
    expect(await ailments(company.db)).toEqual([])
  })
})
