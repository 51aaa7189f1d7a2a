import { invariant } from "../../kernel/invariant.ts"
import { isRefused, type Refusal, refuse } from "../../kernel/result.ts"
import {
  type Account,
  type Ask,
  accountKey,
  checkAccount,
  type EndHoldAsk,
  type HoldAsk,
  type LedgerRefusal,
  type Line,
  type PostHoldAsk,
  planned,
  type ReverseAsk,
} from "./ask.ts"
import { isTracked, policyOf } from "./book.ts"

/** What a posting is in the books; a plan becomes an ordinary posting. */
export type PostingOp = Exclude<Ask["op"], "plan">

/** A posting that an ask refers to. */
export type Target = {
  id: string
  book: string
  op: PostingOp
  lines: Line[]
  /** How much of it was already taken back. */
  reversed: number
  hold?: { from: Account; amount: number; expires_at: Date; closed: boolean }
}

/** What a batch has locked and loaded; an account without a balance yet has 0. */
export type State = { balances: Map<string, number>; targets: Map<string, Target> }

/** What one ask changes. */
export type Change = { book: string; lines: Line[]; amount: number; target?: string }

/** Decides one ask on the state as it is now; the state is changed by `apply` alone. */
export function decide(state: State, ask: Ask): Change | Refusal {
  if (ask.op === "plan") {
    const post = planned(ask)
    return isRefused(post) ? post : settle(state, post.book, post.lines)
  }
  if (ask.op === "post") return settle(state, ask.book, ask.lines)
  if (ask.op === "hold") return hold(state, ask)
  const target = state.targets.get(ask.target)
  if (!target) return refuse("unknown_posting", { field: "target" })
  if (ask.op === "reverse") return reverse(state, ask, target)
  return endHold(state, ask, target)
}

/** Carries a change into the state, so that the next ask of the batch is decided on it. */
export function apply(state: State, ask: Ask, change: Change): void {
  for (const line of change.lines) {
    if (!isTracked(policyOf(change.book, line.kind))) continue
    const key = accountKey(change.book, line)
    state.balances.set(key, (state.balances.get(key) ?? 0) + line.amount)
  }
  if (change.target === undefined) return
  const target = state.targets.get(change.target)
  invariant(target, `target ${change.target} is not loaded`)
  if (ask.op === "reverse") target.reversed += change.amount
  else if (target.hold) target.hold.closed = true
}

function balance(state: State, book: string, account: Account): number {
  return state.balances.get(accountKey(book, account)) ?? 0
}

/** What is owed is taken first from every income; then floors and ceilings are looked at. */
function settle(state: State, book: string, asked: Line[]): Change | Refusal<LedgerRefusal> {
  const lines: Line[] = []
  for (const line of merge(asked)) {
    const { shortfall } = policyOf(book, line.kind)
    const debt = shortfall && line.amount > 0 ? { kind: shortfall, owner: line.owner } : undefined
    const repaid = debt ? Math.min(line.amount, Math.max(0, -balance(state, book, debt))) : 0
    if (debt && repaid > 0) lines.push({ ...debt, amount: repaid })
    if (line.amount !== repaid) lines.push({ ...line, amount: line.amount - repaid })
  }
  const final = merge(lines)
  for (const line of final) {
    const { floor, ceiling } = policyOf(book, line.kind)
    const now = balance(state, book, line)
    if (line.amount < 0 && floor !== undefined && now + line.amount < floor)
      return refuse("not_enough", {
        detail: { account: line.kind, available: now - floor, asked: -line.amount },
      })
    if (line.amount > 0 && ceiling !== undefined && now + line.amount > ceiling)
      return refuse("over_ceiling", {
        detail: { account: line.kind, room: ceiling - now, asked: line.amount },
      })
  }
  return { book, lines: final, amount: positive(final) }
}

