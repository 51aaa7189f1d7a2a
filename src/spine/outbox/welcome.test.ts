import { beforeAll, describe, expect, it } from "vitest"
import { defineChannel, type Parcel } from "../../channels/protocol/index.ts"
import { newId } from "../../kernel/ids.ts"
import { type Db, rows, tx } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { createRegistry } from "../offers/index.ts"
import { assignmentsOf, callOffPlay, outboxOffers, sendWelcomes, welcome } from "./index.ts"
import { befriend, company, days, minutes, NOON } from "./outbox.fixture.ts"
import { verdict } from "./welcome.ts"

let db: Db
const seen: Parcel[] = []
const greeter = defineChannel({
  name: "greeter",
  touches: {
    welcome: {
      parcel_size: 1,
      repeatable: false,
      confirmed_by_staff: false,
      async deliver(parcel) {
        seen.push(parcel)
        return { outcomes: parcel.recipients.map(({ key }) => ({ key, outcome: "accepted" as const })) }
      },
      resolve: async () => ({ known: false, retry_after_ms: 1_000 }),
    },
  },
  services: {},
  senses: [],
  limits: [],
})
beforeAll(async () => {
  db = await testDb()
})

describe("greetings of new contacts", () => {
  it("each goes out once whoever works, by name, and what came too late is told and never tried", async () => {
    const { world, accounts } = await company(db, greeter)
    const ids = await befriend(db, accounts[0]!.id, 3)
    const greeting = (i: number, ms: number) => ({
      key: `welcome:${i}`,
      customer_id: ids[i]!,
      account_id: accounts[0]!.id,
      external_userid: `wm_${ids[i]}`,
      code: `code${i}`,
      until: new Date(Date.now() + ms),
      text: "{{name}},欢迎",
    })
    await tx(db, (t) => welcome(t, world, [greeting(0, 20_000), greeting(1, 20_000), greeting(2, -1)], NOON))
    await tx(db, (t) => welcome(t, world, [greeting(0, 20_000)], NOON))
    await Promise.all([1, 2, 3].map(() => sendWelcomes(db, world, NOON)))
    await sendWelcomes(db, world, NOON)
    expect(seen).toHaveLength(2)
    expect((seen[0]!.payload as { content: { text: string } }).content.text).toMatch(/^客户\d,欢迎$/)
    const told = await rows<{ type: string; n: number }>(
      db,
      "select type, count(*)::int as n from facts where type like 'welcome.%' group by 1 order by 1",
    )
    expect(told).toEqual([
      { type: "welcome.missed", n: 1 },
      { type: "welcome.sent", n: 2 },
    ])
  })

  it("only the platform's own ask-again, in time, is a reason for a second call", () => {
    const until = { until: new Date(10_000) }
    const answer = (kind: "retry_later" | "fix") => ({
      outcomes: [{ key: "k", outcome: "refused" as const, failure: { class: kind, code: "x" } }],
    })
    expect(verdict(answer("retry_later"), until, 1_000)[0]).toBe("waiting")
    expect(verdict(answer("retry_later"), until, 9_900)[0]).toBe("failed")
    expect(verdict(answer("fix"), until, 1_000)[0]).toBe("failed")
    expect(verdict(null, until, 1_000)[0]).toBe("unknown")
  })
})

describe("what every play may do", () => {
  it("a message becomes one touch a step, an assignment goes to the holder of the account, and a stopped play takes both back", async () => {
    const { world, accounts } = await company(db, greeter)
    const [customer] = await befriend(db, accounts[0]!.id, 1)
    const registry = createRegistry([outboxOffers(world)])
    const enrolment = newId(NOON.getTime())
    const ask = (name: string, step: number, args: unknown) => {
      const offer = registry.actions.get(name)!
      return tx(db, (t) =>
        offer.perform(
          t,
          [
            {
              key: `${enrolment}/n/${step}`,
              customer_id: customer!,
              args: offer.args.parse(args),
              cause: { kind: "play", id: enrolment },
            },
          ],
          NOON,
        ),
      )
    }
    for (let twice = 0; twice < 2; twice++) {
      await ask("outbox.send_message", 1, { text: "{{name}},您好", nature: "selling" })
      await ask("outbox.create_assignment", 2, { title: "回访{{name}}", evidence: "text" })
    }
    expect(await rows(db, "select visit, state from outbox_touches")).toEqual([
      { visit: 1, state: "planned" },
    ])
    const mine = await assignmentsOf(db, {
      staff_ids: [accounts[0]!.custodian_staff_id!],
      from: NOON,
      until: days(2),
    })
    expect(mine.map((a) => a.title)).toEqual(["回访客户1"])
    await tx(db, (t) => callOffPlay(t, [enrolment], "fact:order.paid", minutes(1)))
    expect(await rows(db, "select visit, state from outbox_touches")).toEqual([
      { visit: 1, state: "cancelled" },
    ])
    expect(await rows(db, "select 1 from outbox_slots")).toEqual([])
    expect(await assignmentsOf(db, { staff_ids: null, from: NOON, until: days(2) })).toEqual([])
  })

  it("a text with a variable that nothing fills, or too long in bytes, is refused before anybody enters the play", () => {
    const { args } = createRegistry([
      outboxOffers({ contacts: "", accounts: async () => [], channels: new Map() }),
    ]).actions.get("outbox.send_message")!
    expect(args.safeParse({ text: "{{phone}}" }).success).toBe(false)
    expect(args.safeParse({ text: "好".repeat(1_400) }).success).toBe(false)
    expect(args.safeParse({ text: "{{name}}" }).success).toBe(true)
  })
})
