import { rows, run, type Tx } from "../../platform/db.ts"
import type { Person } from "./import/decide.ts"
import { pinyinKeys } from "./pinyin.ts"

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
  const names = people.map((p) => pinyinKeys(p.name))
  const remarks = people.map((p) => pinyinKeys(p.remark))
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

/** Makes people whom a file brings; gives each their dense number. */
export async function writePeople(
  t: Tx,
  made: readonly Person[],
  now: Date,
): Promise<{ id: string; number: number }[]> {
  if (made.length === 0) return []
  return rows(
    t,
    `insert into customers_customers (${NAMES}, created_at, updated_at)
     select *, $17::timestamptz, $17 from unnest(${COLUMNS}) returning id, number`,
    [...valuesOf(made), now],
  )
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
}
