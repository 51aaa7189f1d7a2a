import { type Queryable, rows, run, type Tx } from "../../platform/db.ts"
import type { NamedTag } from "./import/names.ts"

export type GroupRow = {
  id: string
  name: string
  dimension: string
  exclusive: boolean
  required: boolean
  roles: string[] | null
  position: number
  channel_ref: string | null
  /** Its new tags are made in the channel too. */
  pushed: boolean
  /** Who last changed its name, and when. */
  changed_at: Date | null
  changed_by: string | null
}
export type TagRow = {
  id: string
  group_id: string
  name: string
  definition: string
  example: string
  position: number
  channel_ref: string | null
  from_channel: boolean
  retired_at: Date | null
  replaced_by: string | null
  changed_at: Date | null
  changed_by: string | null
}

export function groupRows(q: Queryable): Promise<GroupRow[]> {
  return rows(
    q,
    "select id, name, dimension, exclusive, required, roles, position, channel_ref, pushed, changed_at, changed_by from tags_groups order by position, id",
  )
}

export function tagRows(q: Queryable): Promise<TagRow[]> {
  return rows(
    q,
    `select id, group_id, name, definition, example, position, channel_ref, from_channel, retired_at, replaced_by, changed_at, changed_by
     from tags_tags order by position, id`,
  )
}

/** All tags, the retired too, with the names by which people write them down. */
export function namedTags(q: Queryable): Promise<NamedTag[]> {
  return rows(
    q,
    `select t.id, t.group_id, t.name, g.name as group, g.exclusive, t.retired_at is not null as retired, t.replaced_by, t.from_channel, g.roles
     from tags_tags t join tags_groups g on g.id = t.group_id order by t.id`,
  )
}

export type NewGroup = Omit<GroupRow, "required" | "roles" | "pushed" | "changed_at" | "changed_by">

export function insertGroups(t: Tx, groups: readonly NewGroup[], now: Date): Promise<number> {
  return run(
    t,
    `insert into tags_groups (id, name, dimension, exclusive, position, channel_ref, created_at)
     select *, $7 from unnest($1::uuid[], $2::text[], $3::text[], $4::boolean[], $5::int[], $6::text[])`,
    [
      groups.map((g) => g.id),
      groups.map((g) => g.name),
      groups.map((g) => g.dimension),
      groups.map((g) => g.exclusive),
      groups.map((g) => g.position),
      groups.map((g) => g.channel_ref),
      now,
    ],
  )
}

export function changeGroup(
  t: Tx,
  g: { id: string; name: string; required: boolean; roles: readonly string[] | null },
  by: string | null,
  now: Date,
): Promise<number> {
  return run(
    t,
    `update tags_groups set name = $2, required = $3, roles = $4, changed_at = case when name = $2 then changed_at else $6 end,
       changed_by = case when name = $2 then changed_by else $5 end where id = $1`,
    [g.id, g.name, g.required, g.roles, by, now],
  )
}

export type NewTag = Pick<
  TagRow,
  "id" | "group_id" | "name" | "definition" | "example" | "position" | "channel_ref" | "from_channel"
>

export function insertTags(t: Tx, tags: readonly NewTag[], now: Date): Promise<number> {
  return run(
    t,
    `insert into tags_tags (id, group_id, name, definition, example, position, channel_ref, from_channel, created_at)
     select *, $9 from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::int[], $7::text[], $8::boolean[])`,
    [
      tags.map((g) => g.id),
      tags.map((g) => g.group_id),
      tags.map((g) => g.name),
      tags.map((g) => g.definition),
      tags.map((g) => g.example),
      tags.map((g) => g.position),
      tags.map((g) => g.channel_ref),
      tags.map((g) => g.from_channel),
      now,
    ],
  )
}

/** Ties groups and tags to the channel's own, or unties them (null). */
export async function tie(
  t: Tx,
  table: "tags_groups" | "tags_tags",
  ties: readonly { id: string; channel_ref: string | null }[],
): Promise<void> {
  if (ties.length === 0) return
  await run(
    t,
    `update ${table} x set channel_ref = k.ref from unnest($1::uuid[], $2::text[]) as k (id, ref) where x.id = k.id`,
    [ties.map((x) => x.id), ties.map((x) => x.channel_ref)],
  )
}

export function renameTags(
  t: Tx,
  renamed: readonly { id: string; name: string }[],
  by: string | null,
  now: Date,
): Promise<number> {
  return run(
    t,
    `update tags_tags x set name = k.name, changed_at = $4, changed_by = $3
     from unnest($1::uuid[], $2::text[]) as k (id, name) where x.id = k.id`,
    [renamed.map((x) => x.id), renamed.map((x) => x.name), by, now],
  )
}

export function describeTag(t: Tx, id: string, definition: string, example: string): Promise<number> {
  return run(t, "update tags_tags set definition = $2, example = $3 where id = $1", [id, definition, example])
}

export function retireTags(
  t: Tx,
  ids: readonly string[],
  replaced_by: string | null,
  by: string | null,
  now: Date,
): Promise<number> {
  return run(
    t,
    `update tags_tags set retired_at = $3, replaced_by = $2, channel_ref = null, changed_at = $3, changed_by = $4
     where id = any($1::uuid[]) and retired_at is null`,
    [ids, replaced_by, now, by],
  )
}

export type ProposalRow = {
  id: string
  body: unknown
  reason: string
  proposed_by: string
  proposed_at: Date
  decided_by: string | null
  decided_at: Date | null
  accepted: boolean | null
  note: string
}

export function proposalRows(q: Queryable, limit: number): Promise<ProposalRow[]> {
  return rows(
    q,
    `select id, body, reason, proposed_by, proposed_at, decided_by, decided_at, accepted, note from tags_proposals
     order by (decided_at is not null), proposed_at desc, id desc limit $1`,
    [limit],
  )
}

export async function lockProposal(t: Tx, id: string): Promise<ProposalRow | undefined> {
  const [found] = await rows<ProposalRow>(t, "select * from tags_proposals where id = $1 for update", [id])
  return found
}

export function insertProposal(
  t: Tx,
  p: { id: string; body: unknown; reason: string; by: string; at: Date },
): Promise<number> {
  return run(
    t,
    "insert into tags_proposals (id, body, reason, proposed_by, proposed_at) values ($1, $2, $3, $4, $5)",
    [p.id, JSON.stringify(p.body), p.reason, p.by, p.at],
  )
}

export function decideProposal(
  t: Tx,
  d: { id: string; accepted: boolean; note: string; by: string; at: Date },
): Promise<number> {
  return run(
    t,
    "update tags_proposals set accepted = $2, note = $3, decided_by = $4, decided_at = $5 where id = $1",
    [d.id, d.accepted, d.note, d.by, d.at],
  )
}

export async function proposalIs(q: Queryable, id: string): Promise<boolean> {
  return (await rows(q, "select 1 from tags_proposals where id = $1", [id])).length > 0
}
