import fc from "fast-check"
import { beforeAll, describe, expect, it } from "vitest"
import { newId } from "../../../kernel/ids.ts"
import { oneRow, rows, run } from "../../../platform/db.ts"
import { makeTouchPartitions } from "../../../spine/outbox/index.ts"
import { ALL_BACK, type Office, openOffice } from "../accounts.fixture.ts"
import { type Hazard, hazardAfter, INCIDENT_KINDS } from "./rules.ts"
import { vacateOnce } from "./vacate.ts"

let office: Office
beforeAll(async () => {
  office = await openOffice()
  await makeTouchPartitions(office.db, office.now())
})

const report = (who: "keeper" | "ying" | "lan" | "viewer", id: string, kind: string) =>
  office.call(who, "POST", `/${id}/incidents`, { kind, note: "登录时提示异常" })
const flag = async (id: string) =>
  (
    await oneRow<{ to_vacate: boolean }>(office.db, "select to_vacate from accounts_accounts where id = $1", [
      id,
    ])
  ).to_vacate

/** Touches that are planned through an account, as many as said. */
async function plan(account_id: string, n: number) {
  const message_id = newId()
  await run(
    office.db,
    `insert into outbox_messages (id, touch_kind, nature, when_capped, content) values ($1, 'send_private', 'service', 'leave_out', '{}')`,
    [message_id],
  )
  await run(
    office.db,
    `insert into outbox_touches (id, part, customer_id, cause_id, visit, cause_kind, message_id, account_id, day, due_at, expires_at, state)
     select nextval('outbox_touch_id'), '2026-11-01', gen_random_uuid(), $1, 0, 'send', $1, $2, 20781, '2026-11-25', '2026-12-25', 'planned'
     from generate_series(1, $3)`,
    [message_id, account_id, n],
  )
}
const planned = async (account_id: string) =>
  (
    await oneRow<{ n: number }>(
      office.db,
      "select count(*) as n from outbox_touches where account_id = $1 and state = 'planned'",
      [account_id],
    )
  ).n

describe("what an incident leaves an account in", () => {
  it("is never better than before", () => {
    const weight = { none: 0, restricted: 1, banned: 2, lost: 3 }
    fc.assert(
      fc.property(
        fc.constantFrom<Hazard>("none", "restricted", "banned", "lost"),
        fc.constantFrom(...INCIDENT_KINDS),
        (before, kind) => {
          expect(weight[hazardAfter(before, kind)]).toBeGreaterThanOrEqual(weight[before])
        },
      ),
    )
  })
})

describe("an incident", () => {
  it("is told by whoever holds the account or keeps the accounts, stops it at once, and is over when a keeper says so", async () => {
    const id = await office.account("事故 01", { custodian_staff_id: office.id.ying })
    expect((await report("viewer", id, "banned")).status).toBe(403)
    expect((await report("lan", id, "banned")).body).toMatchObject({ code: "not_custodian" })
    expect((await report("ying", id, "restricted")).body).toMatchObject({ hazard: "restricted" })
    expect((await report("keeper", id, "complaint")).body).toMatchObject({ hazard: "restricted" })
    expect((await report("keeper", id, "banned")).body).toMatchObject({ hazard: "banned" })
    expect((await office.call("ying", "POST", `/${id}/hazard/clear`, { note: "好了" })).status).toBe(403)
    expect(
      (await office.call("keeper", "POST", `/${id}/hazard/clear`, { note: "申诉成功" })).body,
    ).toMatchObject({
      hazard: "none",
    })
    expect(
      (await office.call("keeper", "POST", `/${id}/hazard/clear`, { note: "再解一次" })).body,
    ).toMatchObject({
      code: "no_hazard",
    })
    const { rows: told } = (await office.call("lan", "GET", `/${id}/incidents`)).body as unknown as {
      rows: object[]
    }
    expect(told).toHaveLength(3)
    for (const one of told) expect(one).toMatchObject({ over_by_name: "钱保管", over_note: "申诉成功" })
    const facts = await rows<{ type: string; to: string | null }>(
      office.db,
      "select type, payload->>'to' as to from facts where subject = $1 order by id",
      [id],
    )
    expect(facts.map((f) => (f.to ? `${f.type} ${f.to}` : f.type))).toEqual([
      "account.incident",
      "account.hazard_changed restricted",
      "account.incident",
      "account.incident",
      "account.hazard_changed banned",
      "account.hazard_changed none",
    ])
  })
})

describe("what is planned through an account that stops", () => {
  it("is taken from it piece by piece, and from no other; then nothing is looked for any more", async () => {
    const [id, other] = [await office.account("停用 01"), await office.account("停用 02")]
    await plan(id, 25)
    await plan(other, 5)
    expect(await vacateOnce(office.db, office.now(), 10)).toBe(0)
    await report("keeper", id, "lost")
    const moved: number[] = []
    for (let n = 1; n > 0; moved.push(n)) n = await vacateOnce(office.db, office.now(), 10)
    expect(moved).toEqual([10, 10, 5, 0])
    expect([await planned(id), await planned(other), await flag(id)]).toEqual([0, 5, false])
    const reasons = await rows<{ reason: string }>(
      office.db,
      "select distinct reason from outbox_touches where state = 'unplaced'",
    )
    expect(reasons).toEqual([{ reason: "account_stopped" }])
  })

  it("stays with an account that is well again before its turn, and goes from one on its way back", async () => {
    const id = await office.account("停用 03", { custodian_staff_id: office.id.ying })
    await plan(id, 3)
    await report("keeper", id, "restricted")
    await office.call("keeper", "POST", `/${id}/hazard/clear`, { note: "误报" })
    expect(await vacateOnce(office.db, office.now(), 10)).toBe(0)
    expect([await planned(id), await flag(id)]).toEqual([3, false])
    await office.call("ying", "POST", `/${id}/give-back`, { reason: "离职" })
    expect(await vacateOnce(office.db, office.now(), 10)).toBe(3)
    await office.call("keeper", "POST", `/${id}/take-back`, { to: "retired", checklist: ALL_BACK })
    expect((await report("keeper", id, "lost")).body).toMatchObject({ code: "account_over" })
  })
})
