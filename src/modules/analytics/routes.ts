import { DAY_MS, dayNumber, dayString, parseDay, startOfDay } from "../../kernel/day.ts"
import { refuse } from "../../kernel/result.ts"
import { type Context, implement, type Route, staffSeenBy } from "../../platform/http/index.ts"
import type { TraitOffer } from "../../spine/offers/index.ts"
import { earnedBy } from "../../spine/outcomes/index.ts"
import { type Cell, crosstab } from "../../spine/traits/index.ts"
import { sentBetween } from "../sends/index.ts"
import { dashboard } from "./contract.ts"
import { goalRoutes } from "./goals/routes.ts"
import { RANGE_MAX_DAYS, SENDS_SHOWN, SOURCES_SHOWN } from "./limits.ts"
import { NUMBERS } from "./numbers.ts"
import { byHour, type Funnel, funnelBySource, type Range, seriesOf, sumsOf } from "./store.ts"

const DEFAULT_DAYS = 30
const SERIES = {
  customers_new: { zh: "新增客户", en: "New customers" },
  orders: { zh: "订单", en: "Orders" },
  gmv_fen: { zh: "成交额", en: "GMV" },
}

export function routes(traits: () => ReadonlyMap<string, TraitOffer>): Route[] {
  return [
    ...goalRoutes,
    implement(dashboard, async (ctx, { query }) => {
      const to_day = query.to ? parseDay(query.to) : dayNumber(ctx.now)
      const from_day = query.from ? parseDay(query.from) : to_day === null ? null : to_day - DEFAULT_DAYS + 1
      if (to_day === null || from_day === null || from_day > to_day || to_day - from_day >= RANGE_MAX_DAYS)
        return refuse("range_invalid", { field: from_day === null ? "from" : "to" })
      return read(ctx, { from_day, to_day }, traits())
    }),
  ]
}

async function read(ctx: Context, range: Range, traits: ReadonlyMap<string, TraitOffer>) {
  const [sums, sources, series, cube, stages, sends, hours] = await Promise.all([
    sumsOf(ctx.db, range),
    funnelBySource(ctx.db, range, SOURCES_SHOWN),
    seriesOf(ctx.db, Object.keys(SERIES), range),
    traits.has("orders.rfm_r") ? crosstab(ctx.db, ["orders.rfm_r", "orders.rfm_f"], "orders.gmv_fen") : [],
    traits.has("customers.stage") ? crosstab(ctx.db, ["customers.stage"], null) : [],
    sendsOf(ctx, range),
    byHour(ctx.db, "group_messages", range),
  ])
  const of = new Map(sums.map((s) => [s.measure, s.value]))
  const all = sources.reduce(total, { source: "", added: 0, joined: 0, spoke: 0, ordered: 0, repeated: 0 })
  const gmv = of.get("gmv_fen") ?? 0
  const refunds = of.get("refund_fen") ?? 0
  const orders = of.get("orders") ?? 0
  return {
    from: dayString(range.from_day),
    to: dayString(range.to_day),
    as_of: ctx.now,
    numbers: [
      number("gmv_fen", "fen", gmv),
      number("net_gmv_fen", "fen", gmv - refunds),
      number("orders", "times", orders),
      number("average_fen", "fen", orders > 0 ? Math.round(gmv / orders) : null),
      number("customers_new", "people", of.get("customers_new") ?? 0),
      number("contacts_removed", "times", of.get("contacts_removed") ?? 0),
      number("conversion", "share", all.added > 0 ? all.ordered / all.added : null),
      number("group_messages", "times", of.get("group_messages") ?? 0),
    ],
    funnel: [
      step("added", "添加好友", "Added", all.added),
      step("joined", "进群", "Joined a group", all.joined),
      step("spoke", "首次发言", "Spoke", all.spoke),
      step("ordered", "首单", "First order", all.ordered),
      step("repeated", "复购", "Bought again", all.repeated),
    ],
    sources,
    sends,
    series: Object.entries(SERIES).map(([measure, label]) => ({
      measure,
      label,
      points: everyDay(
        range,
        new Map(series.filter((s) => s.measure === measure).map((s) => [s.day, s.value])),
      ),
    })),
    hours,
    rfm: cube.map((c) => ({
      r: Number(c.values[0]),
      f: Number(c.values[1]),
      customers: c.customers,
      gmv_fen: c.sum,
    })),
    ladder: ladderOrder(stages, traits).map((s) => ({
      stage: String(s.values[0]),
      label: traits.get("customers.stage")?.values?.[String(s.values[0])] ?? {
        zh: String(s.values[0]),
        en: String(s.values[0]),
      },
      customers: s.customers,
    })),
  }
}

/** Steps stand in the order of the ladder, not of the alphabet. */
function ladderOrder(stages: Cell[], traits: ReadonlyMap<string, TraitOffer>): Cell[] {
  const order = Object.keys(traits.get("customers.stage")?.values ?? {})
  return [...stages].sort((a, b) => order.indexOf(String(a.values[0])) - order.indexOf(String(b.values[0])))
}

async function sendsOf(ctx: Context, range: Range) {
  const sends = await sentBetween(
    ctx.db,
    staffSeenBy(ctx.actor),
    startOfDay(range.from_day),
    startOfDay(range.to_day + 1),
    SENDS_SHOWN,
  )
  const earned = new Map(
    (
      await earnedBy(
        ctx.db,
        "send",
        sends.map((s) => s.id),
      )
    ).map((e) => [e.cause_id, e]),
  )
  return sends.map((send) => {
    const { orders = 0, customers = 0, gmv_fen = 0, net_fen = 0 } = earned.get(send.id) ?? {}
    return { ...send, orders, customers, gmv_fen, net_fen }
  })
}

const total = (a: Funnel, b: Funnel): Funnel => ({
  source: "",
  added: a.added + b.added,
  joined: a.joined + b.joined,
  spoke: a.spoke + b.spoke,
  ordered: a.ordered + b.ordered,
  repeated: a.repeated + b.repeated,
})

type Unit = "fen" | "people" | "times" | "share"
const number = (name: keyof typeof NUMBERS, unit: Unit, value: number | null) => ({
  name,
  unit,
  value,
  ...NUMBERS[name],
})
const step = (name: string, zh: string, en: string, people: number) => ({
  step: name,
  label: { zh, en },
  people,
})

/** Days without anything count as nought, so that a chart does not lie about gaps. */
function everyDay(range: Range, values: Map<number, number>) {
  return Array.from({ length: range.to_day - range.from_day + 1 }, (_, i) => ({
    day: new Date((range.from_day + i) * DAY_MS).toISOString().slice(0, 10),
    value: values.get(range.from_day + i) ?? 0,
  }))
}
