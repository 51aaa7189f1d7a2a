import type { Ask } from "./ask.ts"

/**
 * The ledger as one would explain it on a blackboard, for one book with the accounts of the tests: no batches, no locks, no
 * database. The tests hold the real one against it.
 */
export class Reference {
  readonly amounts = new Map<string, number>()
  readonly #made = new Map<
    string,
    { ask: Ask; answer: string; moves: Move[]; back: number; closed: boolean }
  >()

  get(owner: string | null, kind: string): number {
    return this.amounts.get(`${owner} ${kind}`) ?? 0
  }

  /** The refusal's code, or "posted". */
  take(ask: Ask): string {
    const known = this.#made.get(ask.key)
    if (known) return same(known.ask, ask) ? known.answer : "key_reused"
    const entry = { ask, answer: "", moves: [] as Move[], back: 0, closed: false }
    this.#made.set(ask.key, entry)
    entry.answer = this.#take(ask, entry.moves)
    return entry.answer
  }

  #take(ask: Ask, moves: Move[]): string {
    const target = "target" in ask ? this.#made.get(ask.target) : undefined
    if ("target" in ask && target?.answer !== "posted") return "unknown_posting"
    if (ask.op === "post") {
      const loser = ask.lines.find((l) => l.kind === "wallet" && this.get(l.owner, "wallet") + l.amount < 0)
      if (loser) return "not_enough"
      for (const l of ask.lines) this.#move(moves, l.owner, l.kind, l.amount)
      return "posted"
    }
    if (ask.op === "hold") {
      if (this.get(ask.from.owner, "wallet") < ask.amount) return "not_enough"
      this.#move(moves, ask.from.owner, "wallet", -ask.amount)
      this.#move(moves, ask.from.owner, "reserved", ask.amount)
      return "posted"
    }
    if (ask.op === "reverse") {
      if (target!.ask.op !== "post" && target!.ask.op !== "post_hold") return "not_reversible"
      const gains = target!.moves.filter((m) => m.amount > 0)
      const left = gains.reduce((s, m) => s + m.amount, 0) - target!.back
      const amount = ask.amount ?? left
      if (left === 0) return "already_reversed"
      if (amount > left) return "more_than_left"
      const skip = target!.back
      target!.back += amount
      for (const m of stretch(gains, skip, amount)) {
        const there = m.kind === "wallet" ? Math.min(m.amount, this.get(m.owner, "wallet")) : m.amount
        this.#move(moves, m.owner, m.kind, -there)
        if (there < m.amount) this.#move(moves, m.owner, "owed", there - m.amount)
      }
      for (const m of stretch(
        target!.moves.filter((x) => x.amount < 0),
        skip,
        amount,
      ))
        this.#move(moves, m.owner, m.kind, m.amount)
      return "posted"
    }
    if (target!.ask.op !== "hold") return "unknown_posting"
    const { from, amount, expires_at } = target!.ask
    if (target!.closed) return "hold_closed"
    if (ask.op === "post_hold" && ask.at >= expires_at) return "hold_expired"
    if (ask.op === "expire" && ask.at < expires_at) return "hold_not_due"
    const spent = ask.op === "post_hold" ? (ask.amount ?? amount) : 0
    if (spent > amount) return "more_than_left"
    target!.closed = true
    this.#add(from.owner, "reserved", -amount)
    this.#add(from.owner, "wallet", spent)
    if (ask.op === "post_hold") {
      this.#move(moves, from.owner, "wallet", -spent)
      this.#move(moves, ask.to.owner, ask.to.kind, spent)
    }
    this.#move([], from.owner, "wallet", 0)
    this.#income(from.owner, amount - spent)
    return "posted"
  }

  #move(moves: Move[], owner: string | null, kind: string, amount: number): void {
    if (kind !== "wallet" || amount <= 0) {
      this.#add(owner, kind, amount)
      if (amount !== 0) moves.push({ owner, kind, amount })
      return
    }
    const repaid = this.#income(owner, amount)
    if (repaid > 0) moves.push({ owner, kind: "owed", amount: repaid })
    if (amount > repaid) moves.push({ owner, kind, amount: amount - repaid })
  }

  #income(owner: string | null, amount: number): number {
    const repaid = Math.min(amount, -this.get(owner, "owed"))
    this.#add(owner, "owed", repaid)
    this.#add(owner, "wallet", amount - repaid)
    return repaid
  }

  #add(owner: string | null, kind: string, amount: number): void {
    this.amounts.set(`${owner} ${kind}`, this.get(owner, kind) + amount)
  }
}

type Move = { owner: string | null; kind: string; amount: number }

function stretch(moves: Move[], skip: number, take: number): Move[] {
  const units = [...moves].reverse().map((m) => ({ ...m, amount: Math.abs(m.amount) }))
  const found: Move[] = []
  for (const m of units) {
    const from = Math.min(skip, m.amount)
    const amount = Math.min(take, m.amount - from)
    skip -= from
    take -= amount
    if (amount > 0) found.push({ ...m, amount })
  }
  return found
}

function same(a: Ask, b: Ask): boolean {
  const plain = (ask: Ask) => JSON.stringify({ ...ask, at: 0, expires_at: 0, facts: 0 })
  return plain(a) === plain(b)
}
