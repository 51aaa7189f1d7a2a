import { dayNumber } from "../src/kernel/day.ts"
import { ACTIVITIES, STAGES, STANDINGS } from "../src/modules/classes/shared.ts"
import { type Db, oneRow, rows as rowsOf, run } from "../src/platform/db.ts"

const TODAY = dayNumber(new Date())
const TABLES = ["customers_customers", "customers_contacts", "traits_customers"]
const INVENTED_ACCOUNTS = 60
const INVENTED_TAGS = 200

export type Filling = {
  /** The traits that get a value; all there are unless said. */
  traits?: readonly string[]
  /** Whose friends they are, in turn; invented ones unless said. */
  accounts?: readonly string[]
  /** Words of their tags; invented ones unless said. */
  tags?: readonly string[]
}

/**
 * Customers with a contact each and what is known of them, made by SQL behind those who are there: for whoever asks, not for those
 * that append. Nothing is told of them, so it comes before anybody has counted.
 */
export async function fillCustomers(db: Db, count: number, filling: Filling = {}): Promise<void> {
  const { accounts = invented(INVENTED_ACCOUNTS), tags = names(INVENTED_TAGS) } = filling
  const { top } = await oneRow<{ top: number }>(
    db,
    "select coalesce(max(number), 0) as top from customers_customers",
  )
  const indexes = await dropIndexes(db)
  await run(
    db,
    `insert into customers_customers (id, name, name_pinyin, name_initials, phone, region, source_code, first_contact_at, created_at, updated_at)
     select (lpad(to_hex(n), 12, '0') || '7000' || '8000' || left(md5(n::text), 12))::uuid, '客户' || n, 'kehu' || n, 'kh' || n, '139' || lpad((n::bigint * 7919 % 100000000)::text, 8, '0'),
       (array['上海', '北京', '广东', '四川', '浙江'])[1 + n % 5], 'code' || n % 30,
       now() - random() * interval '700 days', now(), now()
     from generate_series(1, $1::int) n`,
    [count],
  )
  await run(
    db,
    `insert into customers_contacts (customer_id, account_id, external_userid, remark, remark_pinyin, remark_initials, added_at)
     select id, ($2::uuid[])[1 + number % cardinality($2)], 'wm' || number, '备注' || number, 'beizhu' || number, 'bz' || number, first_contact_at
     from customers_customers where number > $1`,
    [top, accounts],
  )
  const words = await rowsOf<{ id: number }>(
    db,
    `with added as (insert into traits_words (word) select unnest($1::text[]) on conflict do nothing returning id, word)
     select id from added union select id from traits_words where word = any($1) order by id`,
    [tags],
  )
  const places = await rowsOf<{ id: number }>(
    db,
    `with added as (insert into traits_words (word) select unnest($1::text[]) on conflict do nothing returning id, word)
     select id from (select * from added union select id, word from traits_words where word = any($1)) w
     order by array_position($1, word)`,
    [accounts],
  )
  const columns = await rowsOf<{ trait: string; kind: string }>(
    db,
    "select trait, kind from traits_columns where $1::text[] is null or trait = any($1) order by trait",
    [filling.traits ?? null],
  )
  await run(
    db,
    `insert into traits_customers (customer_id, number, ${columns.map((c) => `"${c.trait}"`).join(", ")})
     select id, number, ${columns.map((c) => VALUES[c.trait] ?? VALUES[c.kind]).join(", ")}
     from customers_customers, (select $2::int[] as words, $3::int[] as places) given where number > $1`,
    [top, words.map((w) => w.id), places.map((p) => p.id)],
  )
  for (const index of indexes) await run(db, index)
  for (const table of TABLES) await db.query(`vacuum analyze ${table}`)
}

const SCORE = "1 + (random() * 4)::int"
/** What a trait holds, by its name or else its kind. */
const VALUES: Record<string, string> = {
  "customers.region": "region",
  "customers.stage": oneOf(STAGES),
  "customers.standing": oneOf(STANDINGS),
  "customers.activity": oneOf(ACTIVITIES),
  "customers.accounts": "array[places[1 + number % cardinality(places)]]",
  "orders.gmv_fen": "(100 + random() * random() * 1000000)::bigint",
  "orders.rfm_r": SCORE,
  "orders.rfm_f": SCORE,
  "orders.rfm_m": SCORE,
  number: "(1 + random() * random() * 100)::bigint",
  day: `${TODAY} - (random() * random() * 700)::int`,
  text: "'value' || (random() * 8)::int",
  boolean: "random() < 0.5",
  tags: "array(select words[1 + (random() * (cardinality(words) - 1))::int] from generate_series(1, 3 + number % 4))",
}

function oneOf(values: readonly string[]): string {
  const list = values.map((value) => `'${value}'`).join(", ")
  return `(array[${list}])[1 + (random() * random() * ${values.length - 1})::int]`
}

const names = (n: number) => Array.from({ length: n }, (_, i) => `word${i + 1}`)
const invented = (n: number) =>
  Array.from({ length: n }, (_, i) => `00000000-0000-7000-8000-0000000000${10 + (i % 60)}`)

/** Takes away every index that guards nothing, and gives how they are made again: at once is much quicker than row by row. */
export async function dropIndexes(db: Db, tables: readonly string[] = TABLES): Promise<string[]> {
  const found = await rowsOf<{ name: string; made: string }>(
    db,
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as made from pg_index i
     where i.indrelid = any($1::text[]::regclass[]) and not i.indisunique`,
    [tables],
  )
  for (const { name } of found) await run(db, `drop index ${name}`)
  return found.map((index) => index.made)
}
