import { maybeRow, named, type Queryable, rows, run, type Tx } from "../../platform/db.ts"
import type { Role } from "./shared.ts"

export type Member = {
  id: string
  name: string
  role: Role
  status: "active" | "disabled" | "leaving" | "left"
  login: string | null
  password_hash: string | null
  must_change_password: boolean
  team_id: string | null
  /** How the channel knows this person. */
  channel_ref: string | null
  /** When the channel said that they are gone. */
  gone_at: Date | null
  failed_logins: number
  locked_until: Date | null
}

const MEMBER =
  "id, name, role, status, login, password_hash, must_change_password, team_id, channel_ref, gone_at, failed_logins, locked_until"

/** Asked at every request of a person: prepared. */
export const memberById = async (q: Queryable, id: string): Promise<Member | undefined> =>
  (await named<Member>(q, "member_by_id", `select ${MEMBER} from staff_members where id = $1`, [id]))[0]
export const memberByLogin = (q: Queryable, login: string) =>
  maybeRow<Member>(q, `select ${MEMBER} from staff_members where login = $1`, [login])
export const memberByRef = (q: Queryable, ref: string) =>
  maybeRow<Member>(q, `select ${MEMBER} from staff_members where channel_ref = $1`, [ref])
/** Whether there ever was an owner, at work or not. */
export const hasOwner = async (q: Queryable) =>
  (await maybeRow(q, "select 1 from staff_members where role = 'owner' limit 1")) !== undefined
/** The owner in whose name the command line acts: the first who still works here. */
export const firstOwner = (q: Queryable) =>
  maybeRow<{ id: string }>(
    q,
    "select id from staff_members where role = 'owner' and status = 'active' order by created_at, id limit 1",
  )
/** The first at work of those roles but one, the role named first before the others; null where there is nobody. */
export async function firstOfRoles(
  q: Queryable,
  roles: readonly Role[],
  but: string | null = null,
): Promise<string | null> {
  const found = await maybeRow<{ id: string }>(
    q,
    `select id from staff_members where role = any($1::text[]) and status = 'active' and id is distinct from $2::uuid
     order by array_position($1::text[], role), created_at, id limit 1`,
    [roles, but],
  )
  return found?.id ?? null
}
export const memberForUpdate = (t: Tx, id: string) =>
  maybeRow<Member>(t, `select ${MEMBER} from staff_members where id = $1 for update`, [id])

export async function teamMembers(q: Queryable, team_id: string): Promise<string[]> {
  return (await rows<{ id: string }>(q, "select id from staff_members where team_id = $1", [team_id])).map(
    (r) => r.id,
  )
}

/** What somebody is here; null for who is gone. */
export async function roleOfStaff(q: Queryable, id: string): Promise<Role | null> {
  return (
    (await maybeRow<{ role: Role }>(q, "select role from staff_members where id = $1", [id]))?.role ?? null
  )
}

/** The team of everybody who works here; null where somebody has none. */
export async function teamOfStaff(q: Queryable): Promise<Map<string, string | null>> {
  const found = await rows<{ id: string; team_id: string | null }>(q, "select id, team_id from staff_members")
  return new Map(found.map((r) => [r.id, r.team_id]))
}

export type StaffRow = {
  id: string
  name: string
  position: string
  role: Role
  status: Member["status"]
  login: string | null
  team_id: string | null
  team_name: string | null
  channel_ref: string | null
}

export const staffRows = (q: Queryable, limit: number) =>
  rows<StaffRow>(
    q,
    `select m.id, m.name, m.position, m.role, m.status, m.login, m.team_id, t.name as team_name, m.channel_ref
     from staff_members m left join staff_teams t on t.id = m.team_id order by m.status, m.name limit $1`,
    [limit],
  )
export const teams = (q: Queryable) =>
  rows<{ id: string; name: string }>(q, "select id, name from staff_teams order by name")

export async function namesOf(q: Queryable, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const found = await rows<{ id: string; name: string }>(
    q,
    "select id, name from staff_members where id = any($1::uuid[])",
    [[...new Set(ids)]],
  )
  return new Map(found.map((r) => [r.id, r.name]))
}

export async function idsByRef(q: Queryable, refs: string[]): Promise<Map<string, string>> {
  const found = await rows<{ id: string; channel_ref: string }>(
    q,
    "select id, channel_ref from staff_members where channel_ref = any($1::text[])",
    [[...new Set(refs)]],
  )
  return new Map(found.map((r) => [r.channel_ref, r.id]))
}

/** People at work by their names; a name that two have is nobody's. */
export async function idsByName(q: Queryable, names: readonly string[]): Promise<Map<string, string>> {
  const found = await rows<{ id: string; name: string }>(
    q,
    `select min(id::text) as id, name from staff_members where name = any($1::text[]) and status = 'active'
     group by name having count(*) = 1`,
    [[...new Set(names)]],
  )
  return new Map(found.map((r) => [r.name, r.id]))
}

