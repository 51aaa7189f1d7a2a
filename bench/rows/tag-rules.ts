import { newId } from "../../src/kernel/ids.ts"
import { refuse } from "../../src/kernel/result.ts"
import { offers as customers } from "../../src/modules/customers/index.ts"
import { offers as tags } from "../../src/modules/tags/index.ts"
import { makeRule } from "../../src/modules/tags/keeping/commands.ts"
import { keepTags } from "../../src/modules/tags/keeping/sync.ts"
import { oneRow, run, tx } from "../../src/platform/db.ts"
import { createRegistry } from "../../src/spine/offers/index.ts"
import { prepareTraits } from "../../src/spine/traits/index.ts"
import type { BenchRow, Measured, Place } from "../row.ts"

const CUSTOMERS = Number(process.env.BENCH_TAG_CUSTOMERS ?? 1_000_000)
const now = new Date("2026-11-23T04:00:00Z")
const registry = createRegistry([customers, tags])
const deps = { registry: () => registry, segment: async () => refuse("not_found") }
const TAG = "0196a000-0000-7000-8000-000000000106"
const since = (start: number) => (performance.now() - start) / 1000

/** A million customers; every second is from the province that the rule asks for. */
async function prepare({ db, say }: Place): Promise<void> {
  await prepareTraits(db, registry)
  say(`${CUSTOMERS} customers`)
  await run(db, "create table bench_base (customer_id uuid, number int, region text)")
  await run(
    db,
    `insert into bench_base select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, n,
       case when n % 2 = 0 then '浙江' else '江苏' end from generate_series(1, $1::int) n`,
    [CUSTOMERS],
  )
  await tx(db, (t) =>
    makeRule(
      t,
      deps,
      {
        name: "浙江",
        tag_id: TAG,
        segment_id: null,
        rule: { offer: "customers.region_is", version: 1, args: { regions: ["浙江"] } },
      },
      newId(),
      now,
    ),
  )
}

/** As before the first sync, with no dead rows behind it. */
async function reset({ db }: Place): Promise<void> {
  await run(
    db,
    "truncate tags_assignments, tags_customers, traits_changes, facts, tags_follow, traits_customers",
  )
  await run(
    db,
    `insert into traits_customers (customer_id, number, "customers.region") select customer_id, number, region from bench_base`,
  )
  await run(db, "update tags_rules set digest = null, swept_day = 0, sweep_after = null")
  await run(db, "vacuum analyze traits_customers")
  await run(db, "insert into traits_words (word) values ($1) on conflict do nothing", [TAG])
  await run(db, "checkpoint").catch(() => 0)
}

/** One statement that writes the same columns: assignments, the set of tags, what is told. */
const ANCHOR = `with given as (
    insert into tags_assignments (customer_id, tag_id, source, by_id, assigned_at)
    select customer_id, $1::uuid, 'rule', 'bench', $2::timestamptz from traits_customers where "customers.region" = '浙江'
    returning customer_id),
  known as (
    update traits_customers c set "tags.all" = array[(select id from traits_words where word = $1::text)]
    from given g where c.customer_id = g.customer_id)
  insert into facts (bucket, type, subject, origin, occurred_at, payload)
  select abs(hashtext(customer_id::text)) % 256, 'tag.assigned', customer_id, 'h', $2::timestamptz,
    jsonb_build_object('tag_id', $1::text, 'source', 'rule', 'by', 'bench') from given`

async function measure(place: Place): Promise<Measured> {
  const { db } = place
  // By whom is the rule here and the bench there; all else that either leaves is the same.
  const left = () =>
    oneRow<{ n: number }>(
      db,
      `select (select count(*) from traits_customers where "tags.all" is not null) as n,
         (select sum(hashtext(customer_id::text || "tags.all"::text)) from traits_customers) as worn,
         (select sum(hashtext(concat(customer_id, tag_id, source, assigned_at, confirmed_at))) from tags_assignments) as given,
         (select sum(hashtext(concat(type, subject, origin, occurred_at, payload - 'by'))) from facts where type = 'tag.assigned') as told`,
    )
  await reset(place)
  const start = performance.now()
  await keepTags(db, deps, now)
  const ours_s = since(start)
  const got = await left()
  await reset(place)
  const again = performance.now()
  await run(db, ANCHOR, [TAG, now])
  const anchor_s = since(again)
  const wanted = await left()
  if (JSON.stringify(got) !== JSON.stringify(wanted))
    throw new Error(`not the same output: ${JSON.stringify([got, wanted])}`)
  return {
    ours: CUSTOMERS / ours_s,
    anchor: CUSTOMERS / anchor_s,
    note: `${got.n} of them got the tag`,
  }
}

export const rows: BenchRow[] = [
  {
    row: "tag_rules",
    unit: "customers/s",
    goal: { ratio_at_least: 0.7 },
    rounds: 3,
    when_missed:
      "it also writes the log of changes (bitmaps and plays follow it), a lock a customer, and commits piece by piece so that nobody who tags by hand waits for a million",
    prepare,
    measure,
  },
]
