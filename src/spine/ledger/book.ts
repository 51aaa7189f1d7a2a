import { invariant } from "../../kernel/invariant.ts"

/** One kind of account in a book. */
export type AccountPolicy = {
  /** `each`: one account per owner; `house`: one for the company. */
  of: "each" | "house"
  /** The balance never goes below; keeping a balance makes writers of one account wait for each other. */
  floor?: number
  /** The balance never goes above; a debt is an account with the ceiling 0. */
  ceiling?: number
  /** Where a reversal books what is no longer there, and what is paid back first from the next income. */
  shortfall?: string
  /** Where a hold keeps what it took from here. */
  reserve?: string
}

export type Book = { name: string; unit: string; accounts: Record<string, AccountPolicy> }

const books = new Map<string, Book>()

/** Declares what is kept in a book; refused at start where a policy names an account that the book has not. */
export function defineBook(book: Book): Book {
  for (const [kind, policy] of Object.entries(book.accounts)) {
    for (const other of [policy.shortfall, policy.reserve]) {
      if (other === undefined) continue
      const its = book.accounts[other]
      invariant(
        its && its.of === policy.of,
        `book ${book.name}: ${kind} names ${other}, no account of its own`,
      )
      invariant(isTracked(its), `book ${book.name}: ${other} needs a floor or a ceiling`)
    }
    invariant(
      policy.shortfall === undefined || policy.floor !== undefined,
      `${kind} has no floor to fall short of`,
    )
  }
  books.set(book.name, book)
  return book
}

export function bookOf(name: string): Book {
  const book = books.get(name)
  invariant(book, `no book is called ${name}`)
  return book
}

export function policyOf(book: string, kind: string): AccountPolicy {
  const policy = bookOf(book).accounts[kind]
  invariant(policy, `book ${book} has no account ${kind}`)
  return policy
}

/** Whether a balance is kept. */
export function isTracked(policy: AccountPolicy): boolean {
  return policy.floor !== undefined || policy.ceiling !== undefined
}
