import { type Queryable, rows } from "../../platform/db.ts"

/** Something that a play's step sent: the enrolment, and its `step`, which names the move. */
export type StepTaken = { customer_id: string; enrolment_id: string; step: number }
export const stepKey = (s: Pick<StepTaken, "enrolment_id" | "step">) => `${s.enrolment_id}/${s.step}`

/** How a step of a version is called where a cause has parts. */
const partOf = (version: number, node: string) => `${version}/${node}`
export function readPart(part: string): { version: number; node: string } {
  const at = part.indexOf("/")
  return { version: Number(part.slice(0, at)), node: part.slice(at + 1) }
}

/** The play of each of these, and which version and step of it; by `stepKey`. Whoever's enrolment is unknown is left out. */
export async function playsOfSteps(
  q: Queryable,
  taken: readonly StepTaken[],
): Promise<Map<string, { id: string; part: string | null }>> {
  if (taken.length === 0) return new Map()
  const found = await rows<{
    enrolment_id: string
    step: number
    play_id: string
    version: number
    node: string | null
  }>(
    q,
    `select e.id as enrolment_id, k.step, e.play_id, e.version, s.node
     from unnest($1::uuid[], $2::uuid[], $3::int[]) k (customer_id, id, step)
     join plays_enrolments e on e.customer_id = k.customer_id and e.id = k.id
     left join plays_steps s on s.customer_id = k.customer_id and s.enrolment_id = k.id and s.step = k.step`,
    [taken.map((s) => s.customer_id), taken.map((s) => s.enrolment_id), taken.map((s) => s.step)],
  )
  return new Map(
    found.map((s) => [
      stepKey(s),
      { id: s.play_id, part: s.node === null ? null : partOf(s.version, s.node) },
    ]),
  )
}

/** The version of a step `s`. */
const VERSION = `coalesce(s.version, (
  select e.version from plays_enrolments e where e.customer_id = s.customer_id and e.id = s.enrolment_id))`

/** What each step of each version came to. */
export function outcomesOf(
  q: Queryable,
  play_id: string,
): Promise<{ version: number; node: string; outcome: string; n: number }[]> {
  return rows(
    q,
    `select ${VERSION} as version, s.node, s.outcome, count(*)::int as n from plays_steps s
     where s.play_id = $1 group by 1, 2, 3 order by 1, 2, 3`,
    [play_id],
  )
}

/** SQL of a relation (enrolment_id, step, version, node): the steps of a play that did something for somebody. */
export const stepsDone = (play_id: string) => ({
  sql: `select s.enrolment_id, s.step, ${VERSION} as version, s.node from plays_steps s
    where s.play_id = $1 and s.outcome in ('done', 'done_late')`,
  params: [play_id],
})
