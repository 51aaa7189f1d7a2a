import { readFile } from "node:fs/promises"
import { text as readAll } from "node:stream/consumers"
import { dayNumber, dayString, parseDay, startOfDay } from "../../../kernel/day.ts"
import { fenToDecimal } from "../../../kernel/money.ts"
import { isRefused, type Refusal } from "../../../kernel/result.ts"
import { customersByNumber } from "../../../modules/customers/index.ts"
import { figuresOf } from "../../../modules/orders/index.ts"
import {
  SEGMENT_REFUSALS,
  SEGMENTS_MAX,
  segmentAudience,
  segmentNamed,
  segments,
} from "../../../modules/segments/index.ts"
import type { Db } from "../../../platform/db.ts"
import { type TableCell, writeTable } from "../../../platform/files/write-table.ts"
import {
  type Audience,
  audiencePage,
  countAudience,
  explain,
  readAudience,
  sentence,
} from "../../../spine/audiences/index.ts"
import type { Registry } from "../../../spine/offers/index.ts"
import { bringKnowledgeUp } from "../../server/know.ts"
import { wire } from "../../server/wiring.ts"
import { type Command, type CommandEnv, type ExitCode, text, type Values, WrongCall } from "../command.ts"

const PAGE = 2_000
const HEADINGS = ["客户编号", "姓名", "客户", "订单数", "成交额(元)", "退款(元)", "首单日期", "最近购买"]

/** One segment or rule, ready to be asked. */
type Asked = { id: string | null; name: string | null; audience: Audience }

export const segmentCommand: Command = {
  name: "segment",
  usage:
    "segment [名称或编号] [--rule 规则.json|-] [--as-of YYYY-MM-DD] [--why 客户编号] [--out 文件.csv|文件.xlsx] [--json]",
  summary:
    "列出人群，数人数、读规则、导出名单、说明为什么 / list segments; count, read, export or explain one",
  options: {
    rule: { type: "string" },
    "as-of": { type: "string" },
    why: { type: "string" },
    out: { type: "string" },
  },
  positionals: { min: 0, max: 1 },
  async run(env, values, [wanted]) {
    const file = text(values, "rule")
    if (wanted !== undefined && file !== undefined) throw new WrongCall("a segment or --rule, not both")
    const one = wanted !== undefined || file !== undefined
    for (const name of ["why", "out"])
      if (!one && text(values, name) !== undefined) throw new WrongCall(`--${name} needs a segment or --rule`)
    const asOf = dayOf(values)
    const rule = file === undefined ? undefined : await ruleFrom(file)
    return env.withDatabase<ExitCode>(async (db, clock) => {
      const wired = wire({ sandbox: null, channels: [] })
      if (!(await bringKnowledgeUp({ db, clock }, wired)))
        env.say(
          "还有未处理完的数据，结果可能略旧 / some facts are still being read; the answer may lag behind",
        )
      const { registry } = wired
      const day = asOf ?? dayNumber(clock.now())
      if (!one) return list(env, db, registry, day)
      const asked = await find(db, registry, { wanted, rule, day })
      if (isRefused(asked)) return env.refuse(asked, said(asked))
      return answer(env, db, asked, { day, why: text(values, "why"), out: text(values, "out") })
    })
  },
}

function dayOf(values: Values): number | undefined {
  const given = text(values, "as-of")
  if (given === undefined) return undefined
  const day = parseDay(given)
  if (day === null) throw new WrongCall(`--as-of ${JSON.stringify(given)} is no day; write YYYY-MM-DD`)
  return day
}

async function ruleFrom(file: string): Promise<unknown> {
  let content: string
  try {
    content = file === "-" ? await readAll(process.stdin) : await readFile(file, "utf8")
  } catch (error) {
    throw new WrongCall(`--rule ${file} cannot be read: ${(error as Error).message}`)
  }
  try {
    return JSON.parse(content)
  } catch {
    throw new WrongCall(`--rule ${file} is no JSON`)
  }
}

