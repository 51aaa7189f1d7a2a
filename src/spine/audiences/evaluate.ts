import type { Conditional, Test, ViewTest } from "../offers/index.ts"
import type { Values } from "../traits/index.ts"

/** The same rule as SQL's, for values in hand. `inView` answers for questions that rows decide. */
export function holds(
  conditional: Conditional,
  values: Values,
  inView: (test: ViewTest) => boolean = () => false,
): boolean {
  if ("not" in conditional) return !holds(conditional.not, values, inView)
  if ("all" in conditional) return conditional.all.every((c) => holds(c, values, inView))
  if ("any" in conditional) return conditional.any.some((c) => holds(c, values, inView))
  if ("view" in conditional) return inView(conditional)
  return passes(conditional, values[conditional.trait] ?? null)
}

/** One test of one value; something unknown passes none. */
export function passes(test: Test, value: Values[string]): boolean {
  if (value === null || value === undefined) return false
  switch (test.op) {
    case "known":
      return !Array.isArray(value) || value.length > 0
    case "is":
      return value === test.value
    case "in":
      if (Array.isArray(value)) return value.some((word) => test.values.includes(word))
      return typeof value !== "boolean" && test.values.includes(value)
    case "has":
      return Array.isArray(value) && value.includes(test.tag)
    case "between":
      return typeof value === "number" && value >= (test.min ?? -Infinity) && value <= (test.max ?? Infinity)
  }
}

/** The single questions of a condition. */
export function testsOf(conditional: Conditional): (Test | ViewTest)[] {
  if ("not" in conditional) return testsOf(conditional.not)
  if ("all" in conditional) return conditional.all.flatMap(testsOf)
  if ("any" in conditional) return conditional.any.flatMap(testsOf)
  return [conditional]
}
