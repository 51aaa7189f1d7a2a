import { type Db, type Queryable, rows, type Tx } from "../../platform/db.ts"
import type { Fact, FactHandler } from "../facts/index.ts"
import { fits, type PlayNode } from "./definition.ts"
import { enter } from "./enter.ts"
import { type Enrolment, type Moved, write } from "./move.ts"
import type { PlayWorld } from "./step.ts"
import { type Active, activeVersions, typesOf } from "./store.ts"
import { arrive } from "./timing.ts"

/**
 * The handler by which facts begin, answer and stop plays. It reads only what some running play listens to: `refresh` (each
 * tick of the worker, and after publishing) looks which facts those are. `after` are those who publish traits: what a play asks
 * of a person is never older than the fact that brought the person in.
 */
export function playsHandler(
  world: PlayWorld,
  after: readonly FactHandler[] = [],
): FactHandler & { refresh(q: Queryable): Promise<void> } {
  let types: string[] = []
  return {
    name: "plays",
    get types() {
      return types
    },
    origins: "live",
    from: "now",
    after,
    async refresh(q) {
      types = typesOf(await activeVersions(q as Db))
    },
    async handle(t, facts, now) {
      const versions = await activeVersions(t)
      for (const version of versions) {
        await stopBy(t, world, version, facts, now)
        await answerBy(t, version, facts, now)
        await enterBy(t, version, facts, now)
      }
    },
  }
}

async function enterBy(t: Tx, version: Active, facts: readonly Fact[], now: Date): Promise<void> {
  const { entry } = version.definition
  if (version.state !== "published" || entry.on !== "fact") return
  await enter(
    t,
    version,
    facts
      .filter((f) => f.type === entry.fact && fits(f.payload, entry.where))
      .map((f) => ({ customer_id: f.subject, cause: `fact:${f.tx}/${f.id}`, anchor_at: f.occurred_at })),
    now,
  )
}

async function lockActive(t: Tx, version: Active, customer_ids: readonly string[]): Promise<Enrolment[]> {
  if (customer_ids.length === 0) return []
  return rows<Enrolment>(
    t,
    `select * from plays_enrolments where customer_id = any($1::uuid[]) and play_id = $2 and version = $3 and state = 'active'
     order by customer_id, entry for update`,
    [customer_ids, version.play_id, version.version],
  )
}

async function stopBy(
  t: Tx,
  world: PlayWorld,
  version: Active,
  facts: readonly Fact[],
  now: Date,
): Promise<void> {
  const rules = version.definition.stop.facts
  const telling = facts.filter((f) => rules.some((r) => r.fact === f.type && fits(f.payload, r.where)))
  const people = await lockActive(
    t,
    version,
    telling.map((f) => f.subject),
  )
  const stopped = people.flatMap((from): Moved[] => {
    const fact = telling.find((f) => f.subject === from.customer_id && f.occurred_at > from.anchor_at)
    if (!fact) return []
    const reason = `fact:${fact.type}`
    return [
      {
        from,
        place: { ended: "stopped", reason },
        outcome: "stopped",
        detail: { reason, at: fact.occurred_at.toISOString() },
      },
    ]
  })
  await write(t, version, stopped, now)
  for (const reason of new Set(stopped.map((m) => (m.place as { reason: string }).reason)))
    await world.onStopped(
      t,
      stopped.filter((m) => (m.place as { reason: string }).reason === reason).map((m) => m.from.id),
      reason,
      now,
    )
}

/** Who listens for a fact and hears it within their time goes on. */
async function answerBy(t: Tx, version: Active, facts: readonly Fact[], now: Date): Promise<void> {
  const listening = Object.entries(version.definition.nodes).filter(([, n]) => n.kind === "wait_for") as [
    string,
    Extract<PlayNode, { kind: "wait_for" }>,
  ][]
  const telling = facts.filter((f) =>
    listening.some(([, n]) => n.fact === f.type && fits(f.payload, n.where)),
  )
  const people = await lockActive(
    t,
    version,
    telling.map((f) => f.subject),
  )
  const answered = people.flatMap((from): Moved[] => {
    const node = version.definition.nodes[from.node]
    if (node?.kind !== "wait_for" || from.since === null) return []
    const { since } = from
    const fact = telling.find(
      (f) =>
        f.subject === from.customer_id &&
        f.type === node.fact &&
        fits(f.payload, node.where) &&
        f.occurred_at > since &&
        f.occurred_at <= from.due_at,
    )
    if (!fact) return []
    const place = arrive(version.definition, node.answered, from.anchor_at, fact.occurred_at)
    // what comes next begins at the next step, which also looks for facts that this batch does not hold
    return [
      {
        from,
        place: "ended" in place ? place : { ...place, ...stand(place) },
        outcome: "heard",
        detail: { at: fact.occurred_at.toISOString() },
      },
    ]
  })
  await write(t, version, answered, now)
}

function stand(place: { node: string; due_at: Date; since: Date | null }) {
  return place.since === null ? {} : { due_at: place.since, since: null }
}
