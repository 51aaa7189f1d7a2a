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

/** The set of a whole condition, by sets of its single questions. The result is the caller's. */
export function combined(
  conditional: Conditional,
  everybody: Bits,
  of: (test: Test | ViewTest) => Bits,
): Bits {
  if ("not" in conditional) {
    const bits = everybody.slice()
    takeOut(bits, part(conditional.not, everybody, of))
    return bits
  }
  if ("all" in conditional) return several(conditional.all, everybody, of, keepCommon, everybody)
  if ("any" in conditional) return several(conditional.any, everybody, of, takeIn, null)
  return of(conditional).slice()
}

function several(
  list: readonly Conditional[],
  everybody: Bits,
  of: (test: Test | ViewTest) => Bits,
  join: (into: Bits, other: Bits) => void,
  ofNone: Bits | null,
): Bits {
  const [first, ...others] = list
  if (first === undefined) return ofNone ? ofNone.slice() : new Uint32Array(everybody.length)
  const bits = combined(first, everybody, of)
  invariant(bits.length === everybody.length, "sets of one counter have one length")
  for (const other of others) join(bits, part(other, everybody, of))
  return bits
}

/** Without a copy where it is a single question: it is only read. */
function part(conditional: Conditional, everybody: Bits, of: (test: Test | ViewTest) => Bits): Bits {
  return "trait" in conditional || "view" in conditional
    ? of(conditional)
    : combined(conditional, everybody, of)
}
