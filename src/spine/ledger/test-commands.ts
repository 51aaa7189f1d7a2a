import fc from "fast-check"
import type { Ask } from "./ask.ts"
import { defineBook } from "./book.ts"

defineBook({
  name: "test",
  unit: "point",
  accounts: {
    wallet: { of: "each", floor: 0, shortfall: "owed", reserve: "reserved" },
    owed: { of: "each", ceiling: 0 },
    reserved: { of: "each", floor: 0 },
    issue: { of: "house" },
    spent: { of: "house" },
  },
})

export const OWNERS = ["0190a000-0000-7000-8000-000000000001", "0190a000-0000-7000-8000-000000000002"]
export const T0 = Date.UTC(2026, 10, 23)
const common = (key: number) => ({ key: `k${key}`, reason: "test", source: "test" })

/** Commands with small numbers, so that floors, debts, repeated keys and ended holds come up all the time. */
const owner = fc.constantFrom(...OWNERS)
const amount = fc.integer({ min: 1, max: 20 })
const key = fc.integer({ min: 1, max: 60 })
const at = fc.integer({ min: 0, max: 10 }).map((h) => new Date(T0 + h * 3_600_000))
const ask: fc.Arbitrary<Ask> = fc.oneof(
  fc.record({ owner, amount, key, at }).map(
    (r): Ask => ({
      op: "post",
      book: "test",
      ...common(r.key),
      at: r.at,
      lines: [
        { kind: "issue", owner: null, amount: -r.amount },
        { kind: "wallet", owner: r.owner, amount: r.amount },
      ],
    }),
  ),
  fc.record({ owner, amount, key, at }).map(
    (r): Ask => ({
      op: "post",
      book: "test",
      ...common(r.key),
      at: r.at,
      lines: [
        { kind: "wallet", owner: r.owner, amount: -r.amount },
        { kind: "spent", owner: null, amount: r.amount },
      ],
    }),
  ),
  fc.record({ amount, key, at }).map(
    (r): Ask => ({
      op: "post",
      book: "test",
      ...common(r.key),
      at: r.at,
      lines: [
        { kind: "wallet", owner: OWNERS[0]!, amount: -r.amount },
        { kind: "wallet", owner: OWNERS[1]!, amount: r.amount },
      ],
    }),
  ),
  fc.record({ key, at, target: key, amount: fc.option(amount, { nil: undefined }) }).map(
    (r): Ask => ({
      op: "reverse",
      ...common(r.key),
      at: r.at,
      target: `k${r.target}`,
      amount: r.amount,
    }),
  ),
  fc.record({ owner, amount, key, at }).map(
    (r): Ask => ({
      op: "hold",
      book: "test",
      ...common(r.key),
      at: r.at,
      from: { kind: "wallet", owner: r.owner },
      amount: r.amount,
      expires_at: new Date(T0 + 5 * 3_600_000),
    }),
  ),
  fc.record({ key, at, target: key, amount: fc.option(amount, { nil: undefined }) }).map(
    (r): Ask => ({
      op: "post_hold",
      ...common(r.key),
      at: r.at,
      target: `k${r.target}`,
      to: { kind: "spent", owner: null },
      amount: r.amount,
    }),
  ),
  fc
    .record({ key, at, target: key, op: fc.constantFrom("void" as const, "expire" as const) })
    .map((r): Ask => ({ op: r.op, ...common(r.key), at: r.at, target: `k${r.target}` })),
)
export const commands = fc.array(ask, { maxLength: 50 })
