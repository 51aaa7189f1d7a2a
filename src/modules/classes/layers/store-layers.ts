import { maybeRow, oneRow, type Queryable, rows, run, type Tx } from "../../../platform/db.ts"
import type { Origin } from "../../../spine/facts/index.ts"
import { publishFrom, TRAITS_TABLE } from "../../../spine/traits/index.ts"
import { ACTIVE_DAYS_SQL, INVITED_SQL } from "../../groups/index.ts"
import { GMV_SQL } from "../../orders/index.ts"
import { HEAD_SHARE, MIDDLE_SHARE, WEIGHTS } from "./rules.ts"

export type LayerNight = { done_day: number; reckoned_day: number | null; after_number: number }

export function readLayerNight(q: Queryable): Promise<LayerNight> {
  return oneRow(q, "select done_day, reckoned_day, after_number from classes_layer_nights")
}

/** Takes the night for this transaction; nothing where another process has it. */
export function lockLayerNight(t: Tx): Promise<LayerNight | undefined> {
  return maybeRow(
    t,
    "select done_day, reckoned_day, after_number from classes_layer_nights for update skip locked",
  )
}

export function saveLayerNight(t: Tx, night: LayerNight): Promise<number> {
  return run(t, "update classes_layer_nights set done_day = $1, reckoned_day = $2, after_number = $3", [
    night.done_day,
    night.reckoned_day,
    night.after_number,
  ])
}

/**
 * Reckons everybody's place as `scores` and `layerOf` say it (a test compares both), of the days from `from` on. Direct referrals
 * are those whom somebody brought into a group; the team's money is one's own and theirs.
 */
export async function reckon(t: Tx, from: number): Promise<number> {
  await run(t, "truncate classes_layers")
  const made = await run(
    t,
    `with gmv as materialized (${GMV_SQL("$1")}), active as materialized (${ACTIVE_DAYS_SQL("$1")}),
     brought as materialized (${INVITED_SQL("$1")}),
     team as (select b.by_customer_id as customer_id, count(*) as referrals, coalesce(sum(g.fen), 0) as fen
       from brought b left join gmv g on g.customer_id = b.customer_id group by 1),
     figures as (
       select c.customer_id, c.number, coalesce(g.fen, 0)::bigint as gmv_fen, coalesce(k.referrals, 0)::int as referrals,
         (coalesce(g.fen, 0) + coalesce(k.fen, 0))::bigint as team_fen, coalesce(a.days, 0)::int as active_days
       from ${TRAITS_TABLE} c left join gmv g using (customer_id) left join team k using (customer_id) left join active a using (customer_id)),
     scored as (
       select *, round((100 * (${WEIGHTS.gmv} * percent_rank() over (order by gmv_fen) + ${WEIGHTS.referrals} * percent_rank() over (order by referrals)
         + ${WEIGHTS.team} * percent_rank() over (order by team_fen) + ${WEIGHTS.active} * percent_rank() over (order by active_days)))::numeric)::int as score
       from figures),
     ranked as (select *, count(*) over (order by score desc) as at_least, count(*) over () as everybody from scored)
     insert into classes_layers (customer_id, number, layer, score, gmv_fen, referrals, team_fen, active_days)
     select customer_id, number, case when score = 0 then 'base' when at_least <= ceil(everybody * ${HEAD_SHARE} / 100.0) then 'head'
         when at_least <= ceil(everybody * ${HEAD_SHARE + MIDDLE_SHARE} / 100.0) then 'middle' else 'base' end,
       score, gmv_fen, referrals, team_fen, active_days from ranked`,
    [from],
  )
  return made
}

/** Whether what was reckoned is still there: after a crash the table is empty. */
export async function isReckoned(q: Queryable): Promise<boolean> {
  return (await maybeRow(q, "select 1 from classes_layers limit 1")) !== undefined
}

/** The last number of the next so many. */
export async function pieceAfter(
  q: Queryable,
  after: number,
  limit: number,
): Promise<{ last: number | null; n: number }> {
  return oneRow(
    q,
    `select max(number) as last, count(*)::int as n
     from (select number from classes_layers where number > $1 order by number limit $2) k`,
    [after, limit],
  )
}

/** Publishes a piece: whose layer changed gets since and why. */
export async function publishLayers(
  t: Tx,
  range: { after: number; last: number },
  now: Date,
  tell: Origin,
): Promise<number> {
  return publishFrom(
    t,
    {
      traits: ["customers.layer", "customers.layer_score"],
      sql: `select customer_id, layer as v1, $3::timestamptz as s1, jsonb_build_object('rule', 'layer_percentile', 'layer_score', score / 100.0,
          'layer_gmv_fen', gmv_fen, 'referrals', referrals, 'team_fen', team_fen, 'active_days', active_days) as w1,
          score::bigint as v2, $3::timestamptz as s2, null::jsonb as w2
        from classes_layers where number > $1 and number <= $2`,
      params: [range.after, range.last, now],
      reasons: true,
    },
    now,
    { tell },
  )
}

/** How many stand in each layer, of those whose customers may be seen. */
export function layerCounts(
  q: Queryable,
  scope: readonly string[] | null,
): Promise<{ layer: string; customers: number; gmv_fen: number }[]> {
  return rows(
    q,
    `select t."customers.layer" as layer, count(*)::int as customers, coalesce(sum(t."orders.gmv_fen"), 0)::bigint as gmv_fen
     from ${TRAITS_TABLE} t where t."customers.layer" is not null and ($1::uuid[] is null or t.scope_id = any($1)) group by 1`,
    [scope],
  )
}
