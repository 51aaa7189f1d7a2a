import { dayNumber } from "../../kernel/day.ts"
import { isRefused } from "../../kernel/result.ts"
import { type Db, rows, run, type Tx, tx } from "../../platform/db.ts"
import { isBlameless } from "../../platform/transient.ts"
import { matching, readAudience } from "../audiences/index.ts"
import type { ActionAsk, Registry } from "../offers/index.ts"
import type { PlayNode } from "./definition.ts"
import { factsSince, firstFactsSince } from "./heard.ts"
import { holdRunning } from "./hold.ts"
import { FAILURE_TEXT_MAX, STEP_BATCH, STEP_RETRY_MS, STEP_TRIES } from "./limits.ts"
import { type Enrolment, type Moved, write } from "./move.ts"
import { type Active, activeVersions } from "./store.ts"
import { arrive, lateness, type Place } from "./timing.ts"

/** What plays need from outside: the offers, and the hand that calls off what a stopped enrolment still intends. */
export type PlayWorld = {
  registry: Registry
  /** Called with the enrolments that were stopped, in the transaction that stops them. */
  onStopped(t: Tx, enrolment_ids: readonly string[], reason: string, now: Date): Promise<void>
}

/** Moves everybody who is due, node by node, until nobody is or `passes` are used up. Gives the number of moves. */
export async function stepPlays(db: Db, world: PlayWorld, now: Date, passes = 100): Promise<number> {
  let moved = 0
  for (let pass = 0; pass < passes; pass++) {
    const versions = await activeVersions(db)
    const due = await dueNodes(db, versions, now)
    let here = 0
    for (const { version, node } of due) here += await stepNode(db, world, version, node, now)
    moved += here
    if (here === 0) return moved
  }
  return moved
}

async function dueNodes(db: Db, versions: readonly Active[], now: Date) {
  const nodes = versions.flatMap((version) =>
    Object.keys(version.definition.nodes).map((node) => ({ version, node })),
  )
  const found = await rows<{ n: number }>(
    db,
    `select n::int from unnest($1::uuid[], $2::int[], $3::text[]) with ordinality as x (play_id, version, node, n)
     where exists (select from plays_enrolments e where (e.play_id, e.version, e.node) = (x.play_id, x.version, x.node)
       and e.state = 'active' and e.due_at <= $4 and (e.retry_at is null or e.retry_at <= clock_timestamp())) order by n`,
    [nodes.map((n) => n.version.play_id), nodes.map((n) => n.version.version), nodes.map((n) => n.node), now],
  )
  return found.map(({ n }) => nodes[n - 1]!)
}

/** One step of one node for up to 5,000 people, in one transaction; where that fails, one by one, so that only the culprit waits. */
async function stepNode(db: Db, world: PlayWorld, version: Active, node: string, now: Date): Promise<number> {
  try {
    return await tx(db, async (t) => {
      if (!(await holdRunning(t, version.play_id))) return 0
      const people = await lockDue(t, version, node, now)
      await decideAndMove(t, world, version, node, people, now)
      return people.length
    })
  } catch (failure) {
    if (isBlameless(failure)) throw failure
    return tx(db, async (t) => {
      if (!(await holdRunning(t, version.play_id))) return 0
      const people = await lockDue(t, version, node, now)
      for (const one of people) await tryOne(t, world, version, node, one, now)
      return people.length
    })
  }
}

function lockDue(t: Tx, version: Active, node: string, now: Date): Promise<Enrolment[]> {
  return rows<Enrolment>(
    t,
    `select * from plays_enrolments where play_id = $1 and version = $2 and node = $3 and state = 'active' and due_at <= $4
       and (retry_at is null or retry_at <= clock_timestamp())
     order by due_at limit $5 for update skip locked`,
    [version.play_id, version.version, node, now, STEP_BATCH],
  )
}

