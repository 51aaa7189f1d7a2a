import { newId } from "../src/kernel/ids.ts"
import { keysOf } from "../src/modules/customers/pinyin.ts"
import { NOTED, OWN } from "../src/modules/customers/store-keys.ts"
import { copyIn, copyLine, type Db, tx } from "../src/platform/db.ts"
import { bucketOf } from "../src/spine/facts/index.ts"

export const NOW = new Date("2026-11-23T04:00:00Z")
const DAY_MS = 86_400_000
const SURNAMES = [..."王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"]
const GIVEN = [
  ..."伟芳娜敏静丽强磊洋艳勇杰涛明超秀霞平刚桂英华文玲建国红梅春晓雪琳晨宇浩然子涵欣怡梦婷佳慧雨欣思远志诚",
]
const REGIONS = ["杭州", "上海", "成都", "广州", "武汉", "西安"]
const REMARKS = ["", "", "门店老客", "团长推荐"]

/** The n-th invented person, always the same: some 100,000 names among a million people. */
export function personOf(n: number) {
  const pick = <T>(list: readonly T[], salt: number) =>
    list[Math.floor(((((n + 1) * salt) % 1_000_003) / 1_000_003) * list.length)]!
  return {
    phone: String(13_000_000_000 + n),
    customer_no: `K${n}`,
    name: pick(SURNAMES, 7_919) + pick(GIVEN, 104_729) + pick(GIVEN, 611_953),
    remark: REMARKS[n % REMARKS.length]!,
    gender: 1 + (n % 2),
    birthday: new Date(Date.UTC(1960, 0, 1 + (n % 16_000))).toISOString().slice(0, 10),
    region: REGIONS[n % REGIONS.length]!,
    first_contact_at: new Date(NOW.getTime() - (1 + (n % 900)) * DAY_MS),
  }
}

const GENDERS = ["未知", "男", "女"]
export const HEADINGS = ["手机号", "客户编号", "姓名", "备注", "性别", "生日", "地区", "首次联系时间"]
export const MAPPING = {
  phone: "手机号",
  customer_no: "客户编号",
  name: "姓名",
  remark: "备注",
  gender: "性别",
  birthday: "生日",
  region: "地区",
  first_contact_at: "首次联系时间",
}

/** The file of so many people, in pieces. */
export function* fileOf(count: number): Generator<string> {
  yield `${HEADINGS.join(",")}\n`
  for (const part of pieces(count, (n) => {
    const p = personOf(n)
    const { phone, customer_no, name, remark, birthday, region } = p
    const cells = [phone, customer_no, name, remark, GENDERS[p.gender], birthday, region]
    return `${cells.join(",")},${p.first_contact_at.toISOString()}\n`
  }))
    yield part
}

function* pieces(count: number, line: (n: number) => string): Generator<string> {
  let chunk = ""
  for (let n = 0; n < count; n++) {
    chunk += line(n)
    if (chunk.length < 60_000) continue
    yield chunk
    chunk = ""
  }
  yield chunk
}

/**
 * The floor: people who are decoded already, by COPY table after table into the same tables and indexes in one transaction.
 * It looks nobody up, checks nothing, answers for no row, and keeps the keys of names that it has met.
 */
export async function copyCustomers(db: Db, count: number): Promise<void> {
  const ids = Array.from({ length: count }, () => newId(NOW.getTime()))
  const at = NOW.toISOString()
  await tx(db, async (t) => {
    await copyIn(
      t,
      `customers_customers (id, number, name, name_pinyin, name_initials, remark, remark_pinyin, remark_initials, phone, gender, birthday,
         region, first_contact_at, created_at, updated_at)`,
      pieces(count, (n) => {
        const p = personOf(n)
        const [name, remark] = [keysOf(p.name), keysOf(p.remark)]
        return copyLine([
          ...[ids[n]!, n + 1, p.name, name.full, name.initials, p.remark, remark.full, remark.initials],
          ...[p.phone, p.gender, p.birthday, p.region, p.first_contact_at.toISOString(), at, at],
        ])
      }),
    )
    await copyIn(
      t,
      "customers_keys (customer_id, account_id, key)",
      pieces(count, (n) => {
        const p = personOf(n)
        const lines = (account_id: string, text: string) =>
          keysOf(text).others.map((key) => copyLine([ids[n]!, account_id, key]))
        return [...lines(OWN, p.name), ...lines(NOTED, p.remark)].join("")
      }),
    )
    await copyIn(
      t,
      "customers_identities (kind, value, customer_id)",
      pieces(count, (n) => {
        const p = personOf(n)
        return copyLine(["phone", p.phone, ids[n]!]) + copyLine(["import", p.customer_no, ids[n]!])
      }),
    )
    await copyIn(
      t,
      "traits_customers (customer_id, number, scope_id)",
      pieces(count, (n) => copyLine([ids[n]!, n + 1, null])),
    )
    await copyIn(
      t,
      "facts (bucket, type, subject, origin, occurred_at, payload)",
      pieces(count, (n) =>
        copyLine([
          ...[bucketOf(ids[n]!), "customer.profile_changed", ids[n]!, "h"],
          ...[personOf(n).first_contact_at.toISOString(), '{"fields":["profile"]}'],
        ]),
      ),
    )
  })
}
