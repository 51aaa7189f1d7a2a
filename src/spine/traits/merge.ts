import { isDeepStrictEqual } from "node:util"
import { rows, type Tx } from "../../platform/db.ts"
import { type Carried, type Carry, carriedOf, type Merged } from "../facts/index.ts"
import { columnsNow } from "./columns.ts"
import { enrolCustomers, withdrawCustomers } from "./customers.ts"
import { type Published, publish, type TraitRow, type TraitValue } from "./publish.ts"
import { wordsOf } from "./words.ts"

/**
 * The last to be carried: whoever became part of another is in no audience and no count any more. The first to come back: what was
 * known of both, but for what has changed since of the one who stayed.
 */
export const carry: Carry = {
  name: "traits",
  tables: [
    { table: "traits_customers", told: true },
    { table: "traits_reasons", told: true },
  ],
  carry: (t, { from }) => withdrawCustomers(t, [from]),
  async giveBack(t, pair, now) {
    const known = await carriedOf(t, [pair.from], "traits_customers")
    const goes = known.find((k) => k.side === "goes")
    if (!goes) return undefined
    const { number, scope_id } = goes.before as { number: number; scope_id: string | null }
    await enrolCustomers(t, [{ customer_id: pair.from, number, scope_id }])
    const stays = known.find((k) => k.side === "stays")
    await publish(t, await asKnown(t, pair, goes, stays), now)
    return undefined
  },
}

async function asKnown(t: Tx, pair: Merged, goes: Carried, stays: Carried | undefined): Promise<Published> {
  const today = stays
    ? (
        await rows<{ row: Carried["before"] }>(
          t,
          "select to_jsonb(c) as row from traits_customers c where customer_id = $1",
          [pair.into],
        )
      )[0]?.row
    : undefined
  const reasons = await carriedOf(t, [pair.from], "traits_reasons")
  const values: Record<string, TraitRow[]> = {}
  for (const { trait, kind } of await columnsNow(t)) {
    const list: TraitRow[] = []
    const put = async (customer_id: string, kept: Carried) => {
      const reason = reasons.find((r) => r.side === kept.side && r.before.trait === trait)?.before
      list.push({
        customer_id,
        value: await knownValue(t, kind, kept.before[trait] ?? null),
        ...(reason
          ? { since: new Date(String(reason.since)), why: reason.why as Record<string, unknown> }
          : {}),
      })
    }
    if ((goes.before[trait] ?? null) !== null) await put(pair.from, goes)
    const changed = stays?.after && !isDeepStrictEqual(stays.before[trait], stays.after[trait])
    if (changed && isDeepStrictEqual(today?.[trait], stays.after?.[trait])) await put(pair.into, stays)
    if (list.length > 0) values[trait] = list
  }
  return values
}

async function knownValue(t: Tx, kind: string, value: unknown): Promise<TraitValue> {
  if (kind !== "tags" || value === null) return value as TraitValue
  return [...(await wordsOf(t, value as number[])).values()]
}
