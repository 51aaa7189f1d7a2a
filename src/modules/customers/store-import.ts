import { copyIn, copyLine, rows, run, type Tx, unlessTaken } from "../../platform/db.ts"
import type { Person } from "./import/decide.ts"
import { keysOf } from "./pinyin.ts"
import type { Identity } from "./rules.ts"
import { type Called, copyKeys, NOTED, writeKeys } from "./store-keys.ts"

const PERSON = `id, name, remark, phone, gender, birthday, region, source_code, owner_staff_id, first_contact_at, opted_out_at, consented_at`

/** These customers as they are, held until the transaction ends. */
export async function peopleForUpdate(t: Tx, ids: readonly string[]): Promise<Map<string, Person>> {
  if (ids.length === 0) return new Map()
  const found = await rows<Person>(
    t,
    `select ${PERSON} from customers_customers where id = any($1::uuid[]) order by id for no key update`,
    [ids],
  )
  return new Map(found.map((person) => [person.id, person]))
}

const COLUMNS = `$1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::smallint[], $10::text[],
  $11::text[], $12::text[], $13::uuid[], $14::timestamptz[], $15::timestamptz[], $16::timestamptz[]`
const NAMES = `id, name, name_pinyin, name_initials, remark, remark_pinyin, remark_initials, phone, gender, birthday, region, source_code,
  owner_staff_id, first_contact_at, opted_out_at, consented_at`

function valuesOf(people: readonly Person[]): unknown[] {
  const names = people.map((p) => keysOf(p.name))
  const remarks = people.map((p) => keysOf(p.remark))
  return [
    people.map((p) => p.id),
    people.map((p) => p.name),
    names.map((k) => k.full),
    names.map((k) => k.initials),
    people.map((p) => p.remark),
    remarks.map((k) => k.full),
    remarks.map((k) => k.initials),
    people.map((p) => p.phone),
    people.map((p) => p.gender),
    people.map((p) => p.birthday),
    people.map((p) => p.region),
    people.map((p) => p.source_code),
    people.map((p) => p.owner_staff_id),
    people.map((p) => p.first_contact_at),
    people.map((p) => p.opted_out_at),
    people.map((p) => p.consented_at),
  ]
}

/**
 * Makes people whom a file brings; gives each their dense number. By COPY, for which the numbers are drawn before: 17 arrays of 5,000
 * took longer to write out than the rows themselves.
 */
export async function writePeople(
  t: Tx,
  made: readonly Person[],
  now: Date,
): Promise<{ id: string; number: number }[]> {
  if (made.length === 0) return []
  const drawn = await rows<{ number: number }>(
    t,
    // The name of the sequence is looked up once; looked up for each number it took longer than drawing it.
    `with of as materialized (select pg_get_serial_sequence('customers_customers', 'number')::regclass as numbers)
     select nextval(of.numbers)::int as number from of, generate_series(1, $1::int)`,
    [made.length],
  )
  const at = now.toISOString()
  const lines = made.map((p, i) => {
    const [name, remark] = [keysOf(p.name), keysOf(p.remark)]
    return copyLine([
      ...[p.id, p.name, name.full, name.initials, p.remark, remark.full, remark.initials, p.phone, p.gender],
      ...[p.birthday, p.region, p.source_code, p.owner_staff_id, iso(p.first_contact_at)],
      ...[iso(p.opted_out_at), iso(p.consented_at), drawn[i]!.number, at, at],
    ])
  })
  await copyIn(t, `customers_customers (${NAMES}, number, created_at, updated_at)`, [lines.join("")])
  await copyKeys(t, made.flatMap(calledOf))
  return made.map(({ id }, i) => ({ id, number: drawn[i]!.number }))
}

/** By what a person of a file is found: their name, and what the company notes of them. */
const calledOf = ({ id, name, remark }: Person): Called[] => [
  { customer_id: id, keys: keysOf(name) },
  { customer_id: id, account_id: NOTED, keys: keysOf(remark) },
]

const iso = (at: Date | null) => at?.toISOString() ?? null

/** Writes identities that nobody had when they were looked up; false, and nothing, where another door wrote one of them meanwhile. */
export function copyIdentities(
  t: Tx,
  identities: readonly (Identity & { customer_id: string })[],
): Promise<boolean> {
  const lines = identities
    .map(({ kind, value, customer_id }) => copyLine([kind, value, customer_id]))
    .join("")
  return unlessTaken(t, () => copyIn(t, "customers_identities (kind, value, customer_id)", [lines]))
}

/** Writes known people as they have become. */
export async function rewritePeople(t: Tx, changed: readonly Person[], now: Date): Promise<void> {
  if (changed.length === 0) return
  await run(
    t,
    `update customers_customers c set name = p.name, name_pinyin = p.name_pinyin, name_initials = p.name_initials, remark = p.remark,
       remark_pinyin = p.remark_pinyin, remark_initials = p.remark_initials, phone = p.phone, gender = p.gender, birthday = p.birthday,
       region = p.region, source_code = p.source_code, owner_staff_id = p.owner_staff_id, first_contact_at = p.first_contact_at,
       opted_out_at = p.opted_out_at, consented_at = p.consented_at, updated_at = $17
     from unnest(${COLUMNS}) as p (${NAMES}) where c.id = p.id`,
    [...valuesOf(changed), now],
  )
  await writeKeys(t, changed.flatMap(calledOf))
}
