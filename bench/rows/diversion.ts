import { newId } from "../../src/kernel/ids.ts"
import { isRefused } from "../../src/kernel/result.ts"
import * as customers from "../../src/modules/customers/index.ts"
import { make } from "../../src/modules/plans/diversions/commands.ts"
import { oneRow, run, tx } from "../../src/platform/db.ts"
import { createRegistry } from "../../src/spine/offers/index.ts"
import type { SenderAccount } from "../../src/spine/outbox/index.ts"
import { prepareTraits } from "../../src/spine/traits/index.ts"
import type { BenchRow, Measured, Place } from "../row.ts"

const CUSTOMERS = 1_000_000
const ACCOUNTS = 60
const FRIENDS_A_DAY = 60
const DAY = 20_780
const NOW = new Date(DAY * 86_400_000)

const registry = createRegistry([customers.offers])

async function prepare({ db, say }: Place): Promise<void> {
  await prepareTraits(db, registry)
  say(`${CUSTOMERS.toLocaleString("en")} customers, one in ten a contact of some account`)
  await run(
    db,
    `insert into traits_customers (customer_id, number)
     select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, n from generate_series(1, ${CUSTOMERS}) n`,
  )
  await run(
    db,
    `create table bench_contacts as select customer_id, ('00000000-0000-7000-9000-' || lpad(to_hex(number % ${ACCOUNTS}), 12, '0'))::uuid as account_id,
       '' as ref, '' as name, now() as added_at, false as opted_out from traits_customers where number % 10 = 0`,
  )
  await run(db, "vacuum analyze traits_customers, bench_contacts")
}

const accounts: SenderAccount[] = Array.from({ length: ACCOUNTS }, (_, n) => ({
  id: `00000000-0000-7000-9000-${(n + 100).toString(16).padStart(12, "0")}`,
  ...{ channel: "bench", ref: String(n), functions: ["member"], name: String(n) },
  ...{ custodian_staff_id: null, usable: true },
  quotas: { friends: FRIENDS_A_DAY, private_messages: 200, group_messages: 100 },
}))

/** The whole command: who is asked, the plan, everybody in line, the accounts' days; they unfold later. */
async function measure({ db }: Place): Promise<Measured> {
  await run(db, "truncate plans_diversions, plans_diversion_slots, plans_diversion_line, plans_diverted")
  const world = {
    contacts: "select * from bench_contacts",
    accounts: async () => accounts,
    channels: new Map(),
  }
  const deps = { world, registry: () => registry, segmentRule: async () => ({ all: [] }) }
  const account_ids = accounts.map((a) => a.id)
  const ask = { segment_id: newId(), account_ids, from_day: DAY, scope: null }
  const start = performance.now()
  const made = await tx(db, (t) =>
    make(t, deps, { ...ask, name: "bench", opening: "{name}", by: newId() }, NOW),
  )
  const ours = (performance.now() - start) / 1_000
  if (isRefused(made)) throw new Error(made.refused)
  const { most, people } = await oneRow<{ most: number; people: number }>(
    db,
    `select max(people)::int as most, (select count(distinct c)::int from plans_diversion_line, unnest(customer_ids) c) as people
     from plans_diversion_slots`,
  )
  if (most > FRIENDS_A_DAY || people !== CUSTOMERS) throw new Error(`${people} people, ${most} a day`)
  return {
    ours,
    anchor: null,
    note: `${people.toLocaleString("en")} people over ${ACCOUNTS} accounts until ${made.last_day}, no quota exceeded`,
  }
}

export const rows: BenchRow[] = [
  { row: "diversion", unit: "s", goal: { at_most: 5 }, rounds: 3, prepare, measure },
]
