import { afterEach, describe, expect, it } from "vitest"
import { z } from "zod"
import { newId } from "../../kernel/ids.ts"
import { oneRow, rows, run } from "../../platform/db.ts"
import { armFault } from "../../platform/fault.ts"
import { testDb, until } from "../../platform/testkit/index.ts"
import { createFactIntake, defineFact, type NewFact } from "./index.ts"
import { INTAKE_FACTS, INTAKE_WAITING } from "./limits.ts"

const AT = new Date("2026-11-23T04:00:00Z")
const db = await testDb()
const told = defineFact("intake.told", z.object({ n: z.number().int(), text: z.string() }))

let serial = 0
const batchOf = (count: number, text = "x"): NewFact[] =>
  Array.from({ length: count }, () =>
    told.of({ subject: newId(), occurred_at: AT, payload: { n: serial++, text } }),
  )
const numbers = (facts: NewFact[][]) => facts.flat().map((f) => (f.payload as { n: number }).n)
const stored = async () =>
  (await rows<{ n: number }>(db, "select (payload ->> 'n')::int as n from facts order by 1")).map((r) => r.n)

afterEach(async () => {
  await run(db, "truncate facts")
})

describe("facts that come alone from many callers", () => {
  it("are there once each when their caller is answered, and share commits", async () => {
    const intake = createFactIntake(db)
    const batches = Array.from({ length: 60 }, () => batchOf(40))
    const answers = await Promise.all(batches.map((b) => intake.append(b)))
    expect(answers.every((a) => a === null)).toBe(true)
    expect(await stored()).toEqual(numbers(batches))
    const { commits } = await oneRow<{ commits: number }>(
      db,
      "select count(distinct tx) as commits from facts",
    )
    expect(commits).toBeLessThan(10)
    expect(await intake.append([])).toBeNull()
  })

  it("keep every letter of their payload", async () => {
    const text = '\\ \\\\ "a" \t\n\r 私域 \\N \\. 😀'
    const intake = createFactIntake(db)
    await intake.append(batchOf(1, text))
    const { payload } = await oneRow<{ payload: { text: string } }>(db, "select payload from facts")
    expect(payload.text).toBe(text)
  })

  it("are not told twice when the answer to a commit is lost, and not lost when the commit was", async () => {
    const intake = createFactIntake(db)
    const lost = () => {
      throw Object.assign(new Error("connection lost"), { code: "08006" })
    }
    const batches = Array.from({ length: 4 }, () => batchOf(20))
    armFault("facts:after-commit-before-ack", lost)
    expect(await intake.append(batches[0]!)).toBeNull()
    armFault("facts:before-commit", lost)
    expect(await intake.append(batches[1]!)).toBeNull()
    armFault("facts:after-commit-before-ack", lost, 2)
    await Promise.all([intake.append(batches[2]!), intake.append(batches[3]!)])
    expect(await stored()).toEqual(numbers(batches))
  })

  it("survive their connections being cut again and again", async () => {
    const intake = createFactIntake(db)
    const batches = Array.from({ length: 200 }, () => batchOf(30))
    let done = 0
    const all = Promise.all(
      batches.map(async (b) => {
        await intake.append(b)
        done++
      }),
    )
    for (let cut = 0; cut < 5; cut++)
      await run(
        db,
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and backend_xid is not null and pid <> pg_backend_pid()",
      ).catch(() => 0)
    await all
    await until(() => done === batches.length)
    expect(await stored()).toEqual(numbers(batches))
  })

  it("are refused as busy beyond the limit, and one big batch still fits", async () => {
    const intake = createFactIntake(db)
    const answers = await Promise.all(
      Array.from({ length: INTAKE_WAITING + 3 }, () => intake.append(batchOf(1))),
    )
    expect(answers.filter((a) => a?.refused === "busy")).toHaveLength(3)
    expect(await intake.append(batchOf(INTAKE_FACTS + 1))).toBeNull()
    await intake.idle()
    expect(await oneRow(db, "select count(*) as n from facts")).toEqual({
      n: INTAKE_WAITING + INTAKE_FACTS + 1,
    })
  })
})
