import { oneRow, type Queryable, rows, run, type Tx } from "../../../platform/db.ts"
import { columnOf, TRAITS_TABLE } from "../../../spine/traits/index.ts"
import { LINE_CHUNK } from "./limits.ts"
import type { Slot } from "./rules.ts"

/** Whom a plan asks: `where` over `c` (what is known of customers), with its params; and who is a contact of whom. */
export type Asked = { where: string; params: unknown[]; contacts: string; account_ids: readonly string[] }

const OPTED_OUT = columnOf("customers.opted_out")

/** Those of the audience who are to be added: not who opted out, is a contact of one of the accounts, or waits in another diversion. */
function peopleSql(asked: Asked, params: unknown[]): string {
  const accounts = `$${params.push(asked.account_ids)}::uuid[]`
  return `select c.customer_id from ${TRAITS_TABLE} c where ${asked.where} and c.${OPTED_OUT} is not true
    and not exists (select 1 from (${asked.contacts}) w where w.customer_id = c.customer_id and w.account_id = any(${accounts}))
    and not exists (select 1 from plans_diverted d where d.customer_id = c.customer_id and d.state in ('planned', 'invited'))
    and not exists (select 1 from (select unnest(customer_ids) as id from plans_diversion_line) l where l.id = c.customer_id)`
}

export async function countPeople(q: Queryable, asked: Asked): Promise<{ audience: number; people: number }> {
  const params = [...asked.params]
  const people = peopleSql(asked, params)
  return oneRow(
    q,
    `select (select count(*)::int from ${TRAITS_TABLE} c where ${asked.where}) as audience,
       (select count(*)::int from (${people}) p) as people`,
    params,
  )
}

/** Lines people up in an order drawn by the seed, at most so many: a row a thousand, however many they are. Gives how many stand in line. */
export async function lineUp(
  t: Tx,
  of: { id: string; seed: number },
  asked: Asked,
  at_most: number,
): Promise<number> {
  const params = [...asked.params]
  const people = peopleSql(asked, params)
  const p = (value: unknown) => `$${params.push(value)}`
  await run(
    t,
    `with drawn as (
       select customer_id, row_number() over (order by uuid_hash_extended(customer_id, ${p(of.seed)}::bigint)) - 1 as n from (${people}) k)
     insert into plans_diversion_line (diversion_id, chunk, people, customer_ids)
     select ${p(of.id)}::uuid, n / ${LINE_CHUNK}, count(*), array_agg(customer_id order by n) from drawn
     where n < ${p(at_most)}::int group by 2`,
    params,
  )
  return waiting(t, of.id)
}

/** How many stand in line. */
export async function waiting(q: Queryable, id: string): Promise<number> {
  const { n } = await oneRow<{ n: number }>(
    q,
    "select coalesce(sum(people), 0)::int as n from plans_diversion_line where diversion_id = $1",
    [id],
  )
  return n
}

/** Takes the first of the line out of it, at most so many. */
export async function takeFirst(t: Tx, id: string, count: number): Promise<string[]> {
  const chunks = await rows<{ chunk: number; customer_ids: string[] }>(
    t,
    `select chunk, customer_ids from (
       select chunk, customer_ids, sum(people) over (order by chunk) - people as before
       from plans_diversion_line where diversion_id = $1) c
     where before < $2 order by chunk`,
    [id, count],
  )
  const all = chunks.flatMap((c) => c.customer_ids)
  const rest = all.slice(count)
  await run(t, "delete from plans_diversion_line where diversion_id = $1 and chunk = any($2::int[])", [
    id,
    chunks.map((c) => c.chunk),
  ])
  const last = chunks.at(-1)
  if (last && rest.length > 0) await saveChunk(t, id, last.chunk, rest)
  return all.slice(0, count)
}

const saveChunk = (t: Tx, id: string, chunk: number, customer_ids: readonly string[]) =>
  run(
    t,
    "insert into plans_diversion_line (diversion_id, chunk, people, customer_ids) values ($1, $2, $3, $4)",
    [id, chunk, customer_ids.length, customer_ids],
  )

