import { beforeAll, describe, expect, it } from "vitest"
import { newId } from "../../kernel/ids.ts"
import { type Db, tx } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { assignmentsOf, countAssignments, doAssignment, openAssignments } from "./assignments.ts"
import { days, minutes, NOON } from "./outbox.fixture.ts"

const me = newId()
let db: Db
beforeAll(async () => {
  db = await testDb()
  const ask = (n: number, due_at: Date) => ({
    cause_key: `test:${n}`,
    kind: "task",
    title: `第 ${n} 件`,
    script: "",
    customer_id: null,
    account_id: null,
    assignee_staff_id: me,
    due_at,
    evidence: "none" as const,
  })
  await tx(db, (t) =>
    openAssignments(
      t,
      [
        ...Array.from({ length: 250 }, (_, n) => ask(n, minutes(-300 + n))),
        ...[251, 252, 253].map((n) => ask(n, minutes(n))),
        ask(300, days(2)),
      ],
      minutes(-600),
    ),
  )
})

const day = { staff_ids: [me], from: minutes(-720), until: minutes(720) }
const part = (name: "waiting" | "late" | "done") => assignmentsOf(db, { ...day, part: { name, now: NOON } })

describe("the day of somebody who is far behind", () => {
  it("still shows first what can be done in time: what is late never crowds it out", async () => {
    expect((await part("waiting")).map((a) => a.title)).toEqual(["第 251 件", "第 252 件", "第 253 件"])
    expect((await part("late"))[0]?.title).toBe("第 0 件")
    expect(await countAssignments(db, { ...day, now: NOON })).toEqual({ waiting: 3, late: 250, done: 0 })
  })

  it("moves what is ticked off to what is done, and leaves the days after alone", async () => {
    const [first] = await part("waiting")
    await tx(db, (t) => doAssignment(t, first!.id, { staff_id: me, evidence: null }, NOON))
    expect((await part("done")).map((a) => a.title)).toEqual(["第 251 件"])
    expect(await countAssignments(db, { ...day, now: NOON })).toEqual({ waiting: 2, late: 250, done: 1 })
  })
})
