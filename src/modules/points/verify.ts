import type { Db } from "../../platform/db.ts"
import { balancesIn } from "../../spine/ledger/index.ts"
import { POINTS } from "./book.ts"
import { allLeft } from "./store.ts"

/** Customers whose lots do not add up to their balance in the ledger; there must be none. Read at one snapshot. */
export async function verifyPoints(db: Db): Promise<{ customer_id: string; lots: number; ledger: number }[]> {
  const client = await db.connect()
  try {
    await client.query("begin isolation level repeatable read read only")
    const lots = await allLeft(client)
    const ledger = await balancesIn(client, POINTS, "customer")
    return [...new Set([...lots.keys(), ...ledger.keys()])]
      .map((id) => ({ customer_id: id, lots: lots.get(id) ?? 0, ledger: ledger.get(id) ?? 0 }))
      .filter((row) => row.lots !== row.ledger)
  } finally {
    await client.query("rollback")
    client.release()
  }
}
