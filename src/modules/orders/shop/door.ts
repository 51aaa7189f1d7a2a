import { type Refusal, refuse } from "../../../kernel/result.ts"
import { type Db, type Tx, tx } from "../../../platform/db.ts"
import { checkSigned } from "../../../platform/http/signed.ts"
import { type Arrival, ensureCustomers, type Identity } from "../../customers/index.ts"
import { SHOP_BODY_MAX_BYTES } from "../limits.ts"
import { record } from "../record.ts"
import { lockSource } from "../store.ts"
import { loadShopKnown } from "../store-shop.ts"
import { decideShop, type OwnedShopOrder, type ShopOutcome } from "./decide.ts"
import { type ShopOrder, shopCall, shopOrder } from "./decode.ts"

export const SHOP_SOURCE = "shop"

export type ShopDeps = {
  db: Db
  /** The secret shared with the shop; null closes the door. */
  secret: string | null
  /** Machine time, by which signatures age. */
  machine_now_ms?: () => number
}

export type ShopAnswer = { taken: number; known: number; refused: number; results: ShopOutcome[] }
export type ShopRefusal = Refusal<
  "bad_signature" | "stale_timestamp" | "too_large" | "invalid_input" | "door_closed"
>

type Headers = Record<string, string | string[] | undefined>

/**
 * The shop's door: a signed call with up to 500 orders. Answers after commit, one result an order; the same call again changes
 * nothing. A call that is not the shop's, or no list of orders, is refused as a whole and leaves no trace.
 */
export async function receiveShopOrders(
  deps: ShopDeps,
  headers: Headers,
  rawBody: Buffer,
  now: Date,
): Promise<ShopAnswer | ShopRefusal> {
  if (deps.secret === null) return refuse("door_closed")
  if (rawBody.length > SHOP_BODY_MAX_BYTES) return refuse("too_large")
  const one = (name: string) => {
    const value = headers[name]
    return Array.isArray(value) ? undefined : value
  }
  const refusal = checkSigned(
    deps.secret,
    one("x-shop-timestamp"),
    one("x-shop-signature"),
    rawBody,
    deps.machine_now_ms?.() ?? Date.now(),
  )
  if (refusal) return refusal
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(rawBody))
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError)
      return refuse("invalid_input", { field: "body" })
    throw error
  }
  const call = shopCall.safeParse(json)
  if (!call.success) return refuse("invalid_input", { field: call.error.issues[0]?.path.join(".") || "body" })
  const { origin, orders } = call.data
  return tx(deps.db, (t) => takeShopOrders(t, origin, orders, now))
}

/** The same without the signature, in the caller's transaction: for the API, whose callers are known by their token. */
export async function takeShopOrders(
  t: Tx,
  origin: "live" | "history",
  list: readonly unknown[],
  now: Date,
): Promise<ShopAnswer> {
  const parsed = list.map((one) => shopOrder.safeParse(one))
  const good = parsed.flatMap((p) => (p.success ? [p.data] : []))
  const decided = good.length > 0 ? await writeOrders(t, origin, good, now) : []
  let next = 0
  const results = parsed.map((p, i): ShopOutcome => {
    if (p.success) return decided[next++]!
    const issue = p.error.issues[0]
    return {
      order_no: numberOf(list[i]),
      result: "refused",
      code: "invalid_input",
      field: issue?.path.join(".") ?? "",
      detail: { problem: issue?.message ?? "invalid" },
    }
  })
  const count = (result: ShopOutcome["result"]) => results.filter((r) => r.result === result).length
  return { taken: count("taken"), known: count("known"), refused: count("refused"), results }
}

function numberOf(one: unknown): string | null {
  const number = (one as { order_no?: unknown } | null)?.order_no
  return typeof number === "string" ? number.slice(0, 100) : null
}

async function writeOrders(
  t: Tx,
  origin: "live" | "history",
  orders: ShopOrder[],
  now: Date,
): Promise<ShopOutcome[]> {
  const source = { source_id: await lockSource(t, SHOP_SOURCE), source: SHOP_SOURCE }
  const ids = await ensureCustomers(t, orders.map(arrivalOf), now)
  const known = await loadShopKnown(
    t,
    source.source_id,
    orders.map((o) => o.order_no),
    orders.flatMap((o) => o.refund?.refund_no ?? []),
  )
  const owned: OwnedShopOrder[] = orders.map((o, i) => ({ ...o, customer_id: ids[i]! }))
  const decided = decideShop(owned, known, source, now)
  await record(t, {
    origin,
    names: new Map(owned.map((o) => [o.customer_id, o.buyer.shop_buyer_id])),
    named_by_import: false,
    ...decided,
    extensions: [],
  })
  return decided.outcomes
}

function arrivalOf(order: ShopOrder): Arrival {
  const { shop_buyer_id, unionid, external_userid, phone, name } = order.buyer
  const identities: Identity[] = [{ kind: "shop_buyer_id", value: shop_buyer_id }]
  if (unionid) identities.push({ kind: "unionid", value: unionid })
  if (external_userid) identities.push({ kind: "external_userid", value: external_userid })
  if (phone) identities.push({ kind: "phone", value: phone })
  return {
    identities,
    name: name ?? null,
    phone: phone ?? null,
    source_code: order.source_code ?? null,
    seen_at: order.paid_at,
  }
}
