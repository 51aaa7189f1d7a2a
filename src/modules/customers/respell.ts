import type { Db, Tx } from "../../platform/db.ts"
import { RESPELL_BATCH } from "./limits.ts"
import { SPELLING, spelledPhone as spelled } from "./phone.ts"
import { type Identity, identityKey, identityStrength } from "./rules.ts"
import { lookUp, type Proposal, proposeMerges, writeIdentities } from "./store-ensure.ts"
import { dropIdentities, kindsOf, phoneIdentities, phonesForUpdate, rewritePhones } from "./store-phones.ts"
import { walkOnce } from "./walk.ts"

/**
 * Spells the phones of these customers as every door does now, so that whoever comes with the number is one of them. Where two turn
 * out to have one number nothing is merged: the pair is put up for somebody's decision, and each keeps what they are known by.
 */
export async function respellPhones(t: Tx, ids: readonly string[], now: Date): Promise<void> {
  const written = (await phonesForUpdate(t, ids)).filter(({ phone }) => spelled(phone) !== phone)
  await rewritePhones(
    t,
    written.map(({ id, phone }) => ({ id, phone: spelled(phone) })),
  )
  const before = (await phoneIdentities(t, ids)).filter(({ value }) => spelled(value) !== value)
  if (before.length === 0) return
  const plain = (value: string): Identity => ({ kind: "phone", value: spelled(value) })
  // Of several the first who became known has the number as it is spelled now.
  const wanted = new Map(
    before.toReversed().map(({ value, customer_id }) => [spelled(value), { ...plain(value), customer_id }]),
  )
  await writeIdentities(
    t,
    [...wanted.values()].sort((a, b) => (a.value < b.value ? -1 : 1)),
  )
  const owners = await lookUp(
    t,
    before.map(({ value }) => plain(value)),
  )
  const ownerOf = (value: string) => owners.get(identityKey(plain(value)))!
  const twice = before.filter(({ value, customer_id }) => ownerOf(value) !== customer_id)
  await dropIdentities(
    t,
    before.filter((one) => !twice.includes(one)).map(({ value }) => ({ kind: "phone", value })),
  )
  if (twice.length === 0) return
  await proposeMerges(t, await pairsOf(t, twice, ownerOf), now)
}

/** Of two with one number the one who is known by the more telling identity stands first, as with arrivals at a door. */
async function pairsOf(
  t: Tx,
  twice: readonly { value: string; customer_id: string }[],
  ownerOf: (value: string) => string,
): Promise<Proposal[]> {
  const kinds = await kindsOf(
    t,
    twice.flatMap(({ value, customer_id }) => [customer_id, ownerOf(value)]),
  )
  const strength = (id: string) => Math.min(...(kinds.get(id) ?? []).map(identityStrength))
  return twice.map(({ value, customer_id }) => {
    const owner = ownerOf(value)
    const [first, other] =
      strength(customer_id) < strength(owner) ? [customer_id, owner] : [owner, customer_id]
    return { customer_id: first, other_id: other, shared: "phone", certain: false }
  })
}

/** The same of everybody who was there before this version; gives how many had their turn now. */
export const respell = (db: Db, now: Date, batch = RESPELL_BATCH): Promise<number> =>
  walkOnce(db, { table: "customers_respelled", version: "spelling" }, SPELLING, batch, (t, ids) =>
    respellPhones(t, ids, now),
  )