function reverse(state: State, ask: ReverseAsk, target: Target): Change | Refusal<LedgerRefusal> {
  if (target.op !== "post" && target.op !== "post_hold")
    return refuse("not_reversible", { detail: { op: target.op } })
  const { book } = target
  const lines = merge(unheld(target))
  const left = positive(lines) - target.reversed
  if (left === 0) return refuse("already_reversed")
  const amount = ask.amount ?? left
  if (amount > left) return refuse("more_than_left", { detail: { left, asked: amount } })
  const back: Line[] = []
  for (const line of part(lines, target.reversed, amount, 1)) {
    const { shortfall, floor } = policyOf(book, line.kind)
    const there = shortfall ? Math.max(0, balance(state, book, line) - floor!) : line.amount
    const taken = Math.min(there, line.amount)
    if (taken > 0) back.push({ ...line, amount: -taken })
    if (shortfall && taken < line.amount) back.push({ ...line, kind: shortfall, amount: taken - line.amount })
  }
  back.push(...part(lines, target.reversed, amount, -1))
  const change = settle(state, book, back)
  return isRefused(change) ? change : { ...change, amount, target: target.id }
}

/** Of a target's lines of one sign, last line first, the stretch of `amount` after what was already taken back. */
function part(lines: Line[], reversed: number, amount: number, sign: 1 | -1): Line[] {
  const found: Line[] = []
  let skip = reversed
  let want = amount
  for (const line of lines.filter((l) => Math.sign(l.amount) === sign).reverse()) {
    const size = Math.abs(line.amount)
    const skipped = Math.min(skip, size)
    const taken = Math.min(want, size - skipped)
    skip -= skipped
    want -= taken
    if (taken > 0) found.push({ ...line, amount: taken })
  }
  return found
}

/** The lines of a spent hold as if it had been taken straight from where it was held. */
function unheld(target: Target): Line[] {
  const { hold } = target
  if (!hold) return target.lines
  const { reserve, shortfall } = policyOf(target.book, hold.from.kind)
  return target.lines.map((l) =>
    l.kind === reserve || l.kind === shortfall ? { ...l, kind: hold.from.kind } : l,
  )
}

function hold(state: State, ask: HoldAsk): Change | Refusal<LedgerRefusal> {
  const reserve = policyOf(ask.book, ask.from.kind).reserve
  invariant(reserve, `nothing is held from ${ask.from.kind}`)
  return settle(state, ask.book, [
    { ...ask.from, amount: -ask.amount },
    { kind: reserve, owner: ask.from.owner, amount: ask.amount },
  ])
}

function endHold(
  state: State,
  ask: PostHoldAsk | EndHoldAsk,
  target: Target,
): Change | Refusal<LedgerRefusal> {
  const held = target.op === "hold" ? target.hold : undefined
  if (!held) return refuse("unknown_posting", { field: "target" })
  if (held.closed) return refuse("hold_closed")
  const due = ask.at.getTime() >= held.expires_at.getTime()
  if (ask.op === "post_hold" && due) return refuse("hold_expired")
  if (ask.op === "expire" && !due) return refuse("hold_not_due")
  const spent = ask.op === "post_hold" ? (ask.amount ?? held.amount) : 0
  if (spent > held.amount) return refuse("more_than_left", { detail: { left: held.amount, asked: spent } })
  const reserve = policyOf(target.book, held.from.kind).reserve
  invariant(reserve, `nothing is held from ${held.from.kind}`)
  const lines: Line[] = [{ kind: reserve, owner: held.from.owner, amount: -held.amount }]
  if (ask.op === "post_hold") {
    checkAccount(target.book, ask.to)
    lines.push({ ...ask.to, amount: spent })
  }
  if (spent < held.amount) lines.push({ ...held.from, amount: held.amount - spent })
  const change = settle(state, target.book, lines)
  return isRefused(change) ? change : { ...change, target: target.id }
}

function positive(lines: Line[]): number {
  return lines.reduce((sum, l) => sum + Math.max(0, l.amount), 0)
}

/** One line an account, in the order of first mention; lines that cancel out are gone. */
function merge(lines: Line[]): Line[] {
  if (lines.length === 2 && (lines[0]!.kind !== lines[1]!.kind || lines[0]!.owner !== lines[1]!.owner))
    return lines
  const merged: Line[] = []
  for (const line of lines) {
    const same = merged.find((l) => l.kind === line.kind && l.owner === line.owner)
    if (same) same.amount += line.amount
    else merged.push({ kind: line.kind, owner: line.owner, amount: line.amount })
  }
  return merged.filter((l) => l.amount !== 0)
}