export function noteFailedLogin(q: Queryable, id: string, locked_until: Date | null): Promise<number> {
  return run(
    q,
    "update staff_members set failed_logins = failed_logins + 1, locked_until = $2 where id = $1",
    [id, locked_until],
  )
}
export function clearFailedLogins(q: Queryable, id: string): Promise<number> {
  return run(
    q,
    "update staff_members set failed_logins = 0, locked_until = null where id = $1 and failed_logins > 0",
    [id],
  )
}
export function setPassword(
  q: Queryable,
  id: string,
  password_hash: string,
  must_change: boolean,
): Promise<number> {
  return run(
    q,
    "update staff_members set password_hash = $2, must_change_password = $3, failed_logins = 0, locked_until = null where id = $1",
    [id, password_hash, must_change],
  )
}

export function insertMember(
  q: Queryable,
  m: {
    id: string
    name: string
    role: Role
    login: string | null
    password_hash: string | null
    must_change: boolean
    now: Date
  },
): Promise<number> {
  return run(
    q,
    `insert into staff_members (id, name, role, status, login, password_hash, must_change_password, created_at)
     values ($1, $2, $3, 'active', $4, $5, $6, $7) on conflict (login) do nothing`,
    [m.id, m.name, m.role, m.login, m.password_hash, m.must_change, m.now],
  )
}

export function updateMember(
  q: Queryable,
  id: string,
  m: { name: string; role: Role; status: string; login: string | null; team_id: string | null },
): Promise<number> {
  return run(
    q,
    "update staff_members set name = $2, role = $3, status = $4, login = $5, team_id = $6 where id = $1",
    [id, m.name, m.role, m.status, m.login, m.team_id],
  )
}

export async function teamByName(q: Queryable, id: string, name: string, now: Date): Promise<string> {
  await run(q, "insert into staff_teams (id, name, created_at) values ($1, $2, $3) on conflict do nothing", [
    id,
    name,
    now,
  ])
  return (await rows<{ id: string }>(q, "select id from staff_teams where name = $1", [name]))[0]!.id
}

/** Owners who can sign in, other than one. */
export async function otherOwners(q: Queryable, id: string): Promise<number> {
  return (
    await rows(
      q,
      "select 1 from staff_members where role = 'owner' and status = 'active' and login is not null and id <> $1",
      [id],
    )
  ).length
}

/**
 * People as the channel lists them: new ones come in as operators without a login, known ones keep role and login. Of whom it says
 * that they left is leaving from then on, without access, until nothing is in their hands; whoever comes back is at work again.
 */
export async function upsertListed(
  t: Tx,
  people: {
    id: string
    ref: string
    name: string
    position: string
    status: "active" | "disabled" | "left"
  }[],
  now: Date,
): Promise<void> {
  await run(
    t,
    `insert into staff_members as m (id, channel_ref, name, position, role, status, created_at, gone_at)
     select id, ref, name, position, 'operator', status, $6::timestamptz, case when status = 'left' then $6::timestamptz end
     from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[]) as p (id, ref, name, position, status)
     on conflict (channel_ref) do update set name = excluded.name, position = excluded.position,
       gone_at = case when excluded.status = 'left' then coalesce(m.gone_at, excluded.gone_at) end,
       status = case
         when excluded.status = 'left' and m.status <> 'left' then 'leaving'
         when excluded.status = 'active' and (m.status = 'disabled' or m.status = 'leaving' and m.gone_at is null) then m.status
         else excluded.status end`,
    [
      people.map((p) => p.id),
      people.map((p) => p.ref),
      people.map((p) => p.name),
      people.map((p) => p.position),
      people.map((p) => p.status),
      now,
    ],
  )
}

/** The channel says that these are gone: they are leaving from now on. */
export function markGone(t: Tx, refs: readonly string[], now: Date): Promise<number> {
  return run(
    t,
    `update staff_members set gone_at = coalesce(gone_at, $2), status = case when status = 'left' then status else 'leaving' end
     where channel_ref = any($1::text[])`,
    [refs, now],
  )
}

/** Those of these names of the channel whose people it says are gone. */
export async function goneRefs(q: Queryable, refs: readonly string[]): Promise<Set<string>> {
  const found = await rows<{ channel_ref: string }>(
    q,
    "select channel_ref from staff_members where channel_ref = any($1::text[]) and gone_at is not null",
    [refs],
  )
  return new Set(found.map((r) => r.channel_ref))
}

export function setStatus(t: Tx, id: string, status: Member["status"]): Promise<number> {
  return run(t, "update staff_members set status = $2 where id = $1", [id, status])
}

/** Everybody who is leaving, and whether the channel said so. */
export function leavingMembers(q: Queryable): Promise<{ id: string; gone: boolean }[]> {
  return rows(q, "select id, gone_at is not null as gone from staff_members where status = 'leaving'")
}

/** Who is here to look after something. */
export async function activeStaff(q: Queryable): Promise<Set<string>> {
  return new Set(
    (await rows<{ id: string }>(q, "select id from staff_members where status = 'active'")).map((r) => r.id),
  )
}
