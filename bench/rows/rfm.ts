import { createHash } from "node:crypto"
import { createWriteStream } from "node:fs"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pipeline } from "node:stream/promises"
import { to as copyTo } from "pg-copy-streams"
import { startOfDay } from "../../src/kernel/day.ts"
import {
  computeRfm,
  handlers,
  offers,
  type RfmRule,
  rescoreAll,
  rfmCsv,
  scoreCustomers,
} from "../../src/modules/orders/index.ts"
import { type Db, rows as rowsOf, run, tx } from "../../src/platform/db.ts"
import { writeWhole } from "../../src/platform/files/write-whole.ts"
import { createRegistry } from "../../src/spine/offers/index.ts"
import { prepareTraits } from "../../src/spine/traits/index.ts"
import type { BenchRow, Measured, Place } from "../row.ts"

const CUSTOMERS = Number(process.env.BENCH_RFM_CUSTOMERS ?? 1_000_000)
const ORDERS = CUSTOMERS * 10
const CHANGED = Math.min(10_000, CUSTOMERS / 10)
const DAY = 20_780
const DAYS = 730

const since = (start: number) => (performance.now() - start) / 1000

/**
 * A million customers with ten million orders, few of them many: a customer's share falls with its number. Indexes are made
 * behind the rows, as a restored company would have them; the kept figures by the statement that a recount of all would be.
 */
