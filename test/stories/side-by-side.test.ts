import { describe, expect, it } from "vitest"
import { facts } from "../chaos/facts.ts"
import { ledger } from "../chaos/ledger.ts"
import { outbox } from "../chaos/outbox.ts"

const told: string[] = []
const say = (line: string) => void told.push(line)

// The same scenarios as `npm run chaos`, small enough for every run. Each brings a PostgreSQL of its own, since it is killed.
describe("two workers on one database", { timeout: 300_000 }, () => {
  it("hand every touch to the platform once, and leave none", async () => {
    const outcome = await outbox.run({ kills: 0, size: 12, say })
    expect(outcome, told.join("\n")).toMatchObject({ lost: 0, twice: 0, ok: true })
    expect(outcome.applied).toBeGreaterThan(100)
  })

  it("handle every fact once and each customer's in order, though both workers and PostgreSQL are killed", async () => {
    const outcome = await facts.run({ kills: 3, say })
    expect(outcome, told.join("\n")).toMatchObject({ lost: 0, twice: 0, out_of_order: 0, ok: true })
    expect(outcome.applied).toBeGreaterThan(1_000)
  })
})

describe("points that were acknowledged", { timeout: 300_000 }, () => {
  it("are there once each after application, worker and PostgreSQL were killed, and the ledger is whole", async () => {
    const outcome = await ledger.run({ kills: 3, say })
    expect(outcome, told.join("\n")).toMatchObject({
      lost: 0,
      twice: 0,
      bad_reads: 0,
      verify: "ok",
      ok: true,
    })
    expect(outcome.acked).toBeGreaterThan(100)
  })
})
