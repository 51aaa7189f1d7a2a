import { type Refusal, refuse } from "../../kernel/result.ts"
import { copyIn, type Db, maybeRow, oneRow } from "../../platform/db.ts"
import { fault } from "../../platform/fault.ts"
import { createGatherer } from "../../platform/gather.ts"
import { COLUMNS, factLine } from "./append.ts"
import type { NewFact } from "./fact.ts"
import { INTAKE_FACTS, INTAKE_IN_FLIGHT, INTAKE_LOOK_MS, INTAKE_WAITING } from "./limits.ts"

export type FactIntake = {
  /** Resolves after the commit that holds these facts, all of them or none; `busy` when too many batches wait. */
  append(facts: readonly NewFact[]): Promise<Refusal<"busy"> | null>
  /** Resolves when everything taken is committed. */
  idle(): Promise<void>
}

/** Facts of one caller, and the transaction in which they may have been committed though no answer came. */
type Batch = { facts: readonly NewFact[]; unsure: string | null }

/**
 * A door for facts that come alone, without a change of ours beside them, from many callers at once: what arrives while the last
 * batches commit goes in one COPY and one commit. `append(tx, facts)` is for everything that has a transaction of its own.
 */
export function createFactIntake(db: Db): FactIntake {
  const gatherer = createGatherer<Batch, Refusal<"busy"> | null>({
    work: async (batches) => {
      await settle(db, batches)
      const open = batches.filter((b) => b.unsure === null)
      if (open.length > 0) await store(db, open)
      return batches.map(() => null)
    },
    size: ({ facts }) => facts.length,
    batch: INTAKE_FACTS,
    in_flight: INTAKE_IN_FLIGHT,
    waiting: INTAKE_WAITING,
    busy: refuse("busy"),
  })
  return {
    append: (facts) => (facts.length === 0 ? Promise.resolve(null) : gatherer.ask({ facts, unsure: null })),
    idle: gatherer.idle,
  }
}

async function store(db: Db, batches: Batch[]): Promise<void> {
  const client = await db.connect()
  let broken: Error | undefined
  let committed = false
  try {
    await client.query("begin")
    const { tx } = await oneRow<{ tx: string }>(client, "select pg_current_xact_id()::text as tx")
    await copyIn(client, COLUMNS, lines(batches))
    for (const batch of batches) batch.unsure = tx
    fault("facts:before-commit")
    await client.query("commit")
    committed = true
    fault("facts:after-commit-before-ack")
  } catch (error) {
    await client.query("rollback").then(
      () => {
        // The server lives and has taken it back: there is nothing to be unsure of.
        if (!committed) for (const batch of batches) batch.unsure = null
      },
      (e: Error) => {
        broken = e
      },
    )
    throw error
  } finally {
    client.release(broken)
  }
}

/** A caller's batch a chunk: the next one is written out while the server takes the last. */
function* lines(batches: readonly Batch[]): Generator<string> {
  for (const { facts } of batches) {
    let chunk = ""
    for (const fact of facts) chunk += factLine(fact)
    yield chunk
  }
}

/**
 * Facts carry no key, so a commit whose answer was lost is looked up before anything is stored again: the batch is there when its
 * first fact is there under the number of that transaction. (A number that was never written down may be given out again after
 * a crash; then the fact is not there.) Batches that are there stay marked, the others are free to be stored.
 */
async function settle(db: Db, batches: readonly Batch[]): Promise<void> {
  for (const batch of batches) {
    if (batch.unsure === null) continue
    await whenDecided(db, batch.unsure)
    const first = batch.facts[0]!
    const there = await maybeRow(
      db,
      "select 1 from facts where tx = $1::xid8 and subject = $2 and type = $3 and occurred_at = $4 limit 1",
      [batch.unsure, first.subject, first.type, first.occurred_at.toISOString()],
    )
    if (!there) batch.unsure = null
  }
}

/** A server that lost us in the middle of a commit may still be at it. */
async function whenDecided(db: Db, tx: string): Promise<void> {
  for (;;) {
    const { open } = await oneRow<{ open: boolean }>(
      db,
      `select exists (select from pg_stat_activity
         where datname = current_database() and backend_xid::text::bigint = $1::bigint & 4294967295 and pid <> pg_backend_pid()) as open`,
      [tx],
    )
    if (!open) return
    await new Promise((resolve) => setTimeout(resolve, INTAKE_LOOK_MS))
  }
}
