import { type Queryable, rows } from "../../platform/db.ts"
import { WINDOW_DAYS } from "./limits.ts"
import type { Model } from "./rules.ts"

export { type OutcomeWords, outcomesHandler } from "./handler.ts"
export { WINDOW_DAYS } from "./limits.ts"
export { MODELS, type Model, splitFen } from "./rules.ts"

export type Earned = { cause_id: string; orders: number; customers: number; gmv_fen: number; net_fen: number }

/** What causes of one kind (sends, plays, codes) earned, by one model; a cause that earned nothing has no row. */
export function earnedBy(
  q: Queryable,
  kind: string,
  ids: readonly string[],
  model: Model = "last",
): Promise<Earned[]> {
  return rows(
    q,
    `select cause_id, count(*)::int as orders, count(distinct customer_id)::int as customers, sum(fen)::bigint as gmv_fen,
       sum(net_fen)::bigint as net_fen
     from outcomes_credits where cause_kind = $1 and cause_id = any($2) and model = $3 group by cause_id`,
    [kind, ids, model],
  )
}

export type PartEarned = Omit<Earned, "cause_id"> & { part: string }

/** What the parts of one cause earned, by last contact; a part that earned nothing has no row. Together they earned what it did. */
export function earnedByPart(q: Queryable, kind: string, id: string): Promise<PartEarned[]> {
  return rows(
    q,
    `select cause_part as part, count(*)::int as orders, count(distinct customer_id)::int as customers, sum(fen)::bigint as gmv_fen,
       sum(net_fen)::bigint as net_fen
     from outcomes_credits where cause_kind = $1 and cause_id = $2 and model = 'last' and cause_part is not null group by cause_part`,
    [kind, id],
  )
}

/** What one cause earned, zeros where nothing came of it, with the window that counts. */
export async function earnedOf(q: Queryable, kind: string, id: string) {
  const [earned] = await earnedBy(q, kind, [id])
  const { orders, customers, gmv_fen, net_fen } = earned ?? {
    orders: 0,
    customers: 0,
    gmv_fen: 0,
    net_fen: 0,
  }
  return { orders, customers, gmv_fen, net_fen, window_days: WINDOW_DAYS }
}
export { carry } from "./merge.ts"
