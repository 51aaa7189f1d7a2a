import { describe, expect, it } from "vitest"
import { stepsOf } from "./steps.ts"

describe("the steps of a play", () => {
  it("stand in the order in which people come to them, each once, also where ways meet or go round", () => {
    const definition = {
      first: "hello",
      nodes: {
        hello: { kind: "action", action: { args: { title: "打招呼" } }, next: "wait" },
        wait: { kind: "wait", days: 2, at: "10:00", next: "paid" },
        paid: { kind: "branch", yes: "end", no: "hello" },
        end: { kind: "stop" },
        orphan: { kind: "stop" },
      },
    }
    expect(stepsOf(definition).map((s) => s.id)).toEqual(["hello", "wait", "paid", "end"])
    expect(stepsOf(definition)[1]?.wait).toEqual({ days: 2, hours: 0, at: "10:00" })
  })

  it("a definition that is none gives no steps", () => {
    expect(stepsOf(null)).toEqual([])
    expect(stepsOf({ first: "gone", nodes: {} })).toEqual([])
  })
})
