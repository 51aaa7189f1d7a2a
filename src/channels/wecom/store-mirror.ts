import { type Queryable, rows, run } from "../../platform/db.ts"
import type { Group, Relation } from "./rules.ts"

export async function relationsOf(
  q: Queryable,
  external_refs: readonly string[],
): Promise<Map<string, Map<string, Relation>>> {
  const held = await rows<Relation>(
    q,
    `select external_ref, account_ref, state, changed_at, digest from wecom_contacts
     where external_ref = any($1::text[])`,
    [external_refs],
  )
  const byPerson = new Map<string, Map<string, Relation>>(external_refs.map((ref) => [ref, new Map()]))
  for (const relation of held) byPerson.get(relation.external_ref)!.set(relation.account_ref, relation)
  return byPerson
}

export async function keepRelations(q: Queryable, relations: readonly Relation[]): Promise<void> {
  if (relations.length === 0) return
  await run(
    q,
    `insert into wecom_contacts (external_ref, account_ref, state, changed_at, digest)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::text[])
     on conflict (external_ref, account_ref) do update set
       state = excluded.state, changed_at = excluded.changed_at, digest = excluded.digest, heard_at = clock_timestamp()`,
    [
      relations.map((r) => r.external_ref),
      relations.map((r) => r.account_ref),
      relations.map((r) => r.state),
      relations.map((r) => r.changed_at.toISOString()),
      relations.map((r) => r.digest),
    ],
  )
}

export async function groupsOf(q: Queryable, chat_refs: readonly string[]): Promise<Map<string, Group>> {
  const held = await rows<Group>(
    q,
    `select chat_ref, state, version, expected_version, changed_at, digest, gaps from wecom_groups
     where chat_ref = any($1::text[])`,
    [chat_refs],
  )
  return new Map(held.map((group) => [group.chat_ref, group]))
}

export async function keepGroups(q: Queryable, groups: readonly Group[]): Promise<void> {
  if (groups.length === 0) return
  await run(
    q,
    `insert into wecom_groups (chat_ref, state, version, expected_version, changed_at, digest, gaps)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::int[])
     on conflict (chat_ref) do update set state = excluded.state, version = excluded.version,
       expected_version = excluded.expected_version, changed_at = excluded.changed_at, digest = excluded.digest,
       gaps = excluded.gaps, heard_at = clock_timestamp()`,
    [
      groups.map((g) => g.chat_ref),
      groups.map((g) => g.state),
      groups.map((g) => g.version),
      groups.map((g) => g.expected_version),
      groups.map((g) => g.changed_at.toISOString()),
      groups.map((g) => g.digest),
      groups.map((g) => g.gaps),
    ],
  )
}

/** Keeps the digest; true where it is another than before. */
export async function changedDigest(q: Queryable, name: string, digest: string, now: Date): Promise<boolean> {
  return (
    (await run(
      q,
      `insert into wecom_digests as d (name, digest, told_at) values ($1, $2, $3)
       on conflict (name) do update set digest = excluded.digest, told_at = excluded.told_at
       where d.digest <> excluded.digest`,
      [name, digest, now],
    )) === 1
  )
}
