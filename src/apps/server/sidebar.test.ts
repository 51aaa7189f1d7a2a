import { describe, expect, it } from "vitest"
import { newId } from "../../kernel/ids.ts"
import { assign } from "../../modules/tags/index.ts"
import { oneRow, run, tx } from "../../platform/db.ts"
import { openAssignments } from "../../spine/outbox/index.ts"
import { type Answer, ago, now, openSidebar } from "./sidebar.test-kit.ts"

const beside = openSidebar()
const { call, read, accounts } = beside

describe("the page beside a chat", () => {
  it("gets all of it by one request: who, the friendship, tags, next step, assignments, and what to say", async () => {
    const { customer } = await read("lin", "wm_mine")
    await tx(beside.db, (t) =>
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
      beside.db,
      "update outbox_assignments set assignee_staff_id = (select id from staff_members where channel_ref = 'lin')",
      [],
    )
    await run(
      beside.db,
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
      beside.db,
      `insert into tags_groups (id, name, dimension, exclusive, position, created_at, roles)
       values ($1, '只给负责人', 'custom', false, 90, $2, '{lead}')`,
      [group, now],
    )
    const [theirs, ours] = [newId(), newId()]
    const other = await oneRow<{ id: string }>(
      beside.db,
      "select id from tags_groups where roles is null and not exclusive limit 1",
    )
    for (const [id, of, name] of [
      [theirs, group, "重点"],
      [ours, other.id, "爱喝茶"],
    ])
      await run(
        beside.db,
        "insert into tags_tags (id, group_id, name, definition, position, created_at) values ($1, $2, $3, '说明', 90, $4)",
        [id, of, name, now],
      )
    await tx(beside.db, (t) =>
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
      beside.db,
      "select payload from facts where type = 'assignment.cancelled'",
    )
    expect(fact.payload.reason).toBe("skipped_by_hand")
    await tx(beside.db, (t) =>
      openAssignments(
        t,
        [{ cause_key: `deed:${newId()}`, kind: "transfer", title: "交接", due_at: now }],
        now,
      ),
    )
    const deed = await oneRow<{ id: string }>(
      beside.db,
      "select id from outbox_assignments where cause_key like 'deed:%'",
    )
    expect((await skip("owner", deed.id)).json()).toMatchObject({ code: "waited_for" })
  })
})
