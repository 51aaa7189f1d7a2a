import { oneRow, type Queryable, rows, run, type Tx } from "../../../platform/db.ts"
import type { ChannelGroup } from "../channel.ts"

export type Mirrored = {
  ref: string
  of: "group" | "tag"
  group_ref: string
  ours_id: string | null
  name: string
  position: number
  agreed: string | null
  made_by_us: boolean
  named_at: Date
  gone: boolean
  left_out: boolean
  refused_name: string | null
  refused_code: string | null
}
const MIRRORED = `ref, of, group_ref, ours_id, name, position, agreed, made_by_us, named_at, gone_at is not null as gone, left_out,
  refused_name, refused_code`

/** The channel's whole catalogue as it was last seen, with what is gone but still ours. */
export const mirrored = (q: Queryable): Promise<Mirrored[]> =>
  rows(
    q,
    `select ${MIRRORED} from tags_channel where gone_at is null or ours_id is not null order by position desc, ref`,
  )

export function mirroredAfter(q: Queryable, after: string | null, limit: number): Promise<Mirrored[]> {
  return rows(
    q,
    `select ${MIRRORED} from tags_channel where of = 'tag' and (gone_at is null or ours_id is not null) and ($1::text is null or ref > $1)
     order by ref limit $2`,
    [after, limit],
  )
}

/** Takes the catalogue down as it is seen now. */
export async function seeCatalogue(t: Tx, groups: readonly ChannelGroup[], now: Date): Promise<void> {
  const seen = groups.flatMap((g) => [
    { ref: g.group_ref, of: "group", group_ref: g.group_ref, name: g.name, position: g.order },
    ...g.tags.map((tag) => ({
      ref: tag.tag_ref,
      of: "tag",
      group_ref: g.group_ref,
      name: tag.name,
      position: tag.order,
    })),
  ])
  await run(
    t,
    `insert into tags_channel as c (ref, of, group_ref, name, position, named_at)
     select *, $6 from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[])
     on conflict (ref) do update set group_ref = excluded.group_ref, name = excluded.name, position = excluded.position, gone_at = null,
       named_at = case when c.name = excluded.name then c.named_at else excluded.named_at end`,
    [
      seen.map((s) => s.ref),
      seen.map((s) => s.of),
      seen.map((s) => s.group_ref),
      seen.map((s) => s.name),
      seen.map((s) => s.position),
      now,
    ],
  )
  await run(t, "update tags_channel set gone_at = $2 where gone_at is null and ref <> all($1)", [
    seen.map((s) => s.ref),
    now,
  ])
  await run(t, "update tags_sync set seen_at = $1", [now])
}

/** Takes the ties as they stand at ours, and what both call by one name as agreed: how it goes while nothing is brought to the channel. */
export async function followTies(t: Tx): Promise<void> {
  await run(
    t,
    `update tags_channel c set ours_id = o.id, agreed = case when o.name = c.name then c.name else c.agreed end
     from (select x.ref, coalesce(g.id, w.id) as id, coalesce(g.name, w.name) as name from tags_channel x
       left join tags_groups g on x.of = 'group' and g.channel_ref = x.ref left join tags_tags w on x.of = 'tag' and w.channel_ref = x.ref) o
     where o.ref = c.ref and (c.ours_id is distinct from o.id or c.agreed is distinct from o.name)`,
  )
}

export type Tie = { ref: string; ours_id: string | null; agreed: string | null }

/** Says to whom of ours these belong, and the name on which both agree. */
export async function setTies(t: Tx, ties: readonly Tie[]): Promise<void> {
  if (ties.length === 0) return
  await run(
    t,
    `update tags_channel c set ours_id = k.ours_id, agreed = k.agreed, refused_name = null, refused_code = null
     from unnest($1::text[], $2::uuid[], $3::text[]) k (ref, ours_id, agreed) where c.ref = k.ref`,
    [ties.map((x) => x.ref), ties.map((x) => x.ours_id), ties.map((x) => x.agreed)],
  )
}

export async function leaveOut(t: Tx, refs: readonly string[]): Promise<void> {
  await run(t, "update tags_channel set left_out = true, ours_id = null where ref = any($1)", [refs])
}

/** What was just made, or found there, through us. */
export async function insertMade(
  t: Tx,
  made: readonly Pick<Mirrored, "ref" | "of" | "group_ref" | "ours_id" | "name" | "made_by_us">[],
  now: Date,
): Promise<void> {
  if (made.length === 0) return
  await run(
    t,
    `insert into tags_channel as c (ref, of, group_ref, ours_id, name, position, agreed, made_by_us, named_at)
     select ref, of, group_ref, ours_id, name, 0, name, by_us, $7
     from unnest($1::text[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::boolean[]) k (ref, of, group_ref, ours_id, name, by_us)
     on conflict (ref) do update set ours_id = excluded.ours_id, name = excluded.name, agreed = excluded.agreed, gone_at = null,
       left_out = false, made_by_us = c.made_by_us or excluded.made_by_us`,
    [
      made.map((m) => m.ref),
      made.map((m) => m.of),
      made.map((m) => m.group_ref),
      made.map((m) => m.ours_id),
      made.map((m) => m.name),
      made.map((m) => m.made_by_us),
      now,
    ],
  )
}

export async function setRenamed(t: Tx, ref: string, name: string, now: Date): Promise<void> {
  await run(
    t,
    "update tags_channel set name = $2, agreed = $2, named_at = $3, refused_name = null, refused_code = null where ref = $1",
    [ref, name, now],
  )
}

export async function setRemoved(t: Tx, refs: readonly string[], now: Date): Promise<void> {
  await run(t, "update tags_channel set gone_at = $2, ours_id = null where ref = any($1)", [refs, now])
}

/** What the channel would not do through us is not asked of it again until we want something else. */
export async function setRefused(t: Tx, refs: readonly string[], name: string, code: string): Promise<void> {
  await run(t, "update tags_channel set refused_name = $2, refused_code = $3 where ref = any($1)", [
    refs,
    name,
    code,
  ])
}

type SyncState = { on: boolean; seen_at: Date | null; pushed_at: Date | null; problem: string | null }

export const syncState = (q: Queryable): Promise<SyncState> =>
  oneRow(q, `select is_on as "on", seen_at, pushed_at, problem from tags_sync`)

export async function saveSync(t: Tx, on: boolean, pushed: readonly string[]): Promise<void> {
  await run(t, "update tags_sync set is_on = $1, next_try_at = null", [on])
  await run(
    t,
    "update tags_groups set pushed = (id = any($1::uuid[])) where pushed <> (id = any($1::uuid[]))",
    [pushed],
  )
}
