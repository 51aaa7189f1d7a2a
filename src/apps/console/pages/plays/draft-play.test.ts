import { describe, expect, it } from "vitest"
import { BUILT_IN } from "../../../../modules/plans/built-in.ts"
import { playDefinition } from "../../../../spine/plays/index.ts"
import { inOrder } from "../../../../spine/plays/sentence.ts"
import type { Condition } from "../segments/draft.ts"
import type { Definition } from "./definition.ts"
import {
  type DraftPlay,
  emptyPlay,
  fromDefinition,
  moveStep,
  newStep,
  removeStep,
  toDefinition,
} from "./draft-play.ts"

/** The editor keeps a rule as a group, even of one. */
const friend = { all: [{ offer: "customers.is_friend", version: 1, args: {} }] }
const conditions = new Map<string, Condition>(
  ["customers.is_friend", "customers.has_paid", "customers.layer_is", "orders.goods_count"].map((name) => [
    name,
    { name, version: 1, label: { zh: "", en: "" }, hint: null, args: {} },
  ]),
)
const stored = (raw: unknown) => playDefinition.parse(raw) as Definition
const open = (raw: unknown) => {
  const play = stored(raw)
  return fromDefinition("x", play, inOrder(play as never))
}
const saved = (draft: DraftPlay) => {
  const made = toDefinition(draft, conditions)
  if ("part" in made) throw new Error(made.part)
  return made
}

const tangled = {
  entry: { on: "audience", tree: friend, at: "2026-11-11T12:00:00Z" },
  condition: friend,
  reentry: { policy: "after_end", days: 30 },
  stop: { facts: [{ fact: "order.paid", where: { lead_only: false } }], condition: friend },
  window_minutes: 30,
  when_window_passed: "report",
  first: "ask",
  nodes: {
    ask: { kind: "branch", condition: friend, yes: "listen", no: "bye" },
    listen: { kind: "wait_for", fact: "order.paid", hours: 3, answered: "bye", otherwise: "rest" },
    rest: { kind: "wait", from: "here", days: 2, at: "20:00", next: "ask" },
    bye: { kind: "stop", reason: "done_here" },
  },
}

describe("a stored play in the editor", () => {
  it("saved without a change is the same play, also where its ways meet and go round", () => {
    for (const raw of [...BUILT_IN.map((b) => b.definition), tangled]) {
      const again = stored(saved(open(raw)))
      const { entry: was, ...before } = stored(raw)
      const { entry: is, ...after } = again
      expect(after).toEqual(before)
      expect("at" in is && is.at.includes("T") ? Date.parse(is.at) : is).toEqual(
        "at" in was && was.at.includes("T") ? Date.parse(was.at) : was,
      )
    }
  })

  it("leads to the step below by itself, and to another where it says so", () => {
    const [ask, listen, bye, rest] = open(tangled).steps
    expect(ask?.ways).toEqual({ yes: "next", no: bye?.key })
    expect(listen?.ways).toEqual({ answered: "next", otherwise: rest?.key })
    expect(rest?.ways.next).toBe(ask?.key)
  })

  it("a step added at the end is reached from the one before it", () => {
    const draft = open(BUILT_IN[0].definition)
    const steps = [...draft.steps, newStep("wait", draft.steps)]
    const play = saved({ ...draft, steps })
    const added = steps.at(-1)!.id
    expect(Object.values(play.nodes).some((node) => "next" in node && node.next === added)).toBe(true)
  })

  it("a step taken out leaves nobody standing: who led to it leads where it led", () => {
    const draft = open(tangled)
    const rest = draft.steps.find((s) => s.id === "rest")!
    const play = saved({ ...draft, steps: removeStep(draft.steps, rest.key) })
    expect(play.nodes.rest).toBeUndefined()
    for (const node of Object.values(play.nodes))
      for (const to of Object.values(node).filter((v) => typeof v === "string" && v === "rest"))
        expect(to).toBe("never")
  })

  it("moved up and down again it is as before, and beyond the ends it stays", () => {
    const { steps } = open(tangled)
    const key = steps[1]!.key
    expect(moveStep(moveStep(steps, key, -1), key, 1)).toEqual(steps)
    expect(moveStep(steps, steps[0]!.key, -1)).toEqual(steps)
  })
})

describe("a new play", () => {
  it("names the first part that is not filled in, part by part", () => {
    const draft = emptyPlay()
    expect(toDefinition(draft, conditions)).toEqual({ part: "entry" })
    const entered: DraftPlay = { ...draft, entry: { ...draft.entry, on: "request" } }
    expect(toDefinition(entered, conditions)).toEqual({ part: "steps" })
    const step = newStep("branch", [])
    expect(toDefinition({ ...entered, steps: [step] }, conditions)).toEqual({ part: step.key })
    expect(
      toDefinition({ ...entered, stop: { ...draft.stop, facts: [{ fact: "", where: {} }] } }, conditions),
    ).toEqual({ part: "stop" })
  })

  it("with a number out of bounds is not saved as another, and the part that has it is named", () => {
    const wait = newStep("wait", [])
    const play: DraftPlay = {
      ...emptyPlay(),
      entry: { ...emptyPlay().entry, on: "request" },
      again: { policy: "after_end", days: 30 },
      steps: [wait],
    }
    const made = (change: Partial<DraftPlay>) => toDefinition({ ...play, ...change }, conditions)
    const waiting = (change: object) =>
      made({ steps: [{ ...wait, work: { ...wait.work, ...change } as typeof wait.work }] })
    expect("part" in made({})).toBe(false)
    for (const odd of [{ days: -3 }, { days: 1.5 }, { hours: 9_601 }, { hours: Number.NaN }])
      expect(waiting(odd)).toEqual({ part: wait.key })
    expect(made({ again: { policy: "after_end", days: -1 } })).toEqual({ part: "again" })
    expect(made({ window_minutes: 0 })).toEqual({ part: "again" })
    // Late or not is all the same there, and nobody is asked.
    expect(made({ window_minutes: 0, when_window_passed: "now" })).toMatchObject({ window_minutes: 120 })
  })

  it("gives every step a name of its own, also after one was taken out", () => {
    let steps = [newStep("wait", [])]
    steps = [...steps, newStep("wait", steps)]
    steps = removeStep(steps, steps[0]!.key)
    steps = [...steps, newStep("wait", steps)]
    expect(new Set(steps.map((s) => s.id)).size).toBe(2)
  })
})
