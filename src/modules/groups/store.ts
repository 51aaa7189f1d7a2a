import { type Queryable, rows, run, type Tx } from "../../platform/db.ts"
import type { HeldMember } from "./rules.ts"

export type Group = {
  id: string
  channel: string
  channel_ref: string
  name: string
  owner_ref: string | null
  member_version: string
  seen_at: Date
  dismissed_at: Date | null
}

/** Locks and gives the groups of these references, made where unknown, in the order of their references. */
export async function lockGroups(
  t: Tx,
  channel: string,
  wanted: { id: string; ref: string }[],
  now: Date,
): Promise<{ groups: Map<string, Group>; made: string[] }> {
  const unique = [...new Map(wanted.map((w) => [w.ref, w])).values()].sort((a, b) => (a.ref < b.ref ? -1 : 1))
  const made = await rows<{ id: string }>(
    t,
    `insert into groups_groups (id, channel, channel_ref, seen_at, created_at)
     select id, $2, ref, 'epoch', $4 from unnest($1::uuid[], $3::text[]) as w (id, ref) on conflict do nothing returning id`,
    [unique.map((w) => w.id), channel, unique.map((w) => w.ref), now],
  )
  const found = await rows<Group>(
    t,
    `select id, channel, channel_ref, name, owner_ref, member_version, seen_at, dismissed_at from groups_groups
     where channel = $1 and channel_ref = any($2::text[]) order by channel_ref for update`,
    [channel, unique.map((w) => w.ref)],
  )
  return { groups: new Map(found.map((g) => [g.channel_ref, g])), made: made.map((m) => m.id) }
}

export function heldMembers(t: Tx, group_id: string): Promise<HeldMember[]> {
  return rows(t, "select member_ref, left_at, joined_at from groups_members where group_id = $1", [group_id])
}

export function saveGroup(
  t: Tx,
  id: string,
  g: {
    name: string
    owner_ref: string | null
    notice: string
    member_version: string
    at: Date
    created_at: Date
  },
): Promise<number> {
  return run(
    t,
    `update groups_groups set name = $2, owner_ref = $3, notice = $4, member_version = $5, seen_at = $6, created_at = $7
     where id = $1`,
    [id, g.name, g.owner_ref, g.notice, g.member_version, g.at, g.created_at],
  )
}

export function setDismissed(t: Tx, ids: string[], at: Date): Promise<number> {
  return run(
    t,
    "update groups_groups set dismissed_at = $2 where id = any($1::uuid[]) and dismissed_at is null",
    [ids, at],
  )
}

export type MemberRow = {
  group_id: string
  member_ref: string
  customer_id: string | null
  kind: "staff" | "external"
  name: string
  scene: string
  state: string | null
  invited_by_ref: string | null
  joined_at: Date
}

/** Writes members; gives those who are in by this and were not before. */
export async function upsertMembers(t: Tx, members: MemberRow[]): Promise<Set<string>> {
  const gone = new Set(
    (
      await rows<{ group_id: string; member_ref: string }>(
        t,
        `select m.group_id, m.member_ref from groups_members m
         join unnest($1::uuid[], $2::text[], $3::timestamptz[]) as g (group_id, member_ref, joined_at) using (group_id, member_ref)
         where m.left_at < g.joined_at`,
        [members.map((m) => m.group_id), members.map((m) => m.member_ref), members.map((m) => m.joined_at)],
      )
    ).map((r) => `${r.group_id}:${r.member_ref}`),
  )
  const written = await rows<{ group_id: string; member_ref: string; fresh: boolean; left_at: Date | null }>(
    t,
    `insert into groups_members as m (group_id, member_ref, customer_id, kind, name, scene, state, invited_by_ref, joined_at)
     select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::timestamptz[])
     on conflict (group_id, member_ref) do update set
       customer_id = coalesce(excluded.customer_id, m.customer_id),
       name = case when excluded.name = '' then m.name else excluded.name end,
       scene = case when excluded.scene = 'unknown' then m.scene else excluded.scene end,
       state = coalesce(excluded.state, m.state), invited_by_ref = coalesce(excluded.invited_by_ref, m.invited_by_ref),
       joined_at = case when m.left_at < excluded.joined_at then excluded.joined_at else m.joined_at end,
       left_at = case when m.left_at < excluded.joined_at then null else m.left_at end
     returning m.group_id, m.member_ref, (m.xmax = 0) as fresh, m.left_at`,
    [
      members.map((m) => m.group_id),
      members.map((m) => m.member_ref),
      members.map((m) => m.customer_id),
      members.map((m) => m.kind),
      members.map((m) => m.name),
      members.map((m) => m.scene),
      members.map((m) => m.state),
      members.map((m) => m.invited_by_ref),
      members.map((m) => m.joined_at),
    ],
  )
  return new Set(
    written
      .map((w) => ({ ...w, key: `${w.group_id}:${w.member_ref}` }))
      .filter((w) => w.left_at === null && (w.fresh || gone.has(w.key)))
      .map((w) => w.key),
  )
}

