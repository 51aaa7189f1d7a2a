import { dayString, parseDay, startOfDay } from "../../../kernel/day.ts"
import { momentText } from "../../../kernel/moments.ts"
import { fenToDecimal } from "../../../kernel/money.ts"
import type { SortPlace } from "../../../kernel/sort.ts"
import { maskPhone } from "../../../kernel/text.ts"
import { exportCustomers, REASON_MIN } from "../../../modules/customers/contract.ts"
import { countCustomers, customerRows, maskPhonesIn } from "../../../modules/customers/index.ts"
import { figuresOf, linesOf, orderRows } from "../../../modules/orders/index.ts"
import { audit } from "../../../platform/audit.ts"
import { type Db, tx } from "../../../platform/db.ts"
import { type TableCell, writeTable } from "../../../platform/files/write-table.ts"
import { type Command, type ExitCode, neededText, text, type Values, WrongCall } from "../command.ts"

const PAGE = 2_000

function day(values: Values, name: string): number | undefined {
  const given = text(values, name)
  if (given === undefined) return undefined
  const found = parseDay(given)
  if (found === null) throw new WrongCall(`--${name} ${JSON.stringify(given)} is no day; write YYYY-MM-DD`)
  return found
}

export const exportOrdersCommand: Command = {
  name: "export orders",
  usage:
    "export orders --out 文件.csv|文件.xlsx [--from YYYY-MM-DD] [--to YYYY-MM-DD] [--source 来源] [--json]",
  summary: "导出订单，防公式注入 / export orders",
  options: {
    out: { type: "string" },
    from: { type: "string" },
    to: { type: "string" },
    source: { type: "string" },
  },
  run: (env, values) => {
    const out = neededText(values, "out")
    const [from, to] = [day(values, "from"), day(values, "to")]
    const filter = {
      scope: null,
      source: text(values, "source"),
      from: from === undefined ? undefined : startOfDay(from),
      to: to === undefined ? undefined : startOfDay(to + 1),
    }
    return env.withDatabase<ExitCode>(async (db) => {
      const headings = [
        "订单号",
        "来源",
        "客户",
        "付款时间",
        "成交额(元)",
        "退款(元)",
        "已取消",
        "商品",
        "来源码",
      ]
      const rows = await writeTable(out, headings, orderPages(db, filter))
      env.answer({ out, rows }, `${rows} → ${out}`)
      return 0
    })
  },
}

async function* orderPages(db: Db, filter: Parameters<typeof orderRows>[1]): AsyncGenerator<TableCell[][]> {
  const sort = "-paid_at"
  let after: SortPlace<string> | null = null
  for (;;) {
    const page: Awaited<ReturnType<typeof orderRows>> = await orderRows(db, filter, sort, after, PAGE)
    if (page.length === 0) return
    const names = new Map<string, string[]>()
    for (const line of await linesOf(db, page)) {
      if (line.name === "") continue
      const words = line.qty === 1 ? line.name : `${line.name}×${line.qty}`
      names.set(line.order_id, [...(names.get(line.order_id) ?? []), words])
    }
    yield page.map((o) => [
      o.order_no ?? `第 ${o.line} 行`,
      o.source,
      o.customer,
      momentText(o.paid_at),
      fenToDecimal(o.paid_fen),
      fenToDecimal(o.refunded_fen),
      o.cancelled ? "是" : "",
      (names.get(o.order_id) ?? []).join("、"),
      o.source_code ?? "",
    ])
    const last = page.at(-1)!
    after = { sort, value: last.sorted_by, id: last.order_id }
  }
}

export const exportCustomersCommand: Command = {
  name: "export customers",
  usage: "export customers --out 文件.csv|文件.xlsx --reason 用途 [--json]",
  summary:
    "导出客户，手机号隐去中段，用途记入审计 / export customers with masked phones; the purpose is audited",
  options: { out: { type: "string" }, reason: { type: "string" } },
  run: (env, values) => {
    const out = neededText(values, "out")
    const reason = neededText(values, "reason").trim()
    if (reason.length < REASON_MIN) throw new WrongCall(`--reason has at least ${REASON_MIN} letters`)
    return env.withDatabase<ExitCode>(async (db, clock) => {
      const people = await countCustomers(db, { scope: null })
      await tx(db, (t) =>
        audit(t, {
          at: clock.now(),
          actor_kind: "system",
          actor_id: "cli",
          action: exportCustomers.id,
          target: "customers",
          after: { filter: { searched: false }, chosen: null, people, reason },
        }),
      )
      const headings = [
        "客户编号",
        "姓名",
        "手机号",
        "来源码",
        "首次联系",
        "订单数",
        "成交额(元)",
        "退款(元)",
        "首单日期",
        "最近购买",
      ]
      const rows = await writeTable(out, headings, customerPages(db))
      env.answer({ out, rows }, `${rows} → ${out}`)
      return 0
    })
  },
}

async function* customerPages(db: Db): AsyncGenerator<TableCell[][]> {
  const sort = "-created"
  let after: SortPlace<number> | null = null
  for (;;) {
    const page: Awaited<ReturnType<typeof customerRows>> = await customerRows(
      db,
      { scope: null },
      sort,
      after,
      PAGE,
    )
    if (page.length === 0) return
    const figures = new Map(
      (
        await figuresOf(
          db,
          page.map((c) => c.id),
        )
      ).map((f) => [f.customer_id, f]),
    )
    yield page.map((c) => {
      const f = figures.get(c.id)
      return [
        c.id,
        maskPhonesIn(c.name),
        maskPhone(c.phone) ?? "",
        maskPhonesIn(c.source_code ?? ""),
        c.first_contact_at ? momentText(c.first_contact_at) : "",
        f?.order_count ?? 0,
        fenToDecimal(f?.gmv_fen ?? 0),
        fenToDecimal(f?.refund_fen ?? 0),
        f?.first_day ? dayString(f.first_day) : "",
        f?.last_day ? dayString(f.last_day) : "",
      ]
    })
    const { number } = page.at(-1)!
    after = { sort, value: number, id: number }
  }
}
