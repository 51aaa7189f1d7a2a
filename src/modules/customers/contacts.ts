import type { Tx } from "../../platform/db.ts"
import { append, type NewFact } from "../../spine/facts/index.ts"
import { rescopeCustomers } from "../../spine/traits/index.ts"
import { ensureCustomers } from "./ensure.ts"
import { contactAdded, contactRemoved, ownerChanged, profileChanged } from "./events.ts"
import type { Identity } from "./rules.ts"
import {
  type Met,
  nobodysContacts,
  upsertContacts,
  whoHasContacts,
  writeEnds,
  writeOwners,
  writeProfiles,
} from "./store-contacts.ts"

/** An account as this module needs to know it. */
export type ContactAccount = { account_id: string; custodian_staff_id: string | null }

export type ContactSeen = ContactAccount & {
  external_userid: string
  at: Date
  origin: "live" | "history"
  state?: string | null
  add_way?: number
  remark?: string
  welcome?: { code: string; until: Date } | null
}

/**
 * Takes friendships as they are seen, at the moment of adding or in a later sync: a known one changes nothing but its remark,
 * so that the same news twice, or out of order, has one effect. Gives the customers in the order given.
 */
export async function takeContacts(t: Tx, seen: readonly ContactSeen[], now: Date): Promise<string[]> {
  if (seen.length === 0) return []
  const customers = await ensureCustomers(
    t,
    seen.map((s) => ({
      identities: [external(s.external_userid)],
      source_code: s.state ?? null,
      seen_at: s.at,
    })),
    now,
  )
  const had = await whoHasContacts(t, customers)
  const latest = new Map<string, number>()
  seen.forEach((s, i) => {
    const key = `${customers[i]}:${s.account_id}`
    const other = latest.get(key)
    if (other === undefined || seen[other]!.at <= s.at) latest.set(key, i)
  })
  const picked = [...latest.values()].sort((a, b) => a - b)
  const begun = await upsertContacts(
    t,
    picked.map((i) => ({ ...seen[i]!, customer_id: customers[i]! })),
  )
  const facts: NewFact[] = []
  for (const i of picked) {
    const s = seen[i]!
    if (!begun.has(`${customers[i]}:${s.account_id}`)) continue
    facts.push(
      contactAdded.of({
        subject: customers[i]!,
        occurred_at: s.at,
        origin: s.origin,
        payload: {
          account_id: s.account_id,
          external_userid: s.external_userid,
          state: s.state ?? null,
          add_way: s.add_way ?? 0,
          welcome_code: s.welcome?.code ?? null,
          welcome_until: s.welcome?.until.toISOString() ?? null,
          first: !had.has(customers[i]!),
        },
      }),
    )
    had.add(customers[i]!)
  }
  await giveOwners(
    t,
    picked.map((i) => ({
      customer_id: customers[i]!,
      staff_id: seen[i]!.custodian_staff_id,
      at: seen[i]!.at,
    })),
    now,
  )
  await append(t, facts)
  return customers
}

const external = (value: string): Identity => ({ kind: "external_userid", value })

/** The customers of accounts that came into custody just now, where they are nobody's yet, become the custodians'. */
export async function giveContacts(
  t: Tx,
  taken: readonly { account_id: string; staff_id: string }[],
  now: Date,
): Promise<void> {
  if (taken.length > 0) await giveOwners(t, await nobodysContacts(t, taken), now)
}

/** A customer that is nobody's becomes the custodian's whose account met them first. */
async function giveOwners(t: Tx, met: Met[], now: Date): Promise<void> {
  const given = await writeOwners(t, met, now)
  await rescopeCustomers(
    t,
    given.map((g) => ({ customer_id: g.id, scope_id: g.owner_staff_id })),
  )
  await append(
    t,
    given
      .filter((g) => g.owned)
      .map((g) =>
        ownerChanged.of({
          subject: g.id,
          occurred_at: g.at,
          origin: "history",
          payload: { from_staff_id: null, to_staff_id: g.owner_staff_id },
        }),
      ),
  )
}

export type ContactEnd = {
  account_id: string
  external_userid: string
  at: Date
  origin: "live" | "history"
  by: "customer" | "staff" | "transfer"
}

/** Ends friendships; one that ended already, or began again after `at`, stays as it is. */
export async function endContacts(t: Tx, ends: readonly ContactEnd[]): Promise<void> {
  if (ends.length === 0) return
  const ended = await writeEnds(t, ends)
  await append(
    t,
    ended.map(({ customer_id, i }) =>
      contactRemoved.of({
        subject: customer_id,
        occurred_at: ends[i]!.at,
        origin: ends[i]!.origin,
        payload: { account_id: ends[i]!.account_id, by: ends[i]!.by },
      }),
    ),
  )
}

export type ProfileSeen = {
  external_userid: string
  unionid?: string | undefined
  mobiles?: string[]
  name?: string | undefined
  gender?: number | undefined
  avatar?: string | undefined
  at: Date
  origin: "live" | "history"
}

/** Takes what the outside knows of people: identities join, empty answers erase nothing. Gives the customers in order. */
export async function takeProfiles(t: Tx, seen: readonly ProfileSeen[], now: Date): Promise<string[]> {
  if (seen.length === 0) return []
  const customers = await ensureCustomers(
    t,
    seen.map((s) => ({
      identities: [
        ...(s.unionid ? [{ kind: "unionid", value: s.unionid } as Identity] : []),
        external(s.external_userid),
        ...(s.mobiles ?? []).map((value): Identity => ({ kind: "phone", value })),
      ],
      name: s.name ?? null,
      gender: s.gender ?? null,
      avatar: s.avatar ?? null,
      phone: s.mobiles?.[0] ?? null,
      seen_at: s.at,
    })),
    now,
  )
  const changed = await writeProfiles(t, customers, seen, now)
  await append(
    t,
    changed.map(({ id, i }) =>
      profileChanged.of({
        subject: id,
        occurred_at: seen[i]!.at,
        origin: seen[i]!.origin,
        payload: { fields: ["profile"] },
      }),
    ),
  )
  return customers
}