async function tryOne(t: Tx, world: PlayWorld, version: Active, node: string, one: Enrolment, now: Date) {
  await t.query("savepoint one")
  try {
    await decideAndMove(t, world, version, node, [one], now)
    await t.query("release savepoint one")
  } catch (error) {
    if (isBlameless(error)) throw error
    await t.query("rollback to savepoint one")
    const message = (error instanceof Error ? error.message : String(error)).slice(0, FAILURE_TEXT_MAX)
    if (one.attempts + 1 >= STEP_TRIES)
      return write(
        t,
        version,
        [{ from: one, place: { ended: "failed", reason: message }, outcome: "failed", detail: { message } }],
        now,
      )
    await run(
      t,
      `update plays_enrolments set attempts = attempts + 1, retry_at = clock_timestamp() + $4 * interval '1 ms', reason = $5
       where customer_id = $1 and play_id = $2 and entry = $3`,
      [one.customer_id, one.play_id, one.entry, STEP_RETRY_MS * 2 ** one.attempts, message],
    )
  }
}

async function decideAndMove(
  t: Tx,
  world: PlayWorld,
  version: Active,
  name: string,
  people: Enrolment[],
  now: Date,
) {
  if (people.length === 0) return
  const node = version.definition.nodes[name]!
  const { stopped, going } = await sortOutStopped(t, world, version, people, now)
  const moved = await decide(t, world, version, name, node, going, now)
  const settled = await listenersThatHeard(t, version, moved)
  await write(t, version, [...stopped, ...settled], now)
  await tellStopped(t, world, [...stopped, ...settled], now)
}

/** Whatever ends a play ends what it still intended; each reason in one call. */
async function tellStopped(t: Tx, world: PlayWorld, moved: readonly Moved[], now: Date): Promise<void> {
  const byReason = new Map<string, string[]>()
  for (const m of moved)
    if ("ended" in m.place && m.place.ended === "stopped" && m.outcome === "stopped") {
      const reason = m.place.reason ?? "stopped"
      byReason.set(reason, [...(byReason.get(reason) ?? []), m.from.id])
    }
  for (const [reason, ids] of byReason) await world.onStopped(t, ids, reason, now)
}

/** The stop rules, asked at every step: a fact that no handler has read yet counts too. */
async function sortOutStopped(t: Tx, world: PlayWorld, version: Active, people: Enrolment[], now: Date) {
  const { stop, condition } = version.definition
  const reasons = new Map<string, string>()
  for (const { fact, where } of stop.facts)
    for (const id of await factsSince(
      t,
      fact,
      where,
      people.map((p) => ({ ...p, since: p.anchor_at })),
    ))
      if (!reasons.has(id)) reasons.set(id, `fact:${fact}`)
  if (stop.condition) {
    const matched = await holdsFor(t, world.registry, stop.condition, people, now)
    for (const p of people)
      if (matched.has(p.customer_id) && !reasons.has(p.id)) reasons.set(p.id, "condition")
  }
  const fresh = condition ? people.filter((p) => p.step === 0 && !reasons.has(p.id)) : []
  if (condition && fresh.length > 0) {
    const matched = await holdsFor(t, world.registry, condition, fresh, now)
    for (const p of fresh) if (!matched.has(p.customer_id)) reasons.set(p.id, "entry_condition")
  }
  const stopped = people
    .filter((p) => reasons.has(p.id))
    .map(
      (from): Moved => ({
        from,
        place: { ended: "stopped", reason: reasons.get(from.id)! },
        outcome: "stopped",
        detail: { reason: reasons.get(from.id) },
      }),
    )
  return { stopped, going: people.filter((p) => !reasons.has(p.id)) }
}

async function holdsFor(
  t: Tx,
  registry: Registry,
  tree: unknown,
  people: readonly Enrolment[],
  now: Date,
): Promise<Set<string>> {
  const audience = await readAudience(t, registry, tree, { day: dayNumber(now) })
  if (isRefused(audience))
    throw new Error(`the play's condition cannot be asked: ${audience.refused} ${audience.field ?? ""}`)
  return matching(
    t,
    audience,
    people.map((p) => p.customer_id),
  )
}

