import type { Words } from "../../../kernel/contract.ts"
import type { Tx } from "../../../platform/db.ts"
import type { Failure, ImportField, ImportKind, Job, Outcome, Taken } from "../../imports/index.ts"
import { CUSTOMER_FAILURES } from "./failures.ts"
import { IDENTITY_FIELDS } from "./identity.ts"
import { type CustomerRow, readRow } from "./rows.ts"
import { takeCustomers } from "./take.ts"

/** A column of a file of customers that another module takes, such as tags. */
export type CustomerColumn<Value = unknown> = {
  field: ImportField
  failures: Record<string, Words>
  /** What cells mean, as of now; one that means nothing fails its row. An empty cell is never asked about. */
  reader(t: Tx, job: Job): Promise<(cell: string) => { value: Value } | Failure>
  /** Takes what these customers were given; gives those for whom something changed. */
  take(t: Tx, given: readonly { customer_id: string; value: Value }[], job: Job): Promise<ReadonlySet<string>>
}

/** Files of customers, with the columns that other modules add to them. */
export function customersKind(columns: readonly CustomerColumn[]): ImportKind<CustomerRow> {
  const names = columns.map(({ field }) => field.name)
  return {
    name: "customers",
    words: { zh: "客户", en: "Customers" },
    permission: "customers.write",
    fields: [
      ...IDENTITY_FIELDS.slice(0, 2),
      ...FIELDS,
      ...columns.map(({ field }) => field),
      ...IDENTITY_FIELDS.slice(2),
    ],
    needs: [IDENTITY_FIELDS.map(({ name }) => name)],
    by_source: false,
    failures: Object.assign({}, CUSTOMER_FAILURES, ...columns.map(({ failures }) => failures)) as Record<
      string,
      Words
    >,
    read: (row, places) => readRow(row, places, names),
    begin: (job) => ({ take: (t, rows) => take(t, job, columns, rows) }),
  }
}

async function take(
  t: Tx,
  job: Job,
  columns: readonly CustomerColumn[],
  rows: readonly CustomerRow[],
): Promise<Taken> {
  const outcomes: Outcome[] = rows.map(() => "skipped")
  const given = await Promise.all(columns.map(() => [] as { row: number; value: unknown }[]))
  for (const [n, column] of columns.entries()) {
    const read = await column.reader(t, job)
    for (const [i, row] of rows.entries()) {
      const cell = row.others[column.field.name]
      if (!cell || typeof outcomes[i] === "object") continue
      const value = read(cell)
      if ("failed" in value) outcomes[i] = value
      else given[n]!.push({ row: i, value: value.value })
    }
  }
  const places = [...rows.keys()].filter((i) => typeof outcomes[i] !== "object")
  const decided = await takeCustomers(
    t,
    places.map((i) => rows[i]!),
    job,
  )
  const customerOf = new Map(places.map((i, n) => [i, decided.customers[n] ?? null]))
  for (const [n, i] of places.entries()) outcomes[i] = decided.outcomes[n]!
  for (const [n, column] of columns.entries()) {
    const taken = given[n]!.flatMap(({ row, value }) => {
      const customer_id = customerOf.get(row)
      return customer_id ? [{ customer_id, value }] : []
    })
    if (taken.length === 0) continue
    const changed = await column.take(t, taken, job)
    for (const { row } of given[n]!)
      if (outcomes[row] === "skipped" && changed.has(customerOf.get(row) ?? "")) outcomes[row] = "changed"
  }
  return { outcomes }
}

const FIELDS: readonly ImportField[] = [
  {
    name: "name",
    words: { zh: "姓名", en: "Name" },
    aliases:
      /^(客户|顾客|会员|用户|收货人?|买家)?(姓名|名称|昵称|名字)$|^(客户|顾客|会员|收货人|联系人)$|^((customer|full|nick)[ _-]?)?name$/i,
    sample: "王小明",
  },
  {
    name: "remark",
    words: { zh: "备注", en: "Remark" },
    hint: { zh: "最多 20 个字", en: "At most 20 letters" },
    aliases: /^(客户)?备注(名)?$|^remarks?$/i,
    sample: "门店老客",
  },
  {
    name: "gender",
    words: { zh: "性别", en: "Gender" },
    aliases: /^(gender|sex)$/i,
    choices: ["男", "女", "未知"],
    sample: "男",
  },
  {
    name: "birthday",
    words: { zh: "生日", en: "Birthday" },
    hint: { zh: "1990-05-20，不知道年份写 05-20", en: "1990-05-20, or 05-20 without the year" },
    aliases: /^(出生日期|生日日期|birth(day|[ _-]?date)|date[ _-]of[ _-]birth)$/i,
    sample: "1990-05-20",
  },
  {
    name: "region",
    words: { zh: "地区", en: "Region" },
    aliases: /^(所在)?(地区|城市|省市|省份|区域)$|^(region|city|province)$/i,
    sample: "杭州",
  },
  {
    name: "source_code",
    words: { zh: "来源", en: "Source" },
    hint: { zh: "渠道码或来源名称；已有来源的客户不变", en: "Code or name; who has a source keeps it" },
    aliases: /^(客户)?(来源|渠道|来源渠道|渠道码)$|^(source|channel)([ _-]?code)?$/i,
    sample: "门店",
  },
  {
    name: "owner",
    words: { zh: "负责人", en: "Owner" },
    hint: { zh: "员工姓名、登录账号或企业微信账号", en: "Name, login or WeCom id of a member of staff" },
    aliases: /^(跟进人|所属员工|负责员工|归属人|客服|导购)$|^(owner|staff|sales)$/i,
  },
  {
    name: "first_contact_at",
    words: { zh: "首次联系时间", en: "First contact" },
    aliases:
      /^(首次联系|首次添加|添加|建档|注册|入会)(时间|日期)$|^(first[ _-]?contact([ _-]?at)?|added[ _-]?at|created[ _-]?at)$/i,
    sample: "2024-02-28 08:30",
  },
  {
    name: "consent",
    words: { zh: "是否同意联系", en: "Agrees to be contacted" },
    hint: { zh: "填否即记为退订", en: "No records an opt-out" },
    aliases: /^(同意联系|同意接收|营销许可|是否接收消息)$|^(consent|opt[ _-]?in)$/i,
    choices: ["是", "否"],
    sample: "是",
  },
]
