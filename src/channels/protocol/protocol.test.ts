import { describe, expect, it } from "vitest"
import { type Deliverer, defineChannel, limitOn, type PlatformLimit } from "./index.ts"

const limit = (value: number, effective_from: string, source = "doc"): PlatformLimit => ({
  channel: "c",
  name: "mass_send.per_customer",
  value,
  unit: "count",
  per: { span: "month", of: "customer" },
  source,
  effective_from,
})

describe("limits are dated", () => {
  const rows = [limit(31, "2025-11-01"), limit(4, "2020-01-01")]
  it.each([
    ["2019-12-31", undefined],
    ["2020-01-01", 4],
    ["2025-10-31", 4],
    ["2025-11-01", 31],
    ["2030-01-01", 31],
  ])("on %s it is %s", (day, value) =>
    expect(limitOn(rows, "mass_send.per_customer", day)?.value).toBe(value),
  )
  it("a team's own row of the same day goes before the platform's", () => {
    const own = limit(7, "2025-11-01", "our account manager")
    expect(limitOn([...rows, own], "mass_send.per_customer", "2026-01-01")).toBe(own)
  })
  it("what nobody limits has no row", () => expect(limitOn(rows, "other", "2026-01-01")).toBeUndefined())
})

describe("a channel out of its parts", () => {
  const kick: Deliverer<"kick"> = {
    parcel_size: 1,
    repeatable: true,
    confirmed_by_staff: false,
    deliver: async (parcel) => ({
      outcomes: parcel.recipients.map(({ key }) => ({ key, outcome: "accepted" })),
    }),
  }
  const parts = { name: "c", services: {}, senses: ["read_group_messages"], limits: [] } as const
  it("can do what is implemented, and nothing else", async () => {
    const channel = defineChannel({ ...parts, touches: { kick } })
    expect([...channel.capabilities].sort()).toEqual(["kick", "read_group_messages"])
    expect(channel.can("announce")).toBe(false)
    expect(channel.parcel_size("announce")).toBe(0)
  })
  it("that can neither repeat nor ask what became of a touch is no channel", () => {
    expect(() => defineChannel({ ...parts, touches: { kick: { ...kick, repeatable: false } } })).toThrow(
      /invariant/,
    )
    expect(() => defineChannel({ ...parts, touches: { kick: { ...kick, parcel_size: 0 } } })).toThrow(
      /invariant/,
    )
  })
  it("that forgets a recipient is stopped", async () => {
    const channel = defineChannel({
      ...parts,
      touches: { kick: { ...kick, deliver: async () => ({ outcomes: [] }) } },
    })
    const parcel = {
      id: "p",
      kind: "kick" as const,
      account_ref: "a",
      recipients: [{ key: "k", ref: "r" }],
      payload: { chat_ref: "g", reason: "spam" },
    }
    await expect(channel.deliver(parcel)).rejects.toThrow(/an outcome for every recipient/)
  })
})
