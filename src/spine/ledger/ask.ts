import { createHash } from "node:crypto"
import { invariant } from "../../kernel/invariant.ts"
import { isRefused, type Refusal } from "../../kernel/result.ts"
import type { NewFact } from "../facts/index.ts"
import { policyOf } from "./book.ts"
import { KEY_LENGTH, LINE_AMOUNT, POSTING_LINES } from "./limits.ts"

/** An account of an owner (a uuid), or of the house (`owner: null`). */
export type Account = { kind: string; owner: string | null }
/** An amount in whole units of the book; the lines of a posting sum to 0. */
export type Line = Account & { amount: number }

type Common = {
  /** Given once by whoever wants the posting, kept over every retry of it. */
  key: string
  /** Why, as a word of the asking module: `order_paid`. */
  reason: string
  /** Who or what asked: `order:…`, `play:…`, `staff:…`. */
  source: string
  /** Shop time. */
  at: Date
  /** Facts stored in the same transaction, made from what was really posted; not asked again on a retry. */
  facts?: (done: Posted) => NewFact[]
}
export type PostAsk = Common & { op: "post"; book: string; lines: Line[] }
/**
 * A posting whose lines a module's own rules decide when it is the ask's turn: after the locks and the key, and never on a
 * retry, which gets the first answer. `owners` are those whose accounts the lines may name; `asked` is what makes a retry.
 */
export type PlanAsk = Common & {
  op: "plan"
  book: string
  owners: string[]
  asked: unknown
  plan: () => Line[] | Refusal
}
/** Takes a posting back, whole (what is left of it) or by an amount. */
export type ReverseAsk = Common & { op: "reverse"; target: string; amount?: number }
export type HoldAsk = Common & { op: "hold"; book: string; from: Account; amount: number; expires_at: Date }
/** Spends a hold, whole or in part; the rest goes back. */
export type PostHoldAsk = Common & { op: "post_hold"; target: string; to: Account; amount?: number }
export type EndHoldAsk = Common & { op: "void" | "expire"; target: string }
export type Ask = PostAsk | PlanAsk | ReverseAsk | HoldAsk | PostHoldAsk | EndHoldAsk

export type Posted = { posting: string; lines: Line[] }
export type LedgerRefusal =
  | "not_enough"
  | "over_ceiling"
  | "unknown_posting"
  | "not_reversible"
  | "already_reversed"
  | "more_than_left"
  | "hold_closed"
  | "hold_expired"
  | "hold_not_due"
  | "key_reused"
  | "ledger_busy"
/** A refusal is one of the ledger's own, or the code that a plan gave. */
export type Answer = Posted | Refusal<LedgerRefusal | (string & {})>

export const NIL_OWNER = "00000000-0000-0000-0000-000000000000"

/** Names an account inside the process. */
export function accountKey(book: string, account: Account): string {
  return `${account.owner ?? NIL_OWNER}|${book}|${account.kind}`
}

/** Stops what no correct caller asks: an unbalanced posting, a fraction, an unknown account. */
export function checkAsk(ask: Ask): void {
  invariant(ask.key.length > 0 && ask.key.length <= KEY_LENGTH, `key of ${ask.key.length} characters`)
  if (ask.op === "post") checkPosting(ask)
  if (ask.op === "post" || !("amount" in ask)) return
  const { amount } = ask
  if (amount !== undefined || ask.op === "hold")
    invariant(Number.isSafeInteger(amount) && amount! > 0 && amount! <= LINE_AMOUNT, `amount ${amount}`)
  if (ask.op === "hold") {
    checkAccount(ask.book, ask.from)
    invariant(policyOf(ask.book, ask.from.kind).reserve, `nothing is held from ${ask.from.kind}`)
  }
}

function checkPosting(ask: PostAsk): void {
  let sum = 0
  for (const line of ask.lines) {
    checkAccount(ask.book, line)
    invariant(
      Number.isSafeInteger(line.amount) && Math.abs(line.amount) <= LINE_AMOUNT,
      `amount ${line.amount}`,
    )
    invariant(line.amount !== 0, "a line of 0 moves nothing")
    sum += line.amount
  }
  invariant(ask.lines.length >= 2 && ask.lines.length <= POSTING_LINES, `${ask.lines.length} lines`)
  invariant(sum === 0, `lines of ${ask.key} sum to ${sum}`)
  const accounts = new Set(ask.lines.map((line) => accountKey(ask.book, line)))
  invariant(accounts.size === ask.lines.length, `an account twice in ${ask.key}`)
}

/** A plan carried out: an ordinary posting, checked like one. */
export function planned(ask: PlanAsk): PostAsk | Refusal {
  const lines = ask.plan()
  if (isRefused(lines)) return lines
  const post: PostAsk = { ...ask, op: "post", lines }
  checkPosting(post)
  for (const line of lines)
    invariant(
      line.owner === null || ask.owners.includes(line.owner),
      `${ask.key} planned for an unnamed owner`,
    )
  return post
}

export function checkAccount(book: string, account: Account): void {
  const { of } = policyOf(book, account.kind)
  invariant((of === "house") === (account.owner === null), `${account.kind} is an account of ${of}`)
}

/** What makes two asks the same ask: all that was asked, without the time, which a retry has anew. */
export function bodyHash(ask: Ask): string {
  const parts: unknown[] = [ask.op, ask.reason, ask.source]
  if (ask.op === "post") {
    parts.push(ask.book)
    for (const line of ask.lines) parts.push(line.kind, line.owner, line.amount)
  } else if (ask.op === "plan") parts.push(ask.book, ask.asked)
  else if (ask.op === "hold") parts.push(ask.book, ask.from.kind, ask.from.owner, ask.amount)
  else parts.push(ask.target)
  if (ask.op === "reverse" || ask.op === "post_hold") parts.push(ask.amount ?? null)
  if (ask.op === "post_hold") parts.push(ask.to.kind, ask.to.owner)
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url")
}
