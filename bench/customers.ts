import { dayNumber } from "../src/kernel/day.ts"
import { type Db, rows as rowsOf, run } from "../src/platform/db.ts"

const TODAY = dayNumber(new Date())

/** Customers with a contact each and every trait there is, made by SQL: for rows that ask, not for those that append. */
export async function fillCustomers(db: Db, count: number): Promise<void> {
  await run(
    db,
    `insert into customers_customers (id, number, name, name_pinyin, name_initials, phone, region, source_code, first_contact_at, created_at, updated_at)
     select gen_random_uuid(), n, '客户' || n, 'kehu' || n, 'kh' || n, '139' || lpad((n::bigint * 7919 % 100000000)::text, 8, '0'),
       (array['上海', '北京', '广东', '四川', '浙江'])[1 + n % 5], 'code' || n % 30,
       now() - random() * interval '700 days', now(), now()
     from generate_series(0, ${count - 1}) n`,
  )
  await run(
    db,
    `insert into customers_contacts (customer_id, account_id, external_userid, remark, added_at)
     select id, ('00000000-0000-7000-8000-0000000000' || (10 + number % 60))::uuid, 'wm' || number, '备注' || number, first_contact_at
     from customers_customers`,
  )
  await run(
    db,
    "insert into traits_words (word) select 'word' || n from generate_series(1, 200) n order by n",
  )
  const columns = await rowsOf<{ trait: string; kind: string }>(
    db,
    "select trait, kind from traits_columns order by trait",
  )
  const values: Record<string, string> = {
    number: "(1 + random() * random() * 100)::bigint",
    day: `${TODAY} - (random() * random() * 700)::int`,
    text: "'value' || (random() * 8)::int",
    boolean: "random() < 0.5",
    tags: "array(select (1 + random() * 199)::int from generate_series(1, 3 + number % 4))",
  }
  await run(
    db,
    `insert into traits_customers (customer_id, number, ${columns.map((c) => `"${c.trait}"`).join(", ")})
     select id, number, ${columns.map((c) => (c.trait === "customers.region" ? "region" : values[c.kind])).join(", ")}
     from customers_customers`,
  )
  for (const table of ["customers_customers", "customers_contacts", "traits_customers"])
    await db.query(`vacuum analyze ${table}`)
}
