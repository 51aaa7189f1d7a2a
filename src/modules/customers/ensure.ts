import { newId } from "../../kernel/ids.ts"
import type { Tx } from "../../platform/db.ts"
import { enrolCustomers } from "../../spine/traits/index.ts"
import { ENSURE_BATCH } from "./limits.ts"
import { spelledPhone } from "./phone.ts"
import { keysOf } from "./pinyin.ts"
import { gatherPersons, type Identity, identityKey, identityStrength, vouchesFor } from "./rules.ts"
import {
  lookUp,
  moveIdentities,
  type Proposal,
  proposeMerges,
  writeCustomers,
  writeIdentities,
} from "./store-ensure.ts"
import { writeKeys } from "./store-keys.ts"

/** Someone who appears at a door: all that this door knows them by. */
export type Arrival = {
  identities: readonly Identity[]
  name?: string | null
  phone?: string | null
  gender?: number | null
  region?: string | null
  avatar?: string | null
  source_code?: string | null
  seen_at: Date
}

/**
 * The customers of these arrivals, in their order; made where unknown. Never a second customer for a known identity, also when
 * two doors see the same person at once. An arrival that names two known customers goes to the one named by the more telling
 * identity, and the pair is put up for merging.
 */
export async function ensureCustomers(t: Tx, arrivals: readonly Arrival[], now: Date): Promise<string[]> {
  const ids: string[] = []
  for (let at = 0; at < arrivals.length; at += ENSURE_BATCH)
    ids.push(...(await ensureBatch(t, arrivals.slice(at, at + ENSURE_BATCH), now)))
  return ids
}

/** A phone is one however a door writes it; what is no number is kept as it came. */
const spelled = (arrival: Arrival): Arrival => ({
  ...arrival,
  identities: arrival.identities.map(({ kind, value }) => ({
    kind,
    value: kind === "phone" ? spelledPhone(value) : value,
  })),
  phone: arrival.phone ? spelledPhone(arrival.phone) : arrival.phone,
})

async function ensureBatch(t: Tx, told: readonly Arrival[], now: Date): Promise<string[]> {
  const arrivals = told.map(spelled)
  const identities = [
    ...new Map(arrivals.flatMap((a) => a.identities).map((i) => [identityKey(i), i])).values(),
  ].sort((a, b) => (identityKey(a) < identityKey(b) ? -1 : 1))
  const owners = await lookUp(t, identities)
  const persons = gatherPersons(arrivals)
  const idOf = new Map<number, string>()
  const made = new Set<string>()
  const pairs: Proposal[] = []
  for (const [person, members] of groupIndexes(persons)) {
    const known = members
      .flatMap((i) => [...arrivals[i]!.identities])
      .filter((identity) => owners.has(identityKey(identity)))
      .sort((a, b) => identityStrength(a.kind) - identityStrength(b.kind))
    const id = known[0] ? owners.get(identityKey(known[0]))! : newId(now.getTime())
    if (!known[0]) made.add(id)
    idOf.set(person, id)
    for (const identity of known) {
      const other = owners.get(identityKey(identity))!
      if (other === id) continue
      const certain = members.some((i) => vouchesFor(arrivals[i]!.identities, identity, id, owners))
      pairs.push({ customer_id: id, other_id: other, shared: identity.kind, certain })
    }
  }
  pairs.push(...(await claim(t, arrivals, persons, idOf, owners, made)))
  await insertCustomers(t, arrivals, persons, idOf, made, now)
  if (pairs.length > 0) await proposeMerges(t, pairs, now)
  return persons.map((person) => idOf.get(person)!)
}

function groupIndexes(persons: number[]): Map<number, number[]> {
  const groups = new Map<number, number[]>()
  persons.forEach((person, i) => {
    const list = groups.get(person)
    if (list) list.push(i)
    else groups.set(person, [i])
  })
  return groups
}

/** Writes unknown identities; where another door was quicker, its customer is ours too, or a pair with the one we know. */
async function claim(
  t: Tx,
  arrivals: readonly Arrival[],
  persons: number[],
  idOf: Map<number, string>,
  owners: Map<string, string>,
  made: Set<string>,
): Promise<Proposal[]> {
  const fresh = new Map<string, { identity: Identity; person: number }>()
  arrivals.forEach((arrival, i) => {
    for (const identity of arrival.identities)
      if (!owners.has(identityKey(identity)))
        fresh.set(identityKey(identity), { identity, person: persons[i]! })
  })
  if (fresh.size === 0) return []
  const sorted = [...fresh.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, f]) => f)
  const written = await writeIdentities(
    t,
    sorted.map((f) => ({ ...f.identity, customer_id: idOf.get(f.person)! })),
  )
  if (written.length === sorted.length) return []
  const ours = new Set(written.map(identityKey))
  const lost = sorted.filter((f) => !ours.has(identityKey(f.identity)))
  const theirs = await lookUp(
    t,
    lost.map((f) => f.identity),
  )
  const moved: [string, string][] = []
  const pairs: Proposal[] = []
  for (const { identity, person } of lost) {
    const winner = theirs.get(identityKey(identity))
    const mine = idOf.get(person)!
    if (!winner || winner === mine) continue
    if (!made.has(mine)) {
      // Vouched for is only an account that is known to be ours, not one that merely came in the same arrival.
      const certain = arrivals.some(
        (a, i) =>
          persons[i] === person &&
          a.identities.some(
            (o) => owners.get(identityKey(o)) === mine && vouchesFor(a.identities, o, winner, theirs),
          ),
      )
      pairs.push({ customer_id: winner, other_id: mine, shared: identity.kind, certain })
      continue
    }
    made.delete(mine)
    idOf.set(person, winner)
    moved.push([mine, winner])
  }
  if (moved.length > 0) await moveIdentities(t, moved)
  return pairs
}

async function insertCustomers(
  t: Tx,
  arrivals: readonly Arrival[],
  persons: number[],
  idOf: Map<number, string>,
  made: Set<string>,
  now: Date,
): Promise<void> {
  const fresh = [...groupIndexes(persons)].filter(([person]) => made.has(idOf.get(person)!))
  if (fresh.length === 0) return
  const merged = fresh.map(([person, members]) => {
    const all = members.map((i) => arrivals[i]!)
    const pick = <K extends keyof Arrival>(key: K) =>
      all.find((a) => a[key] !== undefined && a[key] !== null)?.[key]
    const name = pick("name") ?? ""
    const keys = keysOf(name)
    const phone =
      pick("phone") ?? all.flatMap((a) => a.identities).find((i) => i.kind === "phone")?.value ?? null
    return {
      id: idOf.get(person)!,
      name,
      keys,
      phone,
      gender: pick("gender") ?? 0,
      region: pick("region") ?? null,
      avatar: pick("avatar") ?? null,
      source_code: pick("source_code") ?? null,
      created_at: all[0]!.seen_at,
    }
  })
  const enrolled = await writeCustomers(t, merged, now)
  await writeKeys(
    t,
    merged.map(({ id, keys }) => ({ customer_id: id, keys })),
  )
  await enrolCustomers(
    t,
    enrolled.map((m) => ({ customer_id: m.id, number: m.number, scope_id: null })),
  )
}
