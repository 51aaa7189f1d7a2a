import { beforeAll, describe, expect, it } from "vitest"
import { newId } from "../../../kernel/ids.ts"
import { tx } from "../../../platform/db.ts"
import { append, drain, registerHandlers } from "../../../spine/facts/index.ts"
import { touchDelivered } from "../../../spine/outbox/index.ts"
import { type Office, openOffice } from "../accounts.fixture.ts"
import { mixHandler } from "./handler.ts"
import { oversells } from "./rules.ts"

let office: Office
beforeAll(async () => {
  office = await openOffice()
  await registerHandlers(office.db, [mixHandler])
})

/** So many messages of an account that reached people on a day. */
async function reached(account_id: string, day: string, nature: "selling" | "service" | "answer", n: number) {
  await tx(office.db, (t) =>
    append(
      t,
      Array.from({ length: n }, (_, touch_id) =>
        touchDelivered.of({
          subject: newId(),
          occurred_at: new Date(`${day}T12:00:00+08:00`),
          payload: { ...{ touch_id, cause_kind: "send", cause_id: newId(), visit: 0 }, account_id, nature },
        }),
      ),
    ),
  )
  await drain(office.db, [mixHandler], office.now)
}
const mixOf = async (id: string) => (await office.call("ying", "GET", `/${id}`)).body.mix
const oversellingOf = async (fn: string) =>
  (
    (await office.call("ying", "GET", "/functions")).body.rows as unknown as {
      function: string
      overselling: number
    }[]
  ).find((r) => r.function === fn)?.overselling

describe("the content mix of an account", () => {
  it("is what it said in seven days: more selling than its function may is told on its page and in the matrix", async () => {
    office.at("2026-11-23T04:00:00Z")
    const id = await office.account("IP 01", { function: "ip", state: "in_use" })
    expect(await mixOf(id)).toEqual({ messages: 0, selling: 0, selling_percent: 20, over: false })
    await reached(id, "2026-11-17", "selling", 2)
    await reached(id, "2026-11-23", "service", 8)
    await reached(id, "2026-11-23", "answer", 50)
    expect(await mixOf(id)).toEqual({ messages: 10, selling: 2, selling_percent: 20, over: false })
    expect(await oversellingOf("ip")).toBe(0)
    await reached(id, "2026-11-23", "selling", 1)
    expect(await mixOf(id)).toEqual({ messages: 11, selling: 3, selling_percent: 20, over: true })
    expect(await oversellingOf("ip")).toBe(1)
    // A day later the first two are of another week.
    office.at("2026-11-24T04:00:00Z")
    expect(await mixOf(id)).toEqual({ messages: 9, selling: 1, selling_percent: 20, over: false })
    expect(await oversellingOf("ip")).toBe(0)
  })

  it("of an account that plays several functions is judged by the freest of them", async () => {
    office.at("2026-11-23T04:00:00Z")
    const id = await office.account("一人店", {
      ...{ function: "ip", also_functions: ["sales"], state: "in_use" },
    })
    await reached(id, "2026-11-23", "selling", 30)
    expect(await mixOf(id)).toMatchObject({ messages: 30, selling: 30, selling_percent: 100, over: false })
  })

  it("is not judged by a handful of messages", () => {
    expect(oversells({ messages: 9, selling: 9, selling_percent: 20 })).toBe(false)
    expect(oversells({ messages: 10, selling: 2, selling_percent: 20 })).toBe(false)
    expect(oversells({ messages: 10, selling: 3, selling_percent: 20 })).toBe(true)
  })
})
