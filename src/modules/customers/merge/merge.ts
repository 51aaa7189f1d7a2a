import { type Refusal, refuse } from "../../../kernel/result.ts"
import type { Clock } from "../../../platform/clock.ts"
import { type Db, type Tx, tx } from "../../../platform/db.ts"
import {
  append,
  type Carry,
  cameLate,
  carryRows,
  forgetCarried,
  intoWhom,
  keepAfter,
  keepBefore,
  keepLate,
  keepLateAfter,
  lockSubjects,
  type Merged,
  mergeSubjects,
  placesOf,
} from "../../../spine/facts/index.ts"
import { rescopeCustomers } from "../../../spine/traits/index.ts"
import { customersMerged } from "../events.ts"
import { CARRIED_FORGOTTEN, LATE_MERGES, LATE_WHILE_MS, MERGE_BATCH, UNDO_WHILE_MS } from "../limits.ts"
import { respellPhones } from "../respell.ts"
import { rekeyCustomers } from "../store-keys.ts"
import { publishProfiles } from "../traits.ts"
import {
  carryContacts,
  carryIdentities,
  carryKeys,
  carryQueue,
  certainPairs,
  decidePair,
  fillFrom,
  lateMerges,
  lockPair,
  noteCarried,
  noteMerge,
} from "./store.ts"
import { giveContactsBack, ownersOfBoth, stillMerged } from "./store-undo.ts"
import { tablesOf } from "./undo.ts"

/** The person themselves: names, friendships, what is known. The first to be carried. */
export const carry: Carry = {
  name: "customers",
  tables: [
    { table: "customers_customers", column: "id" },
    "customers_identities",
    "customers_contacts",
    "customers_keys",
    "customers_merge_queue",
    { table: "customers_merge_queue", column: "other_id" },
    { table: "customers_merges", column: "into_id" },
  ],
  // Their turn may not have come yet (respell.ts): spelled as they are today, phones are told apart when the merge is undone.
  hold: (t, pair, now) => respellPhones(t, [pair.from, pair.into], now),
  async giveBack(t, pair, now) {
    await giveContactsBack(t, pair)
    await rekeyCustomers(t, [pair.from, pair.into])
    await rescopeCustomers(t, await ownersOfBoth(t, pair))
    await publishProfiles(t, [pair.from, pair.into].sort(), now)
    return undefined
  },
  async carry(t, pair, now) {
    await carryIdentities(t, pair)
    await carryContacts(t, pair)
    await carryRows(t, pair, "customers_contacts", ["account_id"])
    const owner = await fillFrom(t, pair, now)
    await carryKeys(t, pair)
    if (owner) await rescopeCustomers(t, [{ customer_id: pair.into, scope_id: owner }])
    await publishProfiles(t, [pair.into], now)
  },
}

/**
 * Two customers are one from here on: the one who stays has the orders, points, tags, groups and the history of both, and is found
 * under either id. Refused where one of them is no customer (any more), or both are the same.
 */
export async function mergeCustomers(
  t: Tx,
  carries: readonly Carry[],
  asked: Merged,
  by: string | null,
  now: Date,
): Promise<Merged | Refusal<"not_found" | "same_customer">> {
  const known = await intoWhom(t, [asked.from, asked.into])
  const pair = {
    from: known.get(asked.from) ?? asked.from,
    into: known.get(asked.into) ?? asked.into,
  }
  if (pair.from === pair.into) return refuse("same_customer", { field: "other_id" })
  await lockSubjects(t, pair)
  if (!(await lockPair(t, pair))) {
    // somebody else was quicker with one of them: perhaps with this very pair
    const since = await intoWhom(t, [pair.from, pair.into])
    const [one, other] = [since.get(pair.from) ?? pair.from, since.get(pair.into) ?? pair.into]
    return one === other ? refuse("same_customer", { field: "other_id" }) : refuse("not_found")
  }
  for (const one of carries) await one.hold?.(t, pair, now)
  const places = await placesOf(t, tablesOf(carries))
  await keepBefore(t, pair, places, now)
  await mergeSubjects(t, pair, now)
  for (const one of carries) await one.carry(t, pair, now)
  await carryQueue(t, pair)
  await noteMerge(t, pair, by, now)
  await keepAfter(t, pair, places)
  await append(t, [
    customersMerged.of({
      subject: pair.into,
      occurred_at: now,
      payload: { from_customer_id: pair.from, by_staff_id: by },
    }),
  ])
  return pair
}

/**
 * Merges the next pairs that the outside says are one person, each by itself. Gives how many it decided. A pair that cannot be
 * merged holds up no other: what was wrong with it is thrown when all had their turn.
 */
export async function mergeCertain(db: Db, carries: readonly Carry[], now: Date): Promise<number> {
  const pairs = await certainPairs(db, MERGE_BATCH)
  await eachInTurn(pairs, (pair) =>
    tx(db, async (t) => {
      // A pair that is one already, or of which one is gone, has nothing left to be decided.
      await mergeCustomers(t, carries, { from: pair.other_id, into: pair.customer_id }, null, now)
      await decidePair(t, pair, "merge", null, now)
    }),
  )
  return pairs.length
}

async function eachInTurn<T>(list: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const failures: unknown[] = []
  for (const one of list) await work(one).catch((error) => failures.push(error))
  if (failures.length > 0) throw failures[0]
}

/**
 * What came in under an old name while two were merged, or is settled since: carried after them. Hardly a merge has such: one look
 * finds those that do. Two hundred that had nothing took 17 s where each was carried again, in a hundred statements.
 */
export async function carryLate(db: Db, carries: readonly Carry[], now: Date): Promise<void> {
  const due = await lateMerges(db, now, LATE_WHILE_MS, LATE_MERGES)
  if (due.length === 0) return
  const came = await cameLate(
    db,
    due.map(({ from }) => from),
    await placesOf(db, tablesOf(carries)),
  )
  const [late, still] = [true, false].map((is) => due.filter(({ from }) => came.has(from) === is))
  await noteCarried(
    db,
    still!.map(({ from }) => from),
    now,
  )
  await eachInTurn(late!, (pair) =>
    tx(db, async (t) => {
      await lockSubjects(t, pair)
      // undone meanwhile
      if (!(await stillMerged(t, pair))) return
      for (const one of carries) await one.hold?.(t, pair, now)
      const undoable = now.getTime() - pair.merged_at.getTime() < UNDO_WHILE_MS
      const places = undoable ? await placesOf(t, tablesOf(carries)) : []
      const late = undoable && (await keepLate(t, pair, places, now))
      for (const one of carries) await one.carry(t, pair, now)
      if (late) await keepLateAfter(t, pair, places, now)
      await noteCarried(t, [pair.from], now)
    }),
  )
}

const CERTAIN_REST_MS = 1_000
const LATE_REST_MS = 60_000

export function mergeLoops({ db, clock }: { db: Db; clock: Clock }, carries: readonly Carry[]) {
  return [
    {
      name: "customers.merge",
      rest_ms: CERTAIN_REST_MS,
      round: () => mergeCertain(db, carries, clock.now()),
    },
    {
      name: "customers.carry_late",
      rest_ms: LATE_REST_MS,
      round: async () => {
        await carryLate(db, carries, clock.now())
        return 0
      },
    },
    {
      name: "customers.forget_carried",
      rest_ms: LATE_REST_MS,
      round: () => forgetCarried(db, new Date(clock.now().getTime() - 2 * UNDO_WHILE_MS), CARRIED_FORGOTTEN),
    },
  ]
}
