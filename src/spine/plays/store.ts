import { dayNumber } from "../../kernel/day.ts"
import { newId } from "../../kernel/ids.ts"
import { isRefused, type Refusal, refuse } from "../../kernel/result.ts"
import { maybeRow, oneRow, type Queryable, rows, run, type Tx } from "../../platform/db.ts"
import { readAudience } from "../audiences/index.ts"
import type { Registry } from "../offers/index.ts"
import { factsOf, isFollowed, type PlayDefinition, readDefinition } from "./definition.ts"
import { endingOf } from "./end.ts"
import { followFromNow } from "./follow.ts"
import { PLAYS_MAX, VERSIONS_SHOWN } from "./limits.ts"

export type Play = { id: string; slug: string | null; name: string; running: boolean; created_at: Date }
export type Version = {
  play_id: string
  version: number
  state: "draft" | "published" | "retired"
  definition: PlayDefinition
  /** Which saving this is, from 1. */
  revision: number
  author_id: string | null
  saved_at: Date
  published_at: Date | null
}

/** Makes a play without a version; a slug that exists gives the play that has it. */
export async function createPlay(
  t: Tx,
  play: { name: string; slug?: string | null },
  now: Date,
): Promise<string> {
  const made = await oneRow<{ id: string }>(
    t,
    `insert into plays_plays (id, slug, name, created_at) values ($1, $2, $3, $4)
     on conflict (slug) do update set slug = excluded.slug returning id`,
    [newId(now.getTime()), play.slug ?? null, play.name, now],
  )
  return made.id
}

/** Which saving of which version somebody looked at. */
export type Saving = { version: number; revision: number }

/**
 * Saves a definition as the play's draft: the one that stands, or a new version. Refused (`version_changed`) where it is based on
 * something that is not the newest any more.
 */
export async function saveDraft(
  t: Tx,
  registry: Registry,
  draft: {
    play_id: string
    definition: unknown
    author_id: string | null
    name?: string | undefined
    based_on?: Saving | undefined
  },
  now: Date,
): Promise<Saving | Refusal> {
  const definition = checkDefinition(registry, draft.definition)
  if (isRefused(definition)) return definition
  const play = await maybeRow(t, "select 1 from plays_plays where id = $1 for update", [draft.play_id])
  if (!play) return refuse("not_found")
  const newest = draft.based_on && (await newestOf(t, draft.play_id))
  if (newest && (newest.version !== draft.based_on?.version || newest.revision !== draft.based_on.revision))
    return refuse("version_changed", { detail: { ...newest } })
  if (isFollowed(definition)) {
    const audience = await readAudience(t, registry, definition.entry.tree, { day: dayNumber(now) })
    if (isRefused(audience))
      return { ...audience, field: ["entry.tree", audience.field].filter(Boolean).join(".") }
    if (audience.views.length > 0) return refuse("play_not_followed", { field: "entry.tree" })
  }
  if (draft.name) await run(t, "update plays_plays set name = $2 where id = $1", [draft.play_id, draft.name])
  return oneRow<Saving>(
    t,
    `insert into plays_versions as v (play_id, version, state, definition, author_id, saved_at)
     select $1, coalesce((select version from plays_versions where play_id = $1 and state = 'draft'),
       (select max(version) + 1 from plays_versions where play_id = $1), 1), 'draft', $2, $3, $4
     on conflict (play_id, version) do update set definition = excluded.definition, author_id = excluded.author_id, saved_at = excluded.saved_at,
       revision = v.revision + 1
     returning version, revision`,
    [draft.play_id, JSON.stringify(definition), draft.author_id, now],
  )
}

function newestOf(t: Tx, play_id: string): Promise<Saving | undefined> {
  return maybeRow<Saving>(
    t,
    "select version, revision from plays_versions where play_id = $1 order by version desc limit 1",
    [play_id],
  )
}

/** A definition whose ways, rules and actions all exist, with current arguments. */
export function checkDefinition(registry: Registry, raw: unknown): PlayDefinition | Refusal {
  const play = readDefinition(raw)
  if (isRefused(play)) return play
  for (const [name, node] of Object.entries(play.nodes)) {
    if (node.kind !== "action") continue
    const offer = registry.actions.get(node.action.offer)
    if (!offer || offer.version !== node.action.version)
      return refuse("play_action_unknown", { field: `nodes.${name}`, detail: { offer: node.action.offer } })
    const args = offer.args.safeParse(node.action.args)
    if (!args.success) {
      const issue = args.error.issues[0]
      return refuse("play_invalid", {
        field: `nodes.${name}.action.args.${issue?.path.join(".") ?? ""}`,
        detail: { problem: issue?.message ?? "" },
      })
    }
  }
  return play
}

/**
 * New people enter this version from now on; the one before keeps those inside. Publishing what is published changes nothing.
 * `revision` is the saving that was read: a later one is refused (`version_changed`).
 */
export async function publishVersion(
  t: Tx,
  play_id: string,
  version: number,
  now: Date,
  revision?: number,
): Promise<
  { version: number } | Refusal<"not_found" | "version_retired" | "version_changed" | "play_ending">