/** Refused as the page refuses: not_found, and whatever a rule may be refused for. */
async function find(
  db: Db,
  registry: Registry,
  { wanted, rule, day }: { wanted: string | undefined; rule: unknown; day: number },
): Promise<Asked | Refusal> {
  if (wanted === undefined) {
    const audience = await readAudience(db, registry, rule, { day })
    return isRefused(audience) ? audience : { id: null, name: null, audience }
  }
  const id = await segmentNamed(db, wanted)
  if (id === null) return { refused: "not_found", field: "segment", detail: { segment: wanted } }
  const found = await segmentAudience(db, registry, id, startOfDay(day))
  return isRefused(found) ? found : { id, name: found.name, audience: found.audience }
}

async function list(env: CommandEnv, db: Db, registry: Registry, day: number): Promise<ExitCode> {
  const listed = []
  for (const { id, name, frozen, version } of await segments(db, SEGMENTS_MAX)) {
    const found = await segmentAudience(db, registry, id, startOfDay(day))
    const said = isRefused(found)
      ? { count: null, sentence: null, broken: found }
      : { count: await countAudience(db, found.audience), sentence: words(found.audience), broken: null }
    listed.push({ id, name, frozen, version, ...said })
  }
  env.answer(
    { as_of: dayString(day), segments: listed },
    listed.length === 0
      ? "还没有人群 (no segments yet)"
      : listed
          .map((s) => `${s.name}\t${s.count ?? "—"}\t${s.sentence?.zh ?? said(s.broken!)}\t${s.id}`)
          .join("\n"),
  )
  return 0
}

async function answer(
  env: CommandEnv,
  db: Db,
  { id, name, audience }: Asked,
  { day, why, out }: { day: number; why: string | undefined; out: string | undefined },
): Promise<ExitCode> {
  const count = await countAudience(db, audience)
  const base = { id, name, as_of: dayString(day), count, sentence: words(audience) }
  const lines = [`${name ?? ""}${name ? "\t" : ""}${count}`, base.sentence.zh, base.sentence.en]
  if (why !== undefined) {
    if (!UUID.test(why)) throw new WrongCall(`--why ${JSON.stringify(why)} is no customer's id`)
    const reasons = (await explain(db, audience, [why])).get(why)
    if (!reasons) {
      const refusal = { refused: "not_found", field: "why", detail: { customer: why } }
      return env.refuse(refusal, said(refusal))
    }
    for (const r of reasons) lines.push(`${r.holds ? "✓" : "✗"} ${r.sentence}`)
    env.answer({ ...base, customer: why, reasons }, lines.join("\n"))
    return 0
  }
  if (out === undefined) {
    env.answer(base, lines.join("\n"))
    return 0
  }
  const written = await writeTable(out, HEADINGS, memberPages(db, audience))
  env.answer({ ...base, out, rows: written }, [...lines, `${written} → ${out}`].join("\n"))
  return 0
}

async function* memberPages(db: Db, audience: Audience): AsyncGenerator<TableCell[][]> {
  for (let after = -1; ; ) {
    const members = await audiencePage(db, audience, { after, limit: PAGE })
    if (members.length === 0) return
    const people = await customersByNumber(
      db,
      members.map((m) => m.number),
    )
    const figures = new Map(
      (
        await figuresOf(
          db,
          people.map((p) => p.customer_id),
        )
      ).map((f) => [f.customer_id, f]),
    )
    yield people.map(({ customer_id, name }) => {
      const f = figures.get(customer_id)
      return [
        customer_id,
        name,
        f?.customer ?? "",
        f?.order_count ?? 0,
        fenToDecimal(f?.gmv_fen ?? 0),
        fenToDecimal(f?.refund_fen ?? 0),
        f?.first_day ? dayString(f.first_day) : "",
        f?.last_day ? dayString(f.last_day) : "",
      ]
    })
    after = members.at(-1)!.number
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const words = (audience: Audience) => ({
  zh: sentence(audience.registry, audience.tree, audience.names, "zh"),
  en: sentence(audience.registry, audience.tree, audience.names, "en"),
})

/** A refusal as a person reads it: the sentence of the contract, the place, and what was met there. */
function said(refusal: Refusal): string {
  const known = SEGMENT_REFUSALS[refusal.refused as keyof typeof SEGMENT_REFUSALS] as
    | { zh: string; en: string }
    | undefined
  const words = known ?? { zh: "没有找到。", en: "There is no such thing." }
  const place = refusal.field ? ` [${refusal.field}]` : ""
  return `${words.zh} ${words.en}${place}${refusal.detail ? ` ${JSON.stringify(refusal.detail)}` : ""}`
}