export function endMembers(
  t: Tx,
  ends: { group_id: string; member_ref: string; at: Date }[],
): Promise<{ group_id: string; member_ref: string; customer_id: string | null; at: Date }[]> {
  return rows(
    t,
    `update groups_members m set left_at = e.at
     from unnest($1::uuid[], $2::text[], $3::timestamptz[]) as e (group_id, member_ref, at)
     where m.group_id = e.group_id and m.member_ref = e.member_ref and m.left_at is null and m.joined_at <= e.at
     returning m.group_id, m.member_ref, m.customer_id, e.at`,
    [ends.map((e) => e.group_id), ends.map((e) => e.member_ref), ends.map((e) => e.at)],
  )
}

export type MessageRow = {
  group_id: string
  message_ref: string
  member_ref: string
  kind: string
  text: string
  sent_at: Date
}

/** Keeps messages; gives the references of those that were not known. */
export async function insertMessages(t: Tx, messages: MessageRow[]): Promise<Set<string>> {
  const kept = await rows<{ message_ref: string }>(
    t,
    `insert into groups_messages (group_id, message_ref, member_ref, kind, text, sent_at)
     select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
     on conflict do nothing returning message_ref`,
    [
      messages.map((m) => m.group_id),
      messages.map((m) => m.message_ref),
      messages.map((m) => m.member_ref),
      messages.map((m) => m.kind),
      messages.map((m) => m.text),
      messages.map((m) => m.sent_at),
    ],
  )
  return new Set(kept.map((k) => k.message_ref))
}

/** Counts what members said; gives the customer of each sender. */
export async function countSpoken(
  t: Tx,
  said: { group_id: string; member_ref: string; count: number; last: Date }[],
): Promise<Map<string, string>> {
  const found = await rows<{ group_id: string; member_ref: string; customer_id: string | null }>(
    t,
    `update groups_members m set messages = m.messages + s.count, last_spoke_at = greatest(m.last_spoke_at, s.last)
     from unnest($1::uuid[], $2::text[], $3::int[], $4::timestamptz[]) as s (group_id, member_ref, count, last)
     where m.group_id = s.group_id and m.member_ref = s.member_ref returning m.group_id, m.member_ref, m.customer_id`,
    [
      said.map((s) => s.group_id),
      said.map((s) => s.member_ref),
      said.map((s) => s.count),
      said.map((s) => s.last),
    ],
  )
  return new Map(
    found.flatMap((f) => (f.customer_id ? [[`${f.group_id}:${f.member_ref}`, f.customer_id]] : [])),
  )
}

export function messageRows(
  q: Queryable,
  group_id: string,
  before: { at: Date; ref: string } | null,
  limit: number,
) {
  return rows<{
    message_ref: string
    member_ref: string
    name: string
    kind: string
    text: string
    sent_at: Date
  }>(
    q,
    `select s.message_ref, s.member_ref, coalesce(m.name, '') as name, s.kind, s.text, s.sent_at
     from groups_messages s left join groups_members m using (group_id, member_ref)
     where s.group_id = $1 and ($2::timestamptz is null or (s.sent_at, s.message_ref) < ($2, $3::text))
     order by s.sent_at desc, s.message_ref desc limit $4`,
    [group_id, before?.at ?? null, before?.ref ?? "", limit],
  )
}

export type OwnedGroup = {
  id: string
  name: string
  channel: string
  channel_ref: string
  owner_ref: string | null
}

/** Groups that are open and owned by these accounts, in the channel's own words; null for all groups. */
export function groupsOwnedBy(
  q: Queryable,
  owner_refs: readonly string[] | null,
  limit: number,
): Promise<OwnedGroup[]> {
  return rows(
    q,
    `select id, name, channel, channel_ref, owner_ref from groups_groups
     where dismissed_at is null and ($1::text[] is null or owner_ref = any($1)) order by name, id limit $2`,
    [owner_refs, limit],
  )
}

/** Groups got other owners; a snapshot of the channel says the same later. */
export async function passGroups(
  t: Tx,
  passed: readonly { group_id: string; owner_ref: string }[],
): Promise<void> {
  await run(
    t,
    "update groups_groups g set owner_ref = p.owner_ref from unnest($1::uuid[], $2::text[]) p (id, owner_ref) where g.id = p.id",
    [passed.map((p) => p.group_id), passed.map((p) => p.owner_ref)],
  )
}

/** Members of groups under these names are whose the names are. */
export async function giveMembers(
  t: Tx,
  { from, into, names }: { from: string; into: string; names: readonly string[] },
): Promise<void> {
  await run(t, "update groups_members set customer_id = $1 where customer_id = $2 and member_ref = any($3)", [
    from,
    into,
    names,
  ])
}