> {
  const play = await maybeRow<Play>(t, "select * from plays_plays where id = $1 for update", [play_id])
  const found = await maybeRow<Version>(
    t,
    "select * from plays_versions where play_id = $1 and version = $2",
    [play_id, version],
  )
  if (!play || !found) return refuse("not_found")
  if (found.state === "retired") return refuse("version_retired")
  if (await endingOf(t, play_id)) return refuse("play_ending")
  if (revision !== undefined && found.revision !== revision)
    return refuse("version_changed", { detail: { version, revision: found.revision } })
  if (found.state === "draft") {
    await run(t, "update plays_versions set state = 'retired' where play_id = $1 and state = 'published'", [
      play_id,
    ])
    await run(
      t,
      "update plays_versions set state = 'published', published_at = $3 where play_id = $1 and version = $2",
      [play_id, version, now],
    )
  }
  await run(t, "update plays_plays set running = true where id = $1", [play_id])
  if (isFollowed(found.definition) && (found.state === "draft" || !play.running))
    await followFromNow(t, play_id, version, now)
  return { version }
}

/**
 * A play that is switched off lets nobody in and moves nobody; switched on, it goes on where it stood. Who came to match while it
 * was off does not enter. Refused (`play_ending`) while people are led out of it.
 */
export async function setRunning(
  t: Tx,
  play_id: string,
  running: boolean,
  now: Date,
): Promise<{ running: boolean } | Refusal<"not_found" | "play_ending">> {
  const play = await maybeRow<Play>(t, "select * from plays_plays where id = $1 for update", [play_id])
  if (!play) return refuse("not_found")
  if (running && (await endingOf(t, play_id))) return refuse("play_ending")
  await run(t, "update plays_plays set running = $2 where id = $1", [play_id, running])
  const published = (await versionsOf(t, play_id)).find((v) => v.state === "published")
  if (running && !play.running && published && isFollowed(published.definition))
    await followFromNow(t, play_id, published.version, now)
  return { running }
}

export function allPlays(
  q: Queryable,
): Promise<
  (Play & { published: number | null; active: number; done: number; stopped: number; failed: number })[]
> {
  return rows(
    q,
    `select p.*, v.version as published, e.active, e.done, e.stopped, e.failed from plays_plays p
     left join plays_versions v on v.play_id = p.id and v.state = 'published'
     left join lateral (select count(*) filter (where state = 'active')::int as active, count(*) filter (where state = 'done')::int as done,
       count(*) filter (where state = 'stopped')::int as stopped, count(*) filter (where state = 'failed')::int as failed
       from plays_enrolments e where e.play_id = p.id) e on true
     order by p.created_at, p.id limit $1`,
    [PLAYS_MAX],
  )
}

export function playById(q: Queryable, id: string): Promise<Play | undefined> {
  return maybeRow(q, "select * from plays_plays where id = $1", [id])
}

export function playBySlug(q: Queryable, slug: string): Promise<Play | undefined> {
  return maybeRow(q, "select * from plays_plays where slug = $1", [slug])
}

export function versionsOf(q: Queryable, play_id: string): Promise<Version[]> {
  return rows(
    q,
    `select play_id, version, state, definition, revision, author_id, saved_at, published_at from plays_versions
     where play_id = $1 order by version desc limit $2`,
    [play_id, VERSIONS_SHOWN],
  )
}

export type Active = { play_id: string; version: number; state: string; definition: PlayDefinition }

/** Versions of running plays that people may be in: the published ones, and older ones that still have somebody. */
export function activeVersions(q: Queryable): Promise<Active[]> {
  return rows(
    q,
    `select v.play_id, v.version, v.state, v.definition from plays_versions v join plays_plays p on p.id = v.play_id and p.running
     where v.state = 'published' or v.state = 'retired' and exists (
       select from plays_enrolments e where e.play_id = v.play_id and e.version = v.version and e.state = 'active')`,
  )
}

export function typesOf(versions: readonly Active[]): string[] {
  return [...new Set(versions.flatMap((v) => factsOf(v.definition)))].sort()
}

export type NodeCount = { version: number; node: string; waiting: number; due_next: Date | null }

/** Who stands where now. */
export function standingOf(q: Queryable, play_id: string): Promise<NodeCount[]> {
  return rows<NodeCount>(
    q,
    `select version, node, count(*)::int as waiting, min(due_at) as due_next from plays_enrolments
     where play_id = $1 and state = 'active' group by 1, 2 order by 1, 2`,
    [play_id],
  )
}

/** Plays of which a version in use or in the making names any of these things by id. */
export function playsNaming(q: Queryable, ids: readonly string[]): Promise<{ id: string; name: string }[]> {
  return rows(
    q,
    `select p.id, p.name from plays_plays p where exists (
       select from plays_versions v where v.play_id = p.id and v.definition::text like any($1)
         and (v.state in ('draft', 'published') or exists (
           select from plays_enrolments e where e.play_id = v.play_id and e.version = v.version and e.state = 'active')))
     order by p.created_at, p.id limit $2`,
    [ids.map((id) => `%"${id}"%`), PLAYS_MAX],
  )
}
