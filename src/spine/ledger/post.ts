import { newId } from "../../kernel/ids.ts"
import { isRefused, refuse } from "../../kernel/result.ts"
import { type Decided, inTurn, type Tx } from "../../platform/db.ts"
import { APPEND_COPY_FROM, append, type NewFact } from "../facts/index.ts"
import { type Answer, type Ask, accountKey, bodyHash, checkAsk, NIL_OWNER, type Posted } from "./ask.ts"
import { bookOf, isTracked, policyOf } from "./book.ts"
import { BATCH_ASKS } from "./limits.ts"
import { apply, type Change, decide, type State, type Target } from "./rules.ts"
import { type KeyRow, linesOf, loadTargets, open, type Writes, writesOf } from "./store.ts"

/**
 * Posts asks in the caller's transaction, each decided in turn on what those before it left. Answers are final once that
 * transaction commits. Throws where an ask is a bug; a refusal is an answer and is remembered under its key like any other.
 */
export async function postAll(t: Tx, asks: readonly Ask[]): Promise<Answer[]> {
  const answers: Answer[] = []
  for (let from = 0; from < asks.length; from += BATCH_ASKS) {
    const { answer, writes } = await decideBatch(t, asks.slice(from, from + BATCH_ASKS))
    await inTurn(writes)
    answers.push(...answer)
  }
  return answers
}

/** Locks, looks keys up, loads and decides; the writes are left to be sent. At most BATCH_ASKS asks. */
export async function decideBatch(t: Tx, asks: readonly Ask[]): Promise<Decided<Answer[]>> {
  for (const ask of asks) checkAsk(ask)
  const targets = await loadTargets(t, targetIds(asks))
  const { owners, books } = concerned(asks, targets)
  const { balances, places, keys } = await open(
    t,
    owners,
    books,
    asks.map((a) => a.key),
  )
  const batch = new Batch({ balances, targets }, keys)
  const ids = Array.from(asks, () => newId()).sort()
  const answers = asks.map((ask, i) => batch.take(ask, ids[i]!))
  const { writes, facts, again } = batch
  return {
    answer: again.size === 0 ? answers : await answerAgain(t, again, answers),
    copies: facts.length >= APPEND_COPY_FROM,
    writes: writes.keys.length === 0 ? [] : [...writesOf(t, writes, places), () => append(t, facts)],
  }
}

function targetIds(asks: readonly Ask[]): string[] {
  return [...new Set(asks.flatMap((a) => ("target" in a ? [a.target] : [])))]
}

/** Whose balances a batch may touch: every owner named, also by what is reversed. */
function concerned(asks: readonly Ask[], targets: Map<string, Target>) {
  const owners = new Set<string>()
  const books = new Set<string>()
  const add = (book: string, account: { kind: string; owner: string | null }) => {
    books.add(book)
    if (account.owner !== null) owners.add(account.owner)
    else if (isTracked(policyOf(book, account.kind))) owners.add(NIL_OWNER)
  }
  for (const ask of asks) {
    if (ask.op === "post") for (const line of ask.lines) add(ask.book, line)
    else if (ask.op === "plan") {
      books.add(ask.book)
      for (const owner of ask.owners) owners.add(owner)
    } else if (ask.op === "hold") add(ask.book, ask.from)
    else {
      const target = targets.get(ask.target)
      for (const line of target?.lines ?? []) add(target!.book, line)
      if (ask.op === "post_hold" && target) add(target.book, ask.to)
    }
  }
  return { owners, books }
}

class Batch {
  readonly writes: Writes = { keys: [], postings: [], entries: [], deltas: [], holds: [], closed: [] }
  readonly facts: NewFact[] = []
  /** Asks that were answered before this batch: index of the ask and the posting made then. */
  readonly again = new Map<number, string>()
  #index = -1
  readonly #now = new Map<string, { body_hash: string; answer: Answer }>()
  readonly #deltas = new Map<string, Writes["deltas"][number]>()

  constructor(
    readonly state: State,
    readonly used: Map<string, KeyRow>,
  ) {}

  take(ask: Ask, id: string): Answer {
    this.#index++
    const body_hash = bodyHash(ask)
    const first = this.#now.get(ask.key)
    if (first) return first.body_hash === body_hash ? first.answer : refuse("key_reused", { field: "key" })
    const before = this.used.get(ask.key)
    if (before) return this.#answeredBefore(before, body_hash)
    const decision = decide(this.state, ask)
    const answer: Answer = isRefused(decision) ? decision : this.#post(ask, id, decision)
    this.writes.keys.push({
      key: ask.key,
      body_hash,
      answer: isRefused(answer) ? answer : { posting: answer.posting },
    })
    this.#now.set(ask.key, { body_hash, answer })
    return answer
  }

  #answeredBefore(before: KeyRow, body_hash: string): Answer {
    if (before.body_hash !== body_hash) return refuse("key_reused", { field: "key" })
    const answer = before.answer as Answer
    if (!isRefused(answer)) this.again.set(this.#index, answer.posting)
    return answer
  }

  #post(ask: Ask, posting: string, change: Change): Posted {
    apply(this.state, ask, change)
    const { writes } = this
    const { book, lines, target = null, amount } = change
    writes.postings.push({ id: posting, book, ask, target, amount })
    lines.forEach((line, n) => {
      writes.entries.push({ posting, n, book, ...line })
      if (isTracked(bookOf(book).accounts[line.kind]!)) this.#add(book, line)
    })
    if (ask.op === "hold")
      writes.holds.push({ posting, book, from: ask.from, amount: ask.amount, expires_at: ask.expires_at })
    else if (target && ask.op !== "reverse") writes.closed.push({ hold: target, by: posting })
    const posted = { posting, lines }
    if (ask.facts) this.facts.push(...ask.facts(posted))
    return posted
  }

  #add(book: string, line: { kind: string; owner: string | null; amount: number }): void {
    const key = accountKey(book, line)
    const known = this.#deltas.get(key)
    if (known) known.amount += line.amount
    else {
      const delta = { book, ...line }
      this.#deltas.set(key, delta)
      this.writes.deltas.push(delta)
    }
  }
}

/** The first answer again, with the lines it had. */
async function answerAgain(t: Tx, again: Map<number, string>, answers: Answer[]): Promise<Answer[]> {
  const lines = await linesOf(t, [...new Set(again.values())])
  return answers.map((answer, i) => {
    const posting = again.get(i)
    return posting === undefined ? answer : { posting, lines: lines.get(posting) ?? [] }
  })
}
