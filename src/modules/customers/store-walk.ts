import { maybeRow, rows, run, type Tx } from "../../platform/db.ts"

/** A table of one row that says how far a walk through all customers has come, and the column with the version of it that is done. */
export type Place =
  | { table: "customers_rekeyed"; version: "readings" }
  | { table: "customers_respelled"; version: "spelling" }
type At = { version: number; up_to: number }

/** How far it has come; missing while another process is at it. */
export function lockPlace(t: Tx, { table, version }: Place): Promise<At | undefined> {
  return maybeRow(t, `select ${version} as version, up_to from ${table} for update skip locked`)
}

export async function savePlace(t: Tx, { table, version }: Place, at: At): Promise<void> {
  await run(t, `update ${table} set ${version} = $1, up_to = $2`, [at.version, at.up_to])
}

/** The next customers after a number. */
export function numberedAfter(
  t: Tx,
  after: number,
  limit: number,
): Promise<{ id: string; number: number }[]> {
  return rows(t, "select id, number from customers_customers where number > $1 order by number limit $2", [
    after,
    limit,
  ])
}
