import { invariant } from "../../../kernel/invariant.ts"
import type { Conditional, Test, ViewTest } from "../../offers/index.ts"
import { type Bits, keepCommon, takeIn, takeOut } from "./bitset.ts"
import type { LoadedColumn } from "./loaded.ts"
import { NumberColumn } from "./number-column.ts"

/** The set that answers one test of one column. The caller may keep it but must not change it. */
export function answer(loaded: LoadedColumn, test: Test, wordIds: ReadonlyMap<string, number>): Bits {
  const { column } = loaded
  if (column instanceof NumberColumn) {
    switch (test.op) {
      case "known":
        return column.all()
      case "between":
        return column.between(test.min ?? null, test.max ?? null)
      case "is":
        return column.between(Number(test.value), Number(test.value))
      case "in": {
        const bits = column.between(1, 0)
        for (const value of test.values) takeIn(bits, column.between(Number(value), Number(value)))
        return bits
      }
      case "has":
        return column.between(1, 0)
    }
  }
  const codes = (texts: readonly string[]) =>
    texts.flatMap((text) => {
      const code = loaded.kind === "tags" ? wordIds.get(text) : loaded.codes.get(text)
      return code === undefined ? [] : [code]
    })
  switch (test.op) {
    case "known":
      return column.all()
    case "is":
      return column.any(
        codes([typeof test.value === "boolean" ? (test.value ? "t" : "f") : String(test.value)]),
      )
    case "in":
      return column.any(codes(test.values.map(String)))
    case "has":
      return column.any(codes([test.tag]))
    case "between":
      return column.any([])
  }
}

/** How a condition's single questions are answered. */
export type Answers = {
  of(test: Test | ViewTest): Bits
  /** The column, where a test is a range of numbers: it can narrow a set without being answered for everybody. */
  rangeOf(test: Test): NumberColumn | null
}

/** The set of a whole condition, by sets of its single questions. The result is the caller's. */
export function combined(conditional: Conditional, everybody: Bits, of: Answers): Bits {
  if ("not" in conditional) {
    const bits = everybody.slice()
    takeOut(bits, part(conditional.not, everybody, of))
    return bits
  }
  if ("all" in conditional) return narrowed(conditional.all, everybody, of)
  if ("any" in conditional) {
    const bits = new Uint32Array(everybody.length)
    for (const one of conditional.any) takeIn(bits, part(one, everybody, of))
    return bits
  }
  return of.of(conditional).slice()
}

/** What is common to all: words first, then ranges of numbers, which are looked up only for those who are left. */
function narrowed(list: readonly Conditional[], everybody: Bits, of: Answers): Bits {
  const ranges: { test: Test & { op: "between" }; column: NumberColumn }[] = []
  let bits: Bits | null = null
  for (const one of list) {
    const column = "trait" in one && one.op === "between" ? of.rangeOf(one) : null
    if (column) ranges.push({ test: one as Test & { op: "between" }, column })
    else if (bits === null) bits = combined(one, everybody, of)
    else keepCommon(bits, part(one, everybody, of))
  }
  bits ??= everybody.slice()
  for (const { test, column } of ranges) column.restrict(bits, test.min ?? null, test.max ?? null)
  invariant(bits.length === everybody.length, "sets of one counter have one length")
  return bits
}

/** Without a copy where it is a single question: it is only read. */
function part(conditional: Conditional, everybody: Bits, of: Answers): Bits {
  return "trait" in conditional || "view" in conditional
    ? of.of(conditional)
    : combined(conditional, everybody, of)
}
