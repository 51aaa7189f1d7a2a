import { type Queryable, rows, type Tx } from "../../platform/db.ts"
import type { ContactEnd, ContactSeen, ProfileSeen } from "./contacts.ts"
import { spelledPhone } from "./phone.ts"
import { keysOf } from "./pinyin.ts"
import { writeKeys } from "./store-keys.ts"

/**
 * Which of these customers have a friendship with any account now. One that ended since they were handed over counts: whoever is
 * passed on to a colleague is no newcomer.
 */
export async function whoHasContacts(t: Tx, customers: readonly string[]): Promise<Set<string>> {
  const found = await rows<{ customer_id: string }>(
    t,
    "select distinct customer_id from customers_contacts where customer_id = any($1::uuid[]) and (removed_at is null or removed_by = 'transfer')",
    [customers],
  )
  return new Set(found.map((r) => r.customer_id))
}

/** Writes contacts; gives the keys of those that began (or began again) by this. */
export async function upsertContacts(
  t: Tx,
  contacts: (ContactSeen & { customer_id: string })[],
): Promise<Set<string>> {
  const keys = [contacts.map((c) => c.customer_id), contacts.map((c) => c.account_id)]
  const found = contacts.map((c) => keysOf(c.remark ?? ""))
  // Read before the write: one statement cannot see both what a row was and what it becomes.
  const ended = new Set(
    (
      await rows<{ customer_id: string; account_id: string }>(
        t,
        `select c.customer_id, c.account_id from customers_contacts c
         join unnest($1::uuid[], $2::uuid[]) as g (customer_id, account_id) using (customer_id, account_id)
         where c.removed_at is not null order by c.customer_id, c.account_id for update of c`,
        keys,
      )
    ).map((r) => `${r.customer_id}:${r.account_id}`),
  )
  const written = await rows<{ customer_id: string; account_id: string; fresh: boolean; ended: boolean }>(
    t,
    `insert into customers_contacts as c
       (customer_id, account_id, external_userid, remark, add_way, state, added_at, remark_pinyin, remark_initials)
     select customer_id, account_id, external_userid, coalesce(remark, ''), add_way, state, added_at, full_key, initials
     from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::smallint[], $6::text[], $7::timestamptz[], $8::text[], $9::text[])
       as g (customer_id, account_id, external_userid, remark, add_way, state, added_at, full_key, initials)
     order by customer_id, account_id
     on conflict (customer_id, account_id) do update set
       remark = case when excluded.remark = '' then c.remark else excluded.remark end,
       remark_pinyin = case when excluded.remark = '' then c.remark_pinyin else excluded.remark_pinyin end,
       remark_initials = case when excluded.remark = '' then c.remark_initials else excluded.remark_initials end,
       state = coalesce(c.state, excluded.state),
       added_at = case when c.removed_at < excluded.added_at then excluded.added_at else least(c.added_at, excluded.added_at) end,
       removed_at = case when c.removed_at < excluded.added_at then null else c.removed_at end,
       removed_by = case when c.removed_at < excluded.added_at then null else c.removed_by end
     returning c.customer_id, c.account_id, (c.xmax = 0) as fresh, (c.removed_at is not null) as ended`,
    [
      ...keys,
      contacts.map((c) => c.external_userid),
      contacts.map((c) => c.remark ?? null),
      contacts.map((c) => c.add_way ?? 0),
      contacts.map((c) => c.state ?? null),
      contacts.map((c) => c.at),
      found.map((k) => k.full),
      found.map((k) => k.initials),
    ],
  )
  // What comes without a remark keeps the one it had, and its keys.
  await writeKeys(
    t,
    contacts.flatMap((c, i) => (c.remark ? [{ ...c, keys: found[i]! }] : [])),
  )
  return new Set(
    written
      .filter((w) => !w.ended && (w.fresh || ended.has(`${w.customer_id}:${w.account_id}`)))
      .map((w) => `${w.customer_id}:${w.account_id}`),
  )
}

/** Somebody was met: by the account of `staff_id`, or of nobody. */
export type Met = { customer_id: string; staff_id: string | null; at: Date }

/** Writes first contacts, and owners where there is none yet; gives the rows that changed. */
export async function writeOwners(
  t: Tx,
  met: readonly Met[],
  now: Date,
): Promise<{ id: string; owner_staff_id: string; at: Date; owned: boolean }[]> {
  return rows(
    t,
    `update customers_customers c set
       owner_staff_id = coalesce(c.owner_staff_id, m.staff_id),
       first_contact_at = least(c.first_contact_at, m.at), updated_at = $4
     from (select distinct on (customer_id) * from unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) as m (customer_id, staff_id, at)
           order by customer_id, at) m
     where c.id = m.customer_id and (c.owner_staff_id is null or c.first_contact_at is null or c.first_contact_at > m.at)
     returning c.id, c.owner_staff_id, m.at, (m.staff_id is not null and c.owner_staff_id = m.staff_id) as owned`,
    [met.map((m) => m.customer_id), met.map((m) => m.staff_id), met.map((m) => m.at), now],
  )
}

/** The running friendships with these accounts of customers who are nobody's. A new account has few of them. */
export function nobodysContacts(
  t: Tx,
  taken: readonly { account_id: string; staff_id: string }[],
): Promise<Met[]> {
  return rows<Met>(
    t,
    `select c.customer_id, a.staff_id, c.added_at as at
     from unnest($1::uuid[], $2::uuid[]) as a (account_id, staff_id)
     join customers_contacts c on c.account_id = a.account_id and c.removed_at is null
     join customers_customers k on k.id = c.customer_id
     where k.owner_staff_id is null`,
    [taken.map((a) => a.account_id), taken.map((a) => a.staff_id)],
  )
}

