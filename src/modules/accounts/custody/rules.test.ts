import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { isRefused } from "../../../kernel/result.ts"
import { STATES } from "../life/rules.ts"
import {
  HANDOVER_ITEMS,
  type HandOverAsk,
  type Held,
  missingOf,
  planHandOver,
  RETURN_ITEMS,
} from "./rules.ts"

const person = fc.constantFrom(null, "a", "b", "c")
const all = { sim: true, phone: true, password_reset: true, top_up: true, penalties: true }
const held: fc.Arbitrary<Held> = fc.record({
  state: fc.constantFrom(...STATES),
  custodian_staff_id: person,
  promised_to: person,
})
const asked: fc.Arbitrary<HandOverAsk> = fc.record({
  to: person,
  from: person,
  doer: fc.constantFrom("a", "b", "c"),
  small_team: fc.boolean(),
  checklist: fc.constantFrom(null, all, { ...all, sim: false }),
})

describe("an account that changes hands", () => {
  it("goes only from whom the doer believes to hold it, out of states in which it can be held", () => {
    fc.assert(
      fc.property(held, asked, (account, ask) => {
        if (isRefused(planHandOver(account, ask))) return
        expect(["ready", "in_use"]).toContain(account.state)
        expect(account.custodian_staff_id).toBe(ask.from)
        if (ask.to !== null) expect(ask.to).not.toBe(account.custodian_staff_id)
      }),
    )
  })

  it("is never passed on by its holder in silence, nor past the one it is promised to", () => {
    fc.assert(
      fc.property(held, asked, (account, ask) => {
        const plan = planHandOver(account, ask)
        if (isRefused(plan)) return
        if (account.custodian_staff_id === ask.doer) expect(ask.small_team && plan.self_checked).toBe(true)
        if (ask.to && account.promised_to) expect(account.promised_to).toBe(ask.to)
      }),
    )
  })

  it("leaves the shelf with all that belongs to it, and what is missing is named", () => {
    const shelf: Held = { state: "ready", custodian_staff_id: null, promised_to: null }
    const ask = { to: "a", from: null, doer: "b", small_team: false }
    expect(planHandOver(shelf, { ...ask, checklist: { ...all, sim: false, top_up: false } })).toMatchObject({
      refused: "checklist_incomplete",
      detail: { missing: ["sim", "top_up"] },
    })
    expect(planHandOver(shelf, { ...ask, checklist: null })).toMatchObject({
      detail: { missing: [...HANDOVER_ITEMS] },
    })
    expect(planHandOver(shelf, { ...ask, checklist: all })).toEqual({ self_checked: false })
  })

  it("is not taken from somebody's hands into nobody's without the list of what must come back", () => {
    const used: Held = { state: "in_use", custodian_staff_id: "a", promised_to: null }
    const ask = { to: null, from: "a", doer: "b", small_team: false, checklist: null }
    expect(planHandOver(used, ask)).toMatchObject({ refused: "return_first" })
    expect(missingOf(RETURN_ITEMS, { device: true, sim: true })).toEqual([
      "password",
      "bank_card",
      "bound_phone",
      "real_name",
      "groups",
      "customers",
    ])
  })
})
