import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { isRefused } from "../../../kernel/result.ts"
import { type MoveAsk, NEXT, planMove, STATES, type Standing, type State } from "./rules.ts"

const KEEPER = "keeper"
const HOLDER = "holder"
const ask = (to: State, more: Partial<MoveAsk> = {}): MoveAsk => ({
  to,
  doer: KEEPER,
  ready_level: 1,
  small_team: false,
  ...more,
})
const standing = (state: State, more: Partial<Standing> = {}): Standing => ({
  state,
  agreement: true,
  nurture_level: 1,
  custodian_staff_id: null,
  ...more,
})
const anyState = fc.constantFrom(...STATES)
const anyStanding = fc.record({
  state: anyState,
  agreement: fc.boolean(),
  nurture_level: fc.integer({ min: 0, max: 5 }),
  custodian_staff_id: fc.constantFrom(null, KEEPER, HOLDER),
})
const anyAsk = fc.record({
  to: anyState,
  doer: fc.constantFrom(null, KEEPER, HOLDER),
  ready_level: fc.integer({ min: 0, max: 5 }),
  small_team: fc.boolean(),
})

describe("the life of an account", () => {
  it("never leaves the drawn ways, and a refusal names the state and what is allowed", () => {
    fc.assert(
      fc.property(anyStanding, anyAsk, (account, asked) => {
        const moved = planMove(account, asked)
        if (!isRefused(moved)) expect(NEXT[account.state]).toContain(moved.to)
        else if (moved.refused === "illegal_transition")
          expect(moved.detail).toMatchObject({ state: account.state, allowed: NEXT[account.state] })
      }),
    )
  })

  it("never comes to be nurtured or ready without the agreement, whoever asks and however", () => {
    fc.assert(
      fc.property(anyStanding, anyAsk, (account, asked) => {
        const moved = planMove({ ...account, agreement: false }, asked)
        if (!isRefused(moved)) expect(["nurturing", "ready"]).not.toContain(moved.to)
      }),
    )
  })

  it("is never checked by its own custodian in silence: refused, or marked in a small team", () => {
    fc.assert(
      fc.property(anyStanding, anyAsk, (account, asked) => {
        const moved = planMove({ ...account, custodian_staff_id: HOLDER }, { ...asked, doer: HOLDER })
        if (isRefused(moved) || ["in_use", "returning", "written_off"].includes(moved.to)) return
        expect(asked.small_team && moved.self_checked).toBe(true)
      }),
    )
  })

  it("names the agreement first where more is missing", () => {
    const bare = { agreement: false, nurture_level: 0 }
    for (const state of ["requested", "starting", "nurturing", "in_use", "returning"] as const)
      expect(planMove(standing(state, bare), ask("ready"))).toMatchObject({
        refused: "agreement_missing",
        detail: { missing: "agreement", state },
      })
    expect(planMove(standing("retired", bare), ask("ready"))).toMatchObject({
      refused: "illegal_transition",
      detail: { allowed: [] },
    })
  })

  it("is not ready below the level that the team has set", () => {
    const young = standing("nurturing", { nurture_level: 1 })
    expect(planMove(young, ask("ready", { ready_level: 2 }))).toMatchObject({
      refused: "level_too_low",
      detail: { level: 1, needed: 2 },
    })
    expect(planMove(young, ask("ready"))).toMatchObject({ from: "nurturing", to: "ready" })
  })
})
