import { dayNumber } from "../../src/kernel/day.ts"
import { newId } from "../../src/kernel/ids.ts"
import { type Db, oneRow, run, tx } from "../../src/platform/db.ts"
import { createSend, planPiece, type SenderAccount, type World } from "../../src/spine/outbox/index.ts"
import type { BenchRow, Place } from "../row.ts"

const PEOPLE = 1_000_000
const ACCOUNTS = 500
const QUOTA = 3_000
const NOON = new Date("2026-11-23T04:00:00Z")

/** A million people, each a contact of one account, a tenth of two; a twentieth have a slot on one of the days around. */
async function prepare({ db, say }: Place): Promise<void> {
  say(`making ${PEOPLE} people`)
  await run(
    db,
    `create table bench_people as select gen_random_uuid() as customer_id, n as number from generate_series(1, ${PEOPLE}) n`,
  )
  await run(db, "alter table bench_people add primary key (customer_id)")
  await run(
    db,
    `create table bench_accounts as select gen_random_uuid() as id, n as n from generate_series(0, ${ACCOUNTS - 1}) n`,
  )
  await run(
    db,
    `create table bench_contacts as
     select customer_id, a.id as account_id, 'wm' || number || '_' || x as ref, '' as name, timestamptz '2026-01-01' - x * interval '1 day' as added_at, false as opted_out
     from bench_people cross join generate_series(0, 1) x join bench_accounts a on a.n = (number * 7 + x) % ${ACCOUNTS}
     where x = 0 or number % 10 = 0`,
  )
  await run(db, "alter table bench_contacts add primary key (customer_id, account_id)")
  await run(
    db,
    `create table bench_slots as select customer_id, 'selling' as kind, ${dayNumber(NOON)} - 1 - number % 5 as day, 1::smallint as slot, 0::bigint as touch_id
     from bench_people where number % 20 = 0`,
  )
  await run(db, "vacuum analyze bench_people")
  await run(db, "vacuum analyze bench_contacts")
}

async function fresh(db: Db): Promise<void> {
  await run(db, "truncate outbox_touches, outbox_slots, outbox_use, outbox_sends")
  await run(db, "insert into outbox_slots select * from bench_slots")
  await run(db, "vacuum analyze outbox_slots")
  await run(db, "checkpoint").catch(() => undefined)
}

async function ours(db: Db, world: World): Promise<number> {
  const id = newId(NOON.getTime())
  const started = performance.now()
  await tx(db, (t) =>
    createSend(
      t,
      {
        id,
        author_id: newId(),
        message: {
          id,
          touch_kind: "send_private",
          nature: "selling",
          when_capped: "leave_out",
          account_function: null,
          content: { text: "今晚八点" },
        },
        not_before: NOON,
        expires_at: new Date(NOON.getTime() + 86_400_000),
        approved: true,
      },
      NOON,
    ),
  )
  while (
    !(await planPiece(db, world, id, { sql: "select customer_id from bench_people", params: [] }, NOON)).done
  );
  return PEOPLE / ((performance.now() - started) / 1000)
}

/** The same rows by one bare statement: no chunks to resume from, no stop flag, no lock, no re-planning. */
async function bare(db: Db): Promise<number> {
  const started = performance.now()
  const day = dayNumber(NOON)
  await run(
    db,
    `with ways as (
       select distinct on (p.customer_id) p.customer_id, w.account_id, w.opted_out
       from bench_people p left join bench_contacts w using (customer_id) order by p.customer_id, w.added_at desc),
     taken as (select customer_id, array_agg(day) as days from outbox_slots
       where kind = 'selling' and day between $1::int - 6 and $1::int + 6 group by 1),
     ranked as materialized (
       select w.*, nextval('outbox_touch_id') as id,
         case when w.opted_out then 'opted_out' when w.account_id is null then 'no_contact'
           when t.days is not null and ($1::int = any(t.days) or cardinality(t.days) >= 3) then 'capped' end as reason,
         row_number() over (partition by w.account_id order by w.customer_id) as n
       from ways w left join taken t using (customer_id)),
     slots as (
       insert into outbox_slots select customer_id, 'selling', $1::int, 1, id from ranked where reason is null and n <= ${QUOTA}),
     use as (
       insert into outbox_use select account_id, 'private_messages', $1::int, count(*) from ranked
       where reason is null and n <= ${QUOTA} group by account_id)
     insert into outbox_touches (id, part, customer_id, cause_id, visit, cause_kind, message_id, account_id, day, due_at, expires_at, state, reason)
     select id, '2026-11-01', customer_id, $2, 0, 'send', $2, account_id, $1::int, $3, $3::timestamptz + interval '1 day',
       case when reason is not null then 'left_out' when n > ${QUOTA} then 'unplaced' else 'planned' end, reason from ranked`,
    [day, newId(), NOON],
  )
  return PEOPLE / ((performance.now() - started) / 1000)
}

async function measure({ db }: Place) {
  const accounts: SenderAccount[] = (await db.query("select id from bench_accounts order by n")).rows.map(
    (r: { id: string }, i) => ({
      id: r.id,
      channel: "bench",
      ref: `a${i}`,
      functions: ["ip"],
      name: "",
      custodian_staff_id: null,
      usable: true,
      quotas: { friends: 50, private_messages: QUOTA, group_messages: 0 },
    }),
  )
  const world: World = {
    contacts: "select customer_id, account_id, ref, name, added_at, opted_out from bench_contacts",
    accounts: async () => accounts,
    channels: new Map(),
  }
  const counts = () =>
    oneRow<{ touches: number; slots: number; used: number }>(
      db,
      `select (select count(*) from outbox_touches where state = 'planned') as touches, (select count(*) from outbox_slots) as slots,
         (select sum(used)::bigint from outbox_use) as used`,
    )
  await fresh(db)
  const anchor = await bare(db)
  const wanted = await counts()
  await fresh(db)
  const mine = await ours(db, world)
  const got = await counts()
  if (JSON.stringify(wanted) !== JSON.stringify(got))
    throw new Error(`not the same output: ${JSON.stringify(wanted)} and ${JSON.stringify(got)}`)
  return {
    ours: mine,
    anchor,
    note: "planned in transactions of 50,000 that can be paused and resumed; the anchor is one statement",
  }
}

export const rows: BenchRow[] = [
  { row: "send_plan", unit: "recipients/s", goal: { ratio_at_least: 0.75 }, rounds: 3, prepare, measure },
]
