import { createInterface } from "node:readline"
import { isRefused } from "../../../src/kernel/result.ts"
import { openDb } from "../../../src/platform/db.ts"
import { createLedger } from "../../../src/spine/ledger/index.ts"
import { BOOK, moved } from "../recorder.ts"

// An application that posts what it is asked for, a JSON line each, and tells what the ledger answered.
export type PosterAsk = { key: string; owner: string; amount: number }
export type PosterAnswer = { key: string; posting?: string; failed?: string }

const db = openDb({ url: process.env.CHAOS_URL ?? "", max: 6, application_name: "chaos poster" })
const ledger = createLedger(db)
const tell = (answer: PosterAnswer) => process.stdout.write(`${JSON.stringify(answer)}\n`)

async function post({ key, owner, amount }: PosterAsk): Promise<void> {
  const at = new Date()
  try {
    const answer = await ledger.ask({
      op: "post",
      book: BOOK,
      key,
      reason: "chaos",
      source: "chaos",
      at,
      lines: [
        { kind: "issue", owner: null, amount: -amount },
        { kind: "wallet", owner, amount },
      ],
      facts: ({ posting }) => [moved.of({ subject: owner, occurred_at: at, payload: { posting, amount } })],
    })
    tell(isRefused(answer) ? { key, failed: answer.refused } : { key, posting: answer.posting })
  } catch (error) {
    tell({ key, failed: (error as Error).message })
  }
}

createInterface({ input: process.stdin }).on("line", (line) => void post(JSON.parse(line) as PosterAsk))
process.stdout.write("{}\n")
process.once("SIGTERM", () => void ledger.idle().then(() => process.exit(0)))