/** Ends those friendships that are on and began before; gives whose they were, with the place in `ends`. */
export async function writeEnds(
  t: Tx,
  ends: readonly ContactEnd[],
): Promise<{ customer_id: string; i: number }[]> {
  return rows(
    t,
    `update customers_contacts c set removed_at = e.at, removed_by = e.by
     from (select distinct on (account_id, external_userid) * from
             unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[], $5::int[]) as e (account_id, external_userid, at, by, i)
           order by account_id, external_userid, at desc) e
     where c.account_id = e.account_id and c.external_userid = e.external_userid and c.removed_at is null and c.added_at <= e.at
     returning c.customer_id, e.i`,
    [
      ends.map((e) => e.account_id),
      ends.map((e) => e.external_userid),
      ends.map((e) => e.at),
      ends.map((e) => e.by),
      ends.map((_, i) => i),
    ],
  )
}

/** Writes what is known now of these customers, in order; gives those it changed, with the place in `seen`. */
export async function writeProfiles(
  t: Tx,
  customers: readonly string[],
  seen: readonly ProfileSeen[],
  now: Date,
): Promise<{ id: string; i: number }[]> {
  const keys = seen.map((s) => keysOf(s.name ?? ""))
  const written = await rows<{ id: string; i: number }>(
    t,
    `update customers_customers c set
       name = coalesce(nullif(p.name, ''), c.name),
       name_pinyin = case when coalesce(p.name, '') = '' then c.name_pinyin else p.full_key end,
       name_initials = case when coalesce(p.name, '') = '' then c.name_initials else p.initials end,
       gender = case when coalesce(p.gender, 0) = 0 then c.gender else p.gender end,
       avatar = coalesce(p.avatar, c.avatar), phone = coalesce(c.phone, p.phone), updated_at = $8
     from (select distinct on (id) * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::smallint[], $6::text[], $7::text[], $9::int[])
             as p (id, name, full_key, initials, gender, avatar, phone, i) order by id, i desc) p
     where c.id = p.id and (coalesce(nullif(p.name, ''), c.name), coalesce(nullif(p.gender, 0), c.gender), coalesce(p.avatar, c.avatar),
       coalesce(c.phone, p.phone)) is distinct from (c.name, c.gender, c.avatar, c.phone)
     returning c.id, p.i`,
    [
      customers,
      seen.map((s) => s.name ?? null),
      keys.map((k) => k.full),
      keys.map((k) => k.initials),
      seen.map((s) => s.gender ?? null),
      seen.map((s) => s.avatar ?? null),
      seen.map(({ mobiles: [first] = [] }) => (first ? spelledPhone(first) : null)),
      now,
      seen.map((_, i) => i),
    ],
  )
  await writeKeys(
    t,
    written.flatMap(({ id, i }) => (seen[i]!.name ? [{ customer_id: id, keys: keys[i]! }] : [])),
  )
  return written
}

/** Friendships of these people that the outside no longer knows: those with accounts that are not listed. */
export async function unlistedContacts(
  t: Tx,
  people: { external_userid: string; account_ids: string[] }[],
): Promise<{ account_id: string; external_userid: string }[]> {
  return rows(
    t,
    `select c.account_id, c.external_userid from customers_contacts c
     join jsonb_to_recordset($1::jsonb) as p (external_userid text, account_ids jsonb) using (external_userid)
     where c.removed_at is null and not p.account_ids ? c.account_id::text`,
    [JSON.stringify(people)],
  )
}

/** How many people each account can reach. */
export async function contactCounts(
  q: Pick<Tx, "query">,
  account_ids: string[],
): Promise<Map<string, number>> {
  const counts = await rows<{ account_id: string; count: number }>(
    q as Tx,
    "select account_id, count(*) from customers_contacts where removed_at is null and account_id = any($1::uuid[]) group by account_id",
    [account_ids],
  )
  return new Map(counts.map((r) => [r.account_id, r.count]))
}

/** How many people came to an account since a moment and are still there. */
export async function contactsAddedSince(q: Queryable, account_id: string, since: Date): Promise<number> {
  const [found] = await rows<{ count: number }>(
    q,
    "select count(*) from customers_contacts where removed_at is null and account_id = $1 and added_at >= $2",
    [account_id, since],
  )
  return found?.count ?? 0
}

/** Remarks edited outside. */
export async function setRemarks(
  t: Tx,
  remarks: { account_id: string; external_userid: string; remark: string }[],
): Promise<void> {
  if (remarks.length === 0) return
  const found = remarks.map((r) => keysOf(r.remark))
  const written = await rows<{ customer_id: string; account_id: string; i: number }>(
    t,
    `update customers_contacts c set remark = r.remark, remark_pinyin = r.full_key, remark_initials = r.initials
     from (select distinct on (account_id, external_userid) * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[])
             as r (account_id, external_userid, remark, full_key, initials, i) order by account_id, external_userid, i desc) r
     where c.account_id = r.account_id and c.external_userid = r.external_userid
     returning c.customer_id, c.account_id, r.i`,
    [
      remarks.map((r) => r.account_id),
      remarks.map((r) => r.external_userid),
      remarks.map((r) => r.remark),
      found.map((k) => k.full),
      found.map((k) => k.initials),
      remarks.map((_, i) => i),
    ],
  )
  await writeKeys(
    t,
    written.map(({ i, ...one }) => ({ ...one, keys: found[i]! })),
  )
}
