import { chance } from "../../src/kernel/chance.ts"
import { offers as customers } from "../../src/modules/customers/index.ts"
import { keysOf } from "../../src/modules/customers/pinyin.ts"
import { seeking } from "../../src/modules/customers/seeking.ts"
import { listRows } from "../../src/modules/customers/store-list.ts"
import { offers as tags } from "../../src/modules/tags/index.ts"
import { rows as rowsOf, run } from "../../src/platform/db.ts"
import { createRegistry } from "../../src/spine/offers/index.ts"
import { prepareTraits } from "../../src/spine/traits/index.ts"
import { dropIndexes } from "../../test/customers.ts"
import { type BenchRow, type Measured, median, type Place } from "../row.ts"

const CUSTOMERS = Number(process.env.BENCH_SEARCH_CUSTOMERS ?? 1_000_000)
const STAFF = 400
const ASKED = 600
const SURNAMES = [
  ..."王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段钱汤单解仇查區張陳劉",
]
const GIVEN = [
  ..."婷雪敏静丽娟艳玲芳燕霞萍红莉倩颖洁琳佳慧雯欣怡悦萱梦瑶诗涵琪蕾薇岚宁清柔彤妍蓉伟强磊军洋勇杰涛超明刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭龙阳诚志远博文轩睿泽峰晨乐重行长朝",
]
const REMARKS = ["老师", "三班妈妈", "老客户", "重庆团购", "单品组", "VIP"]
const TAGS = 120
const FILLED = ["customers_customers", "customers_contacts", "customers_keys", "tags_assignments"]
const registry = createRegistry([customers, tags])

/** A million people with names as people have them: every reading of every name is there, as the doors would have written it. */
async function prepare({ db, say }: Place): Promise<void> {
  await prepareTraits(db, registry)
  say(`${CUSTOMERS.toLocaleString("en")} customers with names, remarks, phones and three tags each`)
  const indexes = await dropIndexes(db, FILLED)
  await run(
    db,
    "create table bench_names (n int primary key, name text, full_key text, initials text, others text[])",
  )
  const names = SURNAMES.flatMap((s) =>
    GIVEN.flatMap((a, i) => [s + a, ...[1, 7, 19, 31].map((d) => s + a + GIVEN[(i + d) % GIVEN.length])]),
  )
  await writeNames({ db, say } as Place, "bench_names", names)
  await run(
    db,
    "create table bench_remarks (n int primary key, name text, full_key text, initials text, others text[])",
  )
  const remarks = SURNAMES.flatMap((s) => REMARKS.map((r) => s + r))
  await writeNames({ db, say } as Place, "bench_remarks", remarks)
  await run(
    db,
    `insert into customers_customers (id, name, name_pinyin, name_initials, phone, owner_staff_id, created_at, updated_at)
     select ('00000000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, n.name, n.full_key, n.initials,
       '139' || lpad((i::bigint * 7919 % 100000000)::text, 8, '0'),
       ('00000000-0000-7000-9000-' || lpad(to_hex(i % ${STAFF}), 12, '0'))::uuid, now(), now()
     from generate_series(1, $1::int) i join bench_names n on n.n = (i::bigint * 48271) % $2 order by i`,
    [CUSTOMERS, names.length],
  )
  await run(
    db,
    `insert into customers_contacts (customer_id, account_id, external_userid, remark, remark_pinyin, remark_initials, added_at)
     select c.id, ('00000000-0000-7000-a000-' || lpad(to_hex(c.number % 60), 12, '0'))::uuid, 'wm' || c.number,
       r.name || c.number, r.full_key || c.number, r.initials || left(c.number::text, 1), now()
     from customers_customers c join bench_remarks r on r.n = (c.number::bigint * 16807) % $1`,
    [remarks.length],
  )
  await run(
    db,
    `insert into customers_keys (customer_id, account_id, key)
     select c.id, '00000000-0000-0000-0000-000000000000', k from customers_customers c join bench_names n on n.name = c.name, unnest(n.others) k
     union select k.customer_id, k.account_id, o || c.number from customers_contacts k join customers_customers c on c.id = k.customer_id
       join bench_remarks r on r.n = (c.number::bigint * 16807) % $1, unnest(r.others) o`,
    [remarks.length],
  )
  await run(
    db,
    `insert into tags_tags (id, group_id, name, position, created_at)
     select ('00000000-0000-7000-b000-' || lpad(to_hex(i), 12, '0'))::uuid, '0196a000-0000-7000-8000-000000000002',
       (array['活动', '老带新', '宝妈圈', '企业团购', '直播间', '单身'])[1 + i % 6] || i, i, now() from generate_series(1, ${TAGS}) i`,
  )
  // The first tags are worn by many, the last by few.
  await run(
    db,
    `insert into tags_assignments (customer_id, tag_id, source, assigned_at)
     select c.id, ('00000000-0000-7000-b000-' || lpad(to_hex(1 + (power(${TAGS}, ((c.number::bigint * (7919 + 13 * s)) % 10007) / 10007.0))::int % ${TAGS}), 12, '0'))::uuid, 'hand', now()
     from customers_customers c, generate_series(1, 3) s on conflict do nothing`,
  )
  for (const index of indexes) await run(db, index)
  for (const table of FILLED) await db.query(`vacuum analyze ${table}`)
  const [{ keys }] = (await rowsOf<{ keys: number }>(db, "select count(*) as keys from customers_keys")) as [
    { keys: number },
  ]
  say(`${keys} other keys`)
}