async function decide(
  t: Tx,
  world: PlayWorld,
  version: Active,
  name: string,
  node: PlayNode,
  people: Enrolment[],
  now: Date,
): Promise<Moved[]> {
  const play = version.definition
  const onward = (from: Enrolment, next: string | null): Place =>
    arrive(play, next, from.anchor_at, from.due_at)
  switch (node.kind) {
    case "action":
      return act(t, world, version, name, node, people, now)
    case "branch": {
      const yes = await holdsFor(t, world.registry, node.condition, people, now)
      return people.map((from) => {
        const answer = yes.has(from.customer_id)
        return { from, place: onward(from, answer ? node.yes : node.no), outcome: answer ? "yes" : "no" }
      })
    }
    case "wait_for": {
      const listened = people.flatMap((p) => (p.since === null ? [] : [{ ...p, since: p.since }]))
      const heard = await firstFactsSince(t, node.fact, node.where, listened)
      return people.map((from) => {
        const at = heard.get(from.id)
        if (from.since === null) return { from, place: onward(from, name), outcome: "listens" }
        if (!at) return { from, place: onward(from, node.otherwise), outcome: "timeout" }
        const detail = { at: at.toISOString() }
        return { from, place: arrive(play, node.answered, from.anchor_at, at), outcome: "heard", detail }
      })
    }
    default:
      return people.map((from) => ({ from, place: onward(from, name), outcome: "passed" }))
  }
}

async function act(
  t: Tx,
  world: PlayWorld,
  version: Active,
  name: string,
  node: Extract<PlayNode, { kind: "action" }>,
  people: Enrolment[],
  now: Date,
): Promise<Moved[]> {
  const play = version.definition
  const late = new Map(people.map((p) => [p.id, lateness(p.due_at, now, play)]))
  const doing = people.filter((p) => late.get(p.id) !== "over")
  const offer = world.registry.actions.get(node.action.offer)
  if (!offer) throw new Error(`nobody offers ${node.action.offer} any more`)
  const asks = doing.map(
    (p): ActionAsk<unknown> => ({
      key: `${p.id}/${name}/${p.step}`,
      customer_id: p.customer_id,
      args: node.action.args,
      cause: { kind: "play", id: p.id },
    }),
  )
  const answers = asks.length === 0 ? [] : await offer.perform(t, asks, now)
  const answerOf = new Map(doing.map((p, i) => [p.id, answers[i] ?? {}]))
  return people.map((from) => {
    const answer = answerOf.get(from.id)
    const place = arrive(play, node.next, from.anchor_at, from.due_at)
    if (!answer) return { from, place, outcome: "missed", detail: { window_minutes: play.window_minutes } }
    if (isRefused(answer))
      return { from, place, outcome: "refused", detail: answer as Record<string, unknown> }
    return { from, place, outcome: late.get(from.id) === "late" ? "done_late" : "done", detail: answer }
  })
}

/** Who comes to a wait for a fact that has happened already goes on at once: nothing falls between two steps. */
async function listenersThatHeard(t: Tx, version: Active, moved: Moved[]): Promise<Moved[]> {
  const play = version.definition
  let open = moved
  const settled: Moved[] = []
  while (open.length > 0) {
    const listening = open.filter((m) => !("ended" in m.place) && m.place.since !== null)
    settled.push(...open.filter((m) => !listening.includes(m)))
    open = []
    for (const name of new Set(listening.map((m) => (m.place as { node: string }).node))) {
      const node = play.nodes[name] as Extract<PlayNode, { kind: "wait_for" }>
      const here = listening.filter((m) => (m.place as { node: string }).node === name)
      const heard = await firstFactsSince(
        t,
        node.fact,
        node.where,
        here.map((m) => ({
          id: m.from.id,
          customer_id: m.from.customer_id,
          ...(m.place as { since: Date; due_at: Date }),
        })),
      )
      for (const m of here) {
        const at = heard.get(m.from.id)
        if (!at) settled.push(m)
        else
          open.push({
            ...m,
            place: arrive(play, node.answered, m.from.anchor_at, at),
            heard: [...(m.heard ?? []), { node: name, at }],
          })
      }
    }
  }
  return settled
}
