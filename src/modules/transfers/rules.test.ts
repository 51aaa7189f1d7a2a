import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Candidate, decide, spread } from "./rules.ts"

const target = { account_id: "to", channel: "wecom", custodian_staff_id: "new" }
const at = (day: number) => new Date(Date.UTC(2026, 0, day))
const known = (account_id: string, day: number, custodian: string | null = "old", channel = "wecom") => ({
  account_id,
  channel,
  custodian_staff_id: custodian,
  ref: `wm-${account_id}`,
  added_at: at(day),
})
const one = (over: Partial<Candidate>): Candidate => ({
  customer_id: "c",
  owner_staff_id: "old",
  contacts: [],
  in_transfer: false,
  times: 0,
  ...over,
})
const asked = { from_account_id: null, gone: new Set<string>(), times_max: 2 }

describe("what becomes of a customer who shall pass to another account", () => {
  it("the friendship with an account of whoever looks after them passes over, not a newer one with a colleague's", () => {
    const contacts = [known("theirs", 9, "colleague"), known("own", 1), known("newer", 5)]
    expect(decide(one({ contacts }), target, asked)).toEqual({
      kind: "move",
      from_account_id: "newer",
      ref: "wm-newer",
    })
    expect(decide(one({ contacts, owner_staff_id: null }), target, asked)).toMatchObject({
      from_account_id: "theirs",
    })
  })

  it("an account that is emptied hands over its own friendships and no others", () => {
    const contacts = [known("emptied", 1, "colleague"), known("own", 5)]
    expect(decide(one({ contacts }), target, { ...asked, from_account_id: "emptied" })).toMatchObject({
      from_account_id: "emptied",
    })
  })

  it("who is a friend of the account already, or of nobody in its channel, only gets another owner; nobody is passed to whom they have", () => {
    expect(decide(one({ contacts: [known("to", 1, "new"), known("own", 2)] }), target, asked)).toEqual({
      kind: "owner",
    })
    expect(decide(one({ contacts: [known("qq", 1, "old", "onebot")] }), target, asked)).toEqual({
      kind: "owner",
    })
    expect(decide(one({ owner_staff_id: "new" }), target, asked)).toEqual({
      kind: "held",
      code: "already_there",
    })
  })

  it("nobody is on two ways at once, and nobody in service is handed over a third time; of who left the platform counts none", () => {
    const contacts = [known("own", 1)]
    expect(decide(one({ contacts, in_transfer: true }), target, asked)).toEqual({
      kind: "held",
      code: "in_transfer",
    })
    expect(decide(one({ contacts, times: 2 }), target, asked)).toEqual({
      kind: "held",
      code: "transferred_often",
    })
    expect(decide(one({ contacts, times: 2 }), target, { ...asked, gone: new Set(["own"]) }).kind).toBe(
      "move",
    )
  })
})

describe("groups of one owner", () => {
  it("pass over as many a day as the platform allows, none is left out", () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.integer({ min: 1, max: 300 }), (n, per_day) => {
        const days = spread(n, per_day, 7)
        expect(days).toHaveLength(n)
        for (const day of new Set(days))
          expect(days.filter((d) => d === day).length).toBeLessThanOrEqual(per_day)
        expect(Math.max(7, ...days) - 7).toBe(Math.max(0, Math.ceil(n / per_day) - 1))
      }),
    )
  })
})
