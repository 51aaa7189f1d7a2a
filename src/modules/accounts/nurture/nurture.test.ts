import { beforeAll, describe, expect, it } from "vitest"
import { dayNumber } from "../../../kernel/day.ts"
import { oneRow, rows, run, tx } from "../../../platform/db.ts"
import { append, drain, registerHandlers } from "../../../spine/facts/index.ts"
import { assignmentsOf, doAssignment, touchDelivered } from "../../../spine/outbox/index.ts"
import { type Office, openOffice, PDF } from "../accounts.fixture.ts"
import { nurtureHandler } from "./handlers.ts"
import { night } from "./night.ts"
import { NURTURE_ITEMS } from "./rules.ts"

let office: Office
const handler = nurtureHandler("customer.contact_added")
beforeAll(async () => {
  office = await openOffice()
  await registerHandlers(office.db, [handler])
})

const level = async (id: string) => (await office.call("keeper", "GET", `/${id}`)).body.nurture_level
const calendar = async (id: string) => (await office.call("keeper", "GET", `/${id}/nurture`)).body
const tick = (who: "keeper" | "ying", id: string, body: object) =>
  office.call(who, "POST", `/${id}/nurture`, body)
const lists = async () =>
  (
    await assignmentsOf(office.db, {
      staff_ids: null,
      from: new Date("2026-11-01"),
      until: new Date("2027-12-31"),
    })
  ).filter((a) => a.kind === "nurture")

describe("the daily list of an account that is being nurtured", () => {
  it("comes up as one assignment of whoever tends it: at once, then every day, and never twice", async () => {
    const id = await office.account("养号 01", { state: "starting", tended_by: office.id.keeper })
    await office.upload("keeper", id, PDF)
    await office.call("keeper", "POST", `/${id}/move`, { to: "nurturing" })
    expect(await lists()).toMatchObject([
      { title: "养号「养号 01」 2026-11-23", assignee_staff_id: office.id.keeper, evidence: "text" },
    ])
    await Promise.all([night(office.db, office.now()), night(office.db, office.now())])
    expect(await lists()).toHaveLength(1)
    office.at("2026-11-24T01:00:00Z")
    await night(office.db, office.now())
    await night(office.db, office.now())
    expect((await lists()).map((a) => a.title.slice(-10)).sort()).toEqual(["2026-11-23", "2026-11-24"])
  })

  it("ticked with proof it fills the calendar; all of it closes the day's assignment", async () => {
    const [{ id }] = (await rows<{ id: string }>(
      office.db,
      "select id from accounts_accounts where name = '养号 01'",
    )) as [{ id: string }]
    expect((await tick("keeper", id, { items: ["like"] })).body).toMatchObject({
      code: "evidence_missing",
      field: "note",
    })
    expect((await tick("ying", id, { items: ["like"], note: "赞" })).status).toBe(403)
    expect((await tick("keeper", id, { items: ["dance"], note: "跳舞" })).body).toMatchObject({
      code: "invalid_input",
    })
    expect(
      (await tick("keeper", id, { items: ["like"], note: "早了", day: "2026-11-20" })).body,
    ).toMatchObject({
      code: "day_out_of_reach",
    })
    await tick("keeper", id, { items: ["like", "chat"], note: "聊了两位老同事" })
    expect(await calendar(id)).toMatchObject({
      today: "2026-11-24",
      days: [{ day: "2026-11-24", items: ["chat", "like"], notes: ["聊了两位老同事"], active: false }],
      active_days: 0,
    })
    await tick("keeper", id, { items: ["steps"], note: "八千步" })
    expect(await calendar(id)).toMatchObject({ active_days: 1 })
    await tick("keeper", id, { items: [...NURTURE_ITEMS], note: "都做了" })
    expect((await lists()).find((a) => a.title.endsWith("2026-11-24"))).toMatchObject({ state: "done" })
  })

  it("done from the list of the day it counts as whole", async () => {
    const first = (await lists()).find((a) => a.title.endsWith("2026-11-23"))!
    await tx(office.db, (t) =>
      doAssignment(t, first.id, { staff_id: office.id.keeper, evidence: "截图已传" }, office.now()),
    )
    await drain(office.db, [handler], () => office.now())
    expect(await calendar(first.account_id!)).toMatchObject({
      active_days: 2,
      days: [{ day: "2026-11-24" }, { day: "2026-11-23", items: [...NURTURE_ITEMS].sort(), active: true }],
    })
  })

  it("is not the custodian's to tick: an account on the shelf that somebody holds refuses them", async () => {
    const id = await office.account("养号 02", { state: "ready", custodian_staff_id: office.id.keeper })
    expect((await tick("keeper", id, { items: ["like"], note: "自己养" })).body).toMatchObject({
      code: "self_check",
    })
    const used = await office.account("养号 03")
    expect((await tick("keeper", used, { items: ["like"], note: "在用" })).body).toMatchObject({
      code: "illegal_transition",
      detail: { state: "in_use" },
    })
  })
})

describe("the nurture level", () => {
  it("grows with days on which the account reached somebody, and falls for thirty days after an incident", async () => {
    const id = await office.account("等级 01", { active_days_before: 88 })
    const day = (n: number) => new Date(Date.parse("2026-11-25T02:00:00Z") + n * 86_400_000)
    await tx(office.db, (t) =>
      append(
        t,
        [0, 0, 1].map((n) =>
          touchDelivered.of({
            subject: id,
            occurred_at: day(n),
            payload: {
              touch_id: n,
              cause_kind: "send",
              cause_id: id,
              visit: 0,
              account_id: id,
              nature: "service",
            },
          }),
        ),
      ),
    )
    await drain(office.db, [handler], () => day(2))
    office.at("2026-11-27T02:00:00Z")
    await night(office.db, office.now())
    expect(await level(id)).toBe(3)
    expect((await office.call("keeper", "GET", `/${id}`)).body.quotas).toMatchObject({ friends: 80 })
    await office.call("keeper", "POST", `/${id}/incidents`, { kind: "complaint", note: "被客户投诉" })
    office.at("2026-11-28T02:00:00Z")
    await night(office.db, office.now())
    expect(await level(id)).toBe(2)
    office.at("2026-12-28T02:00:00Z")
    await night(office.db, office.now())
    expect(await level(id)).toBe(3)
  })

  it("that somebody had set by hand before levels were computed is kept as the days it stands for", async () => {
    const id = await office.account("等级 02", { nurture_level: 4 })
    office.at("2026-12-29T02:00:00Z")
    await night(office.db, office.now())
    expect(await level(id)).toBe(4)
    expect(
      await oneRow(office.db, "select active_days_before as n from accounts_accounts where id = $1", [id]),
    ).toEqual({
      n: 120,
    })
    await run(office.db, "update accounts_nights set done_day = $1", [dayNumber(office.now()) - 1])
  })
})
