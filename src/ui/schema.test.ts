import { describe, expect, it } from "vitest"
import { fieldProblem, fieldsOf, firstArgs, isFilled, type Schema } from "./schema.ts"

const schema: Schema = {
  properties: {
    days: { type: "integer", minimum: 1, maximum: 31 },
    price_fen: { type: "integer", minimum: 0, maximum: 1_000_000 },
    until: { anyOf: [{ type: "integer", minimum: 1 }, { type: "null" }] },
    scores: { type: "array", minItems: 1, items: { type: "integer", minimum: 1, maximum: 5 } },
    kept: { type: "object", default: {}, hidden: true },
  },
  required: ["days", "until", "scores", "kept"],
}
const wrong = (name: string, value: unknown) =>
  fieldProblem(fieldsOf(schema).find((one) => one.name === name)!, value)?.word ?? null

describe("fields drawn from a declaration", () => {
  it("asks for what is declared and for nothing that is kept as it is", () => {
    expect(fieldsOf(schema).map(({ name, must }) => [name, must])).toEqual([
      ["days", true],
      ["price_fen", false],
      ["until", false],
      ["scores", true],
    ])
    expect(firstArgs(schema)).toEqual({ kept: {} })
  })

  it("tells what the server would refuse, in the unit in which it is typed", () => {
    expect([wrong("days", 0), wrong("days", 31), wrong("days", 1.5), wrong("days", undefined)]).toEqual([
      "ui.between",
      null,
      "ui.no_whole",
      "ui.required",
    ])
    expect(wrong("until", null)).toBeNull()
    expect(wrong("until", 0)).toBe("ui.at_least")
    expect(fieldProblem(fieldsOf(schema).find((one) => one.name === "price_fen")!, 1_000_001)?.holes).toEqual(
      { min: "0", max: "10,000" },
    )
    expect([
      wrong("scores", [1, 5]),
      wrong("scores", [9]),
      wrong("scores", ["five"]),
      wrong("scores", []),
    ]).toEqual([null, "ui.between", "ui.no_number", "ui.required"])
  })

  it("a condition with a number out of bounds is not ready to be asked", () => {
    const args = { days: 3, scores: [1] }
    expect(isFilled(schema, args)).toBe(true)
    expect(isFilled(schema, { ...args, days: -3 })).toBe(false)
    expect(isFilled(schema, { ...args, price_fen: Number.NaN })).toBe(false)
  })
})
