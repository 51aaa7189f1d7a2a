import { type Queryable, rows } from "../../platform/db.ts"
import type { PlayDefinition } from "./definition.ts"
import { STAGE_REASONS } from "./limits.ts"
import { inOrder, stageOf } from "./sentence.ts"

/** Why people left at a stage, and how many. */
export type StageEnd = { reason: string | null; n: number }
export type Stage = {
  version: number
  node: string
  name: string
  /** Who came to it; who came to the next one from it, or to the end of the play. */
  entered: number
  done: number
  /** Who left the play within it, and who is in it now: with those who are done these are all who entered. */
  dropped: number
  inside: number
  /** Of those who are done: from coming to it to coming on. */
  median_days: number | null
  ends: StageEnd[]
}

/** Pure: the steps with which stages begin, in the order in which people come to them. */
export function stagesOf(play: Pick<PlayDefinition, "first" | "nodes">): { node: string; name: string }[] {
  return inOrder(play).flatMap((node) => {
    const name = stageOf(play.nodes[node]!)
    return name === null ? [] : [{ node, name }]
  })
}

/**
 * How far people of each version came, stage by stage. The furthest stage counts: whoever came to a later one is done with those
 * before it that they came to, in whichever order a play leads back.
 */
export async function stageResults(
  q: Queryable,
  play_id: string,
  versions: readonly { version: number; definition: PlayDefinition }[],
): Promise<Stage[]> {
  const stages = versions.flatMap(({ version, definition }) =>
    stagesOf(definition).map((stage, i) => ({ version, at: i + 1, ...stage })),
  )
  if (stages.length === 0) return []
  const params = [play_id, stages.map((s) => s.version), stages.map((s) => s.at), stages.map((s) => s.node)]
  const counted = rows<Omit<Stage, "node" | "name" | "ends"> & { at: number }>(
    q,
    `${WENT} select version, at, count(*)::int as entered, count(*) filter (where outcome = 'done')::int as done,
       count(*) filter (where outcome = 'dropped')::int as dropped, count(*) filter (where outcome = 'inside')::int as inside,
       round((percentile_cont(0.5) within group (order by extract(epoch from left_at - came_at) / 86400.0)
         filter (where outcome = 'done'))::numeric, 1)::float8 as median_days
     from went group by 1, 2`,
    params,
  )
  const ended = rows<StageEnd & { version: number; at: number }>(
    q,
    `${WENT} select version, at, case when state = 'failed' then 'failed' else reason end as reason, count(*)::int as n from went
     where outcome = 'dropped' group by 1, 2, 3 order by n desc, 3`,
    params,
  )
  const [counts, ends] = [await counted, await ended]
  return stages.map(({ at, ...stage }) => {
    const here = (one: { version: number; at: number }) => one.version === stage.version && one.at === at
    const { at: _, ...count } = counts.find(here) ?? { at, ...NOBODY }
    return {
      ...stage,
      ...count,
      version: stage.version,
      ends: ends
        .filter(here)
        .slice(0, STAGE_REASONS)
        .map(({ reason, n }) => ({ reason, n })),
    }
  })
}

const NOBODY = { version: 0, entered: 0, done: 0, dropped: 0, inside: 0, median_days: null }

/** Everybody at every stage that they came to: when, when they came on, and what became of them there. */
const WENT = `with stage as (select * from unnest($2::int[], $3::int[], $4::text[]) s (version, at, node)),
  come as (
    select s.customer_id, s.enrolment_id, s.node, min(s.due_at) as came_at from plays_steps s
    where s.play_id = $1 and s.node in (select node from stage) group by 1, 2, 3
    union all
    select e.customer_id, e.id, e.node, e.due_at from plays_enrolments e
    where e.play_id = $1 and e.state = 'active' and e.node in (select node from stage)),
  reached as (
    select e.version, e.customer_id, e.id, e.state, e.reason, e.ended_at, stage.at, min(come.came_at) as came_at
    from come join plays_enrolments e on e.customer_id = come.customer_id and e.id = come.enrolment_id
    join stage on stage.version = e.version and stage.node = come.node group by 1, 2, 3, 4, 5, 6, 7),
  ordered as (select *, lead(came_at) over (partition by customer_id, id order by at) as next_at from reached),
  went as (
    select version, at, state, reason, came_at, coalesce(next_at, ended_at) as left_at,
      case when next_at is not null or state = 'done' then 'done' when state = 'active' then 'inside' else 'dropped' end as outcome
    from ordered)`
