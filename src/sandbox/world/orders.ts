import { chance, choose, hash32 } from "../../kernel/chance.ts"
import { DAY_MS, dayNumber, startOfDay } from "../../kernel/day.ts"
import type { People, Person } from "./people.ts"
import { ofKind, type Product, products } from "./products.ts"
import type { Order, OrderLine } from "./records.ts"

const lead = ofKind("lead")
const low = ofKind("low_ticket")
const membership = ofKind("membership")
const regular = ofKind("regular")

const FREE_SHIPPING_FROM_FEN = 9_900
const SHIPPING_FEN = 800

/** How the shop knows a buyer: it always has its own number, mostly the unionid, often a phone; a few come with a phone only. */
function buyerOf(people: People, p: Person): Order["buyer"] {
  const known = chance(p.hash, "shop knows")
  return {
    shop_buyer_id: `B${String(hash32(p.hash, "buyer") % 1_000_000).padStart(6, "0")}${p.n}`,
    ...(known < 0.94 ? { unionid: people.unionid(p.n) } : {}),
    ...(known < 0.35 ? { external_userid: people.ids.encode(p.n) } : {}),
    ...(known > 0.2 ? { phone: people.phone(p.n) } : {}),
    name: p.real_name,
  }
}

/** One paid order. `n` tells this person's orders apart; the basket follows from seed, person and n. */
export function makeOrder(
  people: People,
  p: Person,
  n: string | number,
  at: number,
  order_no: string,
  want: { kind?: Product["kind"]; sku?: string; amount_fen?: number; source_code?: string } = {},
): Order {
  const roll = (what: string, k: number) => chance(p.hash, "order", n, what, k)
  const pool =
    want.kind === "lead"
      ? lead
      : want.kind === "low_ticket"
        ? low
        : want.kind === "membership"
          ? membership
          : regular
  const lines: OrderLine[] = []
  const asked = want.sku === undefined ? undefined : products.find((product) => product.sku === want.sku)
  const count = asked || pool !== regular ? 1 : 1 + Math.floor(roll("lines", 0) * 2.6)
  for (let k = 0; k < count; k++) {
    const product = asked ?? choose(pool, p.hash, "order", n, "sku", k)
    if (lines.some((line) => line.sku === product.sku)) continue
    const qty = product.kind === "regular" && roll("qty", k) < 0.25 ? 2 : 1
    lines.push({ ...product, qty })
  }
  const goods_fen = lines.reduce((sum, line) => sum + line.qty * line.price_fen, 0)
  const coupon_fen =
    asked === undefined && goods_fen >= 15_000 && roll("coupon", 0) < 0.2
      ? choose([500, 1000, 2000, 3000], p.hash, "coupon", n)
      : 0
  const first = lines[0]
  const shipping_fen = goods_fen >= FREE_SHIPPING_FROM_FEN || first?.kind === "lead" ? 0 : SHIPPING_FEN
  const order: Order = {
    order_no,
    buyer: buyerOf(people, p),
    status: "paid",
    paid_at: new Date(at).toISOString(),
    amount_fen: goods_fen - coupon_fen + shipping_fen,
    shipping_fen,
    points_used: 0,
    coupon_fen,
    lines,
    ...(want.source_code ? { source_code: want.source_code } : {}),
  }
  if (want.amount_fen === undefined || !first) return order
  const line = { ...first, qty: 1, price_fen: want.amount_fen }
  return { ...order, lines: [line], amount_fen: want.amount_fen, coupon_fen: 0, shipping_fen: 0 }
}

export function refundOf(order: Order, at: number, whole: boolean): Order {
  const goods_fen = order.amount_fen - order.shipping_fen
  const amount_fen = whole ? goods_fen : Math.floor(goods_fen / 2)
  return {
    ...order,
    status: "refunded",
    refund: { refund_no: `R${order.order_no}`, at: new Date(at).toISOString(), amount_fen },
  }
}

/** A moment of that day when people shop: more in the evening. */
function shoppingTime(day: number, p: Person, n: number): number {
  const evening = chance(p.hash, "evening", n) < 0.55
  const hour = evening ? 19 + 3.6 * chance(p.hash, "hour", n) : 8.5 + 10 * chance(p.hash, "hour", n)
  return Math.floor((startOfDay(day).getTime() + hour * 3_600_000) / 1000) * 1000
}

const LIMIT_PER_PERSON = 80

/** Everything a person bought in the year before the world began, oldest first. Lookers bought nothing. */
export function pastOrders(people: People, n: number, start_ms: number): Order[] {
  const p = people.person(n)
  if (p.kind === "looker") return []
  const orders: Order[] = []
  const year_ago = start_ms - 365 * DAY_MS
  const place = (at: number, kind: Product["kind"]): void => {
    const day = dayNumber(at)
    const when = shoppingTime(day, p, orders.length)
    if (when >= start_ms || when < year_ago || orders.length >= LIMIT_PER_PERSON) return
    const order_no = `H${String(day).padStart(6, "0")}${String(n).padStart(7, "0")}${String(orders.length).padStart(2, "0")}`
    const order = makeOrder(people, p, orders.length, when, order_no, { kind })
    orders.push(settled(order, p, orders.length, when, start_ms))
  }
  let at = Math.max(people.since(n), year_ago) + DAY_MS * (0.2 + 12 * chance(p.hash, "first order"))
  if (chance(p.hash, "began with a lead") < 0.8 || p.kind === "lead") place(at, "lead")
  if (p.kind === "lead") return orders
  at += DAY_MS * (2 + 20 * chance(p.hash, "low after"))
  if (p.kind === "low" || chance(p.hash, "low first") < 0.7) place(at, "low_ticket")
  if (p.kind === "low") return orders
  at += DAY_MS * (3 + 25 * chance(p.hash, "regular after"))
  if (p.kind !== "regular") place(at, "membership")
  const every_days = (p.kind === "regular" ? 22 : 14) + 50 * chance(p.hash, "interval") ** 2
  const stops_at =
    start_ms - (chance(p.hash, "stops") < 0.45 ? 330 * DAY_MS * chance(p.hash, "stops when") : 0)
  for (let k = 0; at < stops_at && k < LIMIT_PER_PERSON; k++) {
    place(at, "regular")
    at += DAY_MS * every_days * (0.4 + 1.2 * chance(p.hash, "next", k))
  }
  return orders.sort((a, b) => (a.paid_at < b.paid_at ? -1 : 1))
}

function settled(order: Order, p: Person, n: number, at: number, start_ms: number): Order {
  const fate = chance(p.hash, "fate", n)
  if (fate < 0.012) return { ...order, status: "cancelled" }
  const back_at = at + DAY_MS * (1 + 10 * chance(p.hash, "back", n))
  if (fate < 0.045 && back_at < start_ms) return refundOf(order, back_at, chance(p.hash, "whole", n) < 0.7)
  return order
}
