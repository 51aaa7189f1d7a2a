import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { isRefused } from "../../kernel/result.ts"
import { type Ask, accountKey, bodyHash, checkAsk } from "./ask.ts"
import { Reference } from "./reference.ts"
import { apply, decide, type State } from "./rules.ts"
import { commands, OWNERS, T0 } from "./test-commands.ts"

/** The pure rules with a state in memory; a posting's id is its key. */
class Rules {
  readonly state: State = { balances: new Map(), targets: new Map() }
  readonly #answers = new Map<string, { hash: string; answer: string }>()

  take(ask: Ask): string {
    checkAsk(ask)
    const hash = bodyHash(ask)
    const first = this.#answers.get(ask.key)
    if (first) return first.hash === hash ? first.answer : "key_reused"
    const change = decide(this.state, ask)
    const answer = isRefused(change) ? change.refused : "posted"
    this.#answers.set(ask.key, { hash, answer })
    if (isRefused(change)) return answer
    expect(change.lines.reduce((sum, l) => sum + l.amount, 0)).toBe(0)
    apply(this.state, ask, change)
    const held = ask.op === "hold" ? ask : undefined
    const ended = ask.op === "post_hold" ? this.state.targets.get(ask.target)?.hold : undefined
    const hold = held
      ? { from: held.from, amount: held.amount, expires_at: held.expires_at, closed: false }
      : ended
    const { book, lines } = change
    if (ask.op === "plan") return answer
    this.state.targets.set(ask.key, { id: ask.key, book, op: ask.op, lines, reversed: 0, hold })
    return answer
  }
}

const common = (key: number) => ({ key: `k${key}`, reason: "test", source: "test" })

describe("the rules of the ledger", () => {
  it("agree with the blackboard ledger on every answer and every balance, whatever is asked in whatever order", () => {
    fc.assert(
      fc.property(commands, (asks) => {
        const rules = new Rules()
        const reference = new Reference()
        for (const one of asks) {
          expect(rules.take(one)).toBe(reference.take(one))
          for (const o of OWNERS)
            for (const kind of ["wallet", "owed", "reserved"])
              expect(rules.state.balances.get(accountKey("test", { kind, owner: o })) ?? 0).toBe(
                reference.get(o, kind),
              )
        }
        const sum = [...reference.amounts.values()].reduce((s, a) => s + a, 0)
        expect(sum).toBe(0)
      }),
      { numRuns: 2_000 },
    )
  })

  it("a customer never sees less than 0 and never more than the income that is left", () => {
    fc.assert(
      fc.property(commands, (asks) => {
        const rules = new Rules()
        for (const one of asks) rules.take(one)
        for (const o of OWNERS) {
          const get = (kind: string) => rules.state.balances.get(accountKey("test", { kind, owner: o })) ?? 0
          expect(get("wallet")).toBeGreaterThanOrEqual(0)
          expect(get("reserved")).toBeGreaterThanOrEqual(0)
          expect(get("owed")).toBeLessThanOrEqual(0)
        }
      }),
      { numRuns: 500 },
    )
  })

  it("what was spent before a refund is owed, and the next income pays it first", () => {
    const rules = new Rules()
    const [who] = OWNERS as [string]
    const income = (key: string, n: number): Ask => ({
      ...common(0),
      key,
      op: "post",
      book: "test",
      at: new Date(T0),
      lines: [
        { kind: "issue", owner: null, amount: -n },
        { kind: "wallet", owner: who, amount: n },
      ],
    })
    const get = (kind: string) => rules.state.balances.get(accountKey("test", { kind, owner: who })) ?? 0
    rules.take(income("a", 100))
    rules.take({
      ...common(0),
      key: "b",
      op: "post",
      book: "test",
      at: new Date(T0),
      lines: [
        { kind: "wallet", owner: who, amount: -70 },
        { kind: "spent", owner: null, amount: 70 },
      ],
    })
    rules.take({ ...common(0), key: "c", op: "reverse", at: new Date(T0), target: "a" })
    expect([get("wallet"), get("owed")]).toEqual([0, -70])
    rules.take(income("d", 50))
    expect([get("wallet"), get("owed")]).toEqual([0, -20])
    rules.take(income("e", 50))
    expect([get("wallet"), get("owed")]).toEqual([30, 0])
  })

  it("what is taken back in part is taken from the last who got it, and goes on where the part before ended", () => {
    const rules = new Rules()
    const [one, two] = OWNERS as [string, string]
    const wallets = () =>
      [one, two].map((owner) => rules.state.balances.get(accountKey("test", { kind: "wallet", owner })) ?? 0)
    rules.take({
      ...common(0),
      key: "a",
      op: "post",
      book: "test",
      at: new Date(T0),
      lines: [
        { kind: "issue", owner: null, amount: -30 },
        { kind: "wallet", owner: one, amount: 10 },
        { kind: "wallet", owner: two, amount: 20 },
      ],
    })
    const back = (key: string, amount: number) =>
      rules.take({ ...common(0), key, op: "reverse", at: new Date(T0), target: "a", amount })
    expect([back("b", 5), wallets()]).toEqual(["posted", [10, 15]])
    expect([back("c", 20), wallets()]).toEqual(["posted", [5, 0]])
    expect([back("d", 6), wallets()]).toEqual(["more_than_left", [5, 0]])
    expect([back("e", 5), wallets()]).toEqual(["posted", [0, 0]])
    expect(back("f", 1)).toBe("already_reversed")
  })

  it("an unbalanced posting, a fraction and an unknown account are bugs and never reach the books", () => {
    const bad = (lines: { kind: string; owner: string | null; amount: number }[]) => () =>
      checkAsk({ ...common(1), op: "post", book: "test", at: new Date(T0), lines })
    expect(
      bad([
        { kind: "issue", owner: null, amount: -1 },
        { kind: "wallet", owner: OWNERS[0]!, amount: 2 },
      ]),
    ).toThrow()
    expect(
      bad([
        { kind: "issue", owner: null, amount: -0.5 },
        { kind: "wallet", owner: OWNERS[0]!, amount: 0.5 },
      ]),
    ).toThrow()
    expect(
      bad([
        { kind: "issue", owner: null, amount: -1 },
        { kind: "gold", owner: OWNERS[0]!, amount: 1 },
      ]),
    ).toThrow()
    expect(
      bad([
        { kind: "issue", owner: OWNERS[0]!, amount: -1 },
        { kind: "wallet", owner: OWNERS[0]!, amount: 1 },
      ]),
    ).toThrow()
  })
})