/** Whoever comes back stands before all others. */
export async function putFirst(t: Tx, id: string, customer_ids: readonly string[]): Promise<void> {
  if (customer_ids.length === 0) return
  const { first } = await oneRow<{ first: number }>(
    t,
    "select least(min(chunk), 0)::int as first from plans_diversion_line where diversion_id = $1",
    [id],
  )
  const chunks = Math.ceil(customer_ids.length / LINE_CHUNK)
  for (let i = 0; i < chunks; i++)
    await saveChunk(t, id, first - chunks + i, customer_ids.slice(i * LINE_CHUNK, (i + 1) * LINE_CHUNK))
}

/** Nobody stands in line any more. Gives how many did. */
export async function clearLine(t: Tx, id: string): Promise<number> {
  const gone = await waiting(t, id)
  await run(t, "delete from plans_diversion_line where diversion_id = $1", [id])
  await run(t, "update plans_diversion_slots set people = given where diversion_id = $1 and people > given", [
    id,
  ])
  return gone
}

/** Adds to what a diversion takes of accounts' days. */
export async function addSlots(t: Tx, id: string, slots: readonly Slot[]): Promise<void> {
  await run(
    t,
    `insert into plans_diversion_slots as s (diversion_id, account_id, day, people)
     select $1, k.* from unnest($2::uuid[], $3::int[], $4::int[]) k (account_id, day, people)
     on conflict (diversion_id, day, account_id) do update set people = s.people + excluded.people`,
    [id, slots.map((s) => s.account_id), slots.map((s) => s.day), slots.map((s) => s.people)],
  )
}

/** Gives free what was taken of days that are over, or of accounts other than these, and names nobody yet. */
export async function freeSlots(t: Tx, id: string, open: readonly string[], today: number): Promise<void> {
  await run(
    t,
    `update plans_diversion_slots set people = given
     where diversion_id = $1 and people > given and (day < $3 or not account_id = any($2::uuid[]))`,
    [id, open, today],
  )
}

/** How many stand in line without a day. */
export async function heldIn(q: Queryable, id: string): Promise<number> {
  const { placed } = await oneRow<{ placed: number }>(
    q,
    "select coalesce(sum(people - given), 0)::int as placed from plans_diversion_slots where diversion_id = $1",
    [id],
  )
  return (await waiting(q, id)) - placed
}

/** The slots whose day has come, at most so many people; counts them as given. */
export async function openDue(t: Tx, id: string, today: number, limit: number): Promise<Slot[]> {
  const due = await rows<Slot>(
    t,
    `select account_id, day, people - given as people from plans_diversion_slots
     where diversion_id = $1 and day <= $2 and people > given order by day, account_id`,
    [id, today],
  )
  const opened: Slot[] = []
  let left = limit
  for (const slot of due) {
    const people = Math.min(slot.people, left)
    if (people > 0) opened.push({ ...slot, people })
    left -= people
  }
  await run(
    t,
    `update plans_diversion_slots s set given = given + k.people from unnest($2::uuid[], $3::int[], $4::int[]) k (account_id, day, people)
     where s.diversion_id = $1 and s.account_id = k.account_id and s.day = k.day`,
    [id, opened.map((s) => s.account_id), opened.map((s) => s.day), opened.map((s) => s.people)],
  )
  return opened
}

/** SQL of a relation (customer_id, account_id): who of the line an account is to add on a day that has not unfolded, as things stand. */
export const lineOfDay = (diversion: string, day: string) =>
  `select u.customer_id, s.account_id from (
     select account_id, day, people - given as people, sum(people - given) over (order by day, account_id) - (people - given) as before
     from plans_diversion_slots where diversion_id = ${diversion} and people > given) s
   join (select customer_ids, people, sum(people) over (order by chunk) - people as before
     from plans_diversion_line where diversion_id = ${diversion}) c on c.before < s.before + s.people and c.before + c.people > s.before,
   unnest(c.customer_ids) with ordinality u (customer_id, nth)
   where s.day = ${day} and c.before + u.nth > s.before and c.before + u.nth <= s.before + s.people`