async function writeNames({ db }: Place, table: string, names: readonly string[]): Promise<void> {
  const keys = names.map(keysOf)
  await run(
    db,
    `insert into ${table} select n, name, full_key, initials, array(select jsonb_array_elements_text(others))
     from unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::jsonb[]) as g (n, name, full_key, initials, others)`,
    [
      names.map((_, i) => i),
      names,
      keys.map((k) => k.full),
      keys.map((k) => k.initials),
      keys.map((k) => JSON.stringify(k.others)),
    ],
  )
}

/** What people type, from the surname of many to the one person; each kind in turn. */
const KINDS: Record<string, (n: number) => string> = {
  surname: (n) => pick(SURNAMES, n, "surname"),
  name: (n) => pick(SURNAMES, n, "s") + pick(GIVEN, n, "g"),
  traditional: (n) => pick(["張", "陳", "劉", "區"], n, "t") + pick(GIVEN, n, "g"),
  pinyin: (n) => keysOf(pick(SURNAMES, n, "s") + pick(GIVEN, n, "g")).full,
  syllable: (n) => keysOf(pick(SURNAMES, n, "s")).full,
  other_reading: (n) =>
    pick(["shan", "dan", "jie", "chou", "ceng", "cha", "ou", "zhe"], n, "r") +
    keysOf(pick(GIVEN, n, "g")).full,
  initials: (n) => keysOf(pick(SURNAMES, n, "s") + pick(GIVEN, n, "g") + pick(GIVEN, n, "h")).initials,
  one_letter: (n) => pick([..."wlzcysxhgf"], n, "l"),
  remark: (n) => `${pick(SURNAMES, n, "s")}${pick(REMARKS, n, "r")}`,
  phone: (n) => String(Math.floor(chance("phone", n) * 10_000)).padStart(4, "0"),
  tag: (n) => pick(["活动", "老带新", "宝妈圈", "企业团购", "直播间", "单身"], n, "tag"),
  rare_tag: (n) => `${pick(["活动", "老带新", "宝妈圈"], n, "tag")}${90 + (n % 30)}`,
  tag_initials: (n) => pick(["hd", "ldx", "bmq", "qytg", "zbj", "ds"], n, "ti"),
  nobody: (n) => `qqxx${n}`,
}
const pick = <T>(list: readonly T[], n: number, of: string): T =>
  list[Math.floor(chance(of, n) * list.length)]!

async function measure({ db, say }: Place): Promise<Measured> {
  const own = (n: number) => [`00000000-0000-7000-9000-${(n % STAFF).toString(16).padStart(12, "0")}`]
  const team = (n: number) => Array.from({ length: 20 }, (_, i) => own(n * 20 + i)[0]!)
  const times: number[] = []
  for (const [kind, textOf] of Object.entries(KINDS)) {
    const some: number[] = []
    for (let n = 0; n < Math.ceil(ASKED / Object.keys(KINDS).length); n++) {
      const scope = n % 3 === 0 ? null : n % 3 === 1 ? own(n) : team(n)
      const started = performance.now()
      const filter = await seeking(db, registry, { scope, q: textOf(n) })
      await listRows(db, filter, "-created", null, 51)
      some.push(performance.now() - started)
    }
    say(
      `${kind}: median ${median(some).toFixed(1)} ms, p95 ${p95(some).toFixed(1)}, most ${Math.max(...some).toFixed(1)}`,
    )
    times.push(...some)
  }
  return {
    ours: p95(times),
    anchor: null,
    note: `95th percentile of ${times.length} first pages of 50: names, surnames, both scripts, pinyin, other readings, initials, remarks, last four digits, tags of many and of few, nobody; a third each for everybody's customers, one's own, a team's`,
  }
}

const p95 = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.95)]!

export const rows: BenchRow[] = [
  { row: "search", unit: "ms", goal: { at_most: 200 }, rounds: 3, prepare, measure },
]