async function prepare({ db, say }: Place): Promise<void> {
  const indexes = await rowsOf<{ name: string; sql: string }>(
    db,
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as sql from pg_index
     where indrelid = 'orders_orders'::regclass and not indisprimary`,
  )
  for (const index of indexes) await run(db, `drop index ${index.name}`)
  await run(db, "alter table orders_orders drop constraint orders_orders_pkey")
  await run(db, "insert into orders_sources (name) values ('bench')")
  say(`${ORDERS} orders`)
  await db.query("set synchronous_commit = off")
  await run(
    db,
    `insert into orders_orders (customer_id, paid_at, order_id, source_id, line, day, paid_fen)
     select ('00000000-0000-7000-8000-' || lpad(to_hex(c), 12, '0'))::uuid, to_timestamp(day * 86400.0 - 28800 + n % 86400),
       ('00000001-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 1, n, day, fen
     from (select n,
         case when n <= $2 then n else 1 + floor($2 * power(abs(hashint8(n)::float8) / 2147483648, 2))::bigint end as c,
         $3 - abs(hashint8(n * 7 + 1)::bigint) % $4 as day, 100 + abs(hashint8(n * 13 + 5)::bigint) % 50000 as fen
       from generate_series(1, $1) n) o`,
    [ORDERS, CUSTOMERS, DAY, DAYS],
  )
  say("indexes")
  await run(
    db,
    "alter table orders_orders add constraint orders_orders_pkey primary key (customer_id, paid_at, order_id)",
  )
  for (const index of indexes) await run(db, index.sql)
  say("kept figures")
  await run(
    db,
    `insert into orders_by_customer (customer_id, order_count, goods_count, first_day, last_day, goods_first_day, goods_last_day,
       moved_day, gmv_fen, last_paid_fen, last_paid_at, name_in_source, named_by_import)
     select customer_id, count(*), count(*), min(day), max(day), min(day), max(day), max(day), sum(paid_fen),
       (array_agg(paid_fen order by paid_at desc))[1], max(paid_at), customer_id::text as name, true
     from orders_orders group by customer_id order by customer_id`,
  )
  await run(db, "vacuum analyze orders_orders")
  await run(db, "vacuum analyze orders_by_customer")
}

const BASE = `select customer_id, ${DAY} - max(day) as days, count(*) as n, sum(paid_fen)::bigint as fen
  from orders_orders where day <= ${DAY} and cancelled_day is null group by customer_id`

/** One statement over raw orders, as one would write it by hand. */
const ANCHOR: Record<"ntile" | "value", string> = {
  ntile: `select customer_id, days, n, fen, ntile(5) over (order by days desc, customer_id) as r,
      ntile(5) over (order by n, customer_id) as f, ntile(5) over (order by fen, customer_id) as m
    from (${BASE}) c`,
  value: `with c as materialized (${BASE}), cut as materialized (
      select percentile_cont(array[.2,.4,.6,.8]) within group (order by days) as d,
        percentile_cont(array[.2,.4,.6,.8]) within group (order by n) as n,
        percentile_cont(array[.2,.4,.6,.8]) within group (order by fen) as m from c)
    select customer_id, days, c.n, fen, 5 - ((d[1] < days)::int + (d[2] < days)::int + (d[3] < days)::int + (d[4] < days)::int) as r,
      1 + (cut.n[1] < c.n)::int + (cut.n[2] < c.n)::int + (cut.n[3] < c.n)::int + (cut.n[4] < c.n)::int as f,
      1 + (m[1] < fen)::int + (m[2] < fen)::int + (m[3] < fen)::int + (m[4] < fen)::int as m
    from c, cut`,
}

/** Both end with the table in a file; the rows of both must be the same. */
async function measureTable({ db }: Place, rule: "ntile" | "value"): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), "siyu-bench-rfm-"))
  try {
    const [ours, theirs] = [join(folder, "ours.csv"), join(folder, "theirs.csv")]
    const start = performance.now()
    await writeTable(db, rule, ours)
    const ours_s = since(start)
    const again = performance.now()
    await copyOut(db, ANCHOR[rule], theirs)
    const anchor_s = since(again)
    const [a, b] = [await digest(ours, true), await digest(theirs, false)]
    if (a !== b) throw new Error("the two tables differ")
    return { ours: ours_s, anchor: anchor_s, note: await costOfKeeping(db) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function writeTable(db: Db, rule: RfmRule, path: string): Promise<void> {
  const { base, scores } = await computeRfm(db, DAY, rule)
  await writeWhole(path, rfmCsv(base, scores))
}

async function copyOut(db: Db, sql: string, path: string): Promise<void> {
  const client = await db.connect()
  try {
    await pipeline(client.query(copyTo(`copy (${sql}) to stdout (format csv)`)), createWriteStream(path))
  } finally {
    client.release()
  }
}

async function digest(path: string, heading: boolean): Promise<string> {
  const lines = (await readFile(path, "latin1"))
    .trimEnd()
    .split("\n")
    .slice(heading ? 1 : 0)
    .sort()
  return `${lines.length} ${createHash("sha256").update(lines.join("\n")).digest("hex")}`
}

/** What a batch of 5,000 imported rows pays for the kept figures, in a transaction that is undone. */
async function costOfKeeping(db: Db): Promise<string> {
  const client = await db.connect()
  try {
    await client.query("begin")
    const start = performance.now()
    await client.query(
      `insert into orders_by_customer as k (customer_id, moved_day, name_in_source, order_count, gmv_fen)
       select customer_id, moved_day, name_in_source, 1, 100 from orders_by_customer tablesample system (1) limit 5000
       on conflict (customer_id) do update set order_count = k.order_count + excluded.order_count,
         gmv_fen = k.gmv_fen + excluded.gmv_fen, moved_day = greatest(k.moved_day, excluded.moved_day)`,
    )
    return `kept figures cost the import door ${Math.round(performance.now() - start)} ms a batch of 5,000 rows`
  } finally {
    await client.query("rollback")
    client.release()
  }
}

async function prepareChanged(place: Place): Promise<void> {
  const { db } = place
  await prepareTraits(db, createRegistry([offers]))
  await run(
    db,
    `insert into orders_by_customer (customer_id, order_count, goods_count, first_day, last_day, moved_day, gmv_fen, name_in_source)
     select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 1 + n % 37, 1, $2 - 700, $2 - n * 7919 % 700, $2,
       100 + n * 104729 % 5000000, n::text from generate_series(1, $1::bigint) n`,
    [CUSTOMERS, DAY],
  )
  await run(
    db,
    "create table bench_scores (customer_id uuid primary key, r smallint, f smallint, m smallint)",
  )
  await run(db, "vacuum analyze orders_by_customer")
  place.say("cut points of all")
  await rescoreAll(db, startOfDay(DAY))
  const ids = await rowsOf<{ id: string }>(db, "select customer_id as id from orders_by_customer")
  for (let at = 0; at < ids.length; at += CHANGED * 10)
    await tx(db, (t) =>
      scoreCustomers(
        t,
        ids.slice(at, at + CHANGED * 10).map((r) => r.id),
        DAY,
        "bench_scores",
      ),
    )
  await run(db, "vacuum analyze bench_scores")
}

async function measureChanged({ db }: Place): Promise<Measured> {
  const every = Math.floor(CUSTOMERS / CHANGED)
  const offset = Math.floor(Math.random() * every)
  const picked = await rowsOf<{ id: string; r: number; f: number; m: number }>(
    db,
    `select customer_id as id, r, f, m from bench_scores
     where ('x' || right(customer_id::text, 8))::bit(32)::int % $1 = $2 order by customer_id`,
    [every, offset],
  )
  const ids = picked.map((p) => p.id)
  await run(db, "update orders_by_customer set gmv_fen = gmv_fen + 77 where customer_id = any($1::uuid[])", [
    ids,
  ])
  const start = performance.now()
  await tx(db, (t) => scoreCustomers(t, ids, DAY, "bench_scores"))
  const ours = ids.length / since(start)
  const again = performance.now()
  await tx(db, (t) =>
    run(
      t,
      `insert into bench_scores select * from unnest($1::uuid[], $2::smallint[], $3::smallint[], $4::smallint[])
       on conflict (customer_id) do update set r = excluded.r, f = excluded.f, m = excluded.m`,
      [ids, picked.map((p) => p.r), picked.map((p) => p.f), picked.map((p) => p.m)],
    ),
  )
  return {
    ours,
    anchor: ids.length / since(again),
    note: `${handlers[0]!.name} publishes the same scores with a log of changes`,
  }
}

export const rows: BenchRow[] = [
  {
    row: "rfm_ntile",
    unit: "s",
    goal: { ratio_at_least: 4 },
    rounds: 3,
    prepare,
    measure: (place) => measureTable(place, "ntile"),
  },
  {
    row: "rfm_value",
    unit: "s",
    goal: { ratio_at_least: 4 },
    rounds: 3,
    prepare,
    measure: (place) => measureTable(place, "value"),
  },
  {
    row: "rfm_changed",
    unit: "customers/s",
    goal: { ratio_at_least: 0.8 },
    when_missed:
      "lies at the goal (0.74 to 0.83): what it does beyond the bare upsert is to read the figures of the changed customers and to compute their scores",
    rounds: 5,
    prepare: prepareChanged,
    measure: measureChanged,
  },
]
