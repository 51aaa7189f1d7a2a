import type { Happening, HappeningOf, HappeningType } from "../../channels/protocol/index.ts"
import {
  type Account,
  accountsByRef,
  functionOfPosition,
  meetAccounts,
  takeListedAccounts,
} from "../../modules/accounts/index.ts"
import {
  type ContactEnd,
  type ContactSeen,
  endContacts,
  giveContacts,
  setRemarks,
  takeContacts,
  takeProfiles,
  unlistedContacts,
} from "../../modules/customers/index.ts"
import {
  type SeenMember,
  takeDismissals,
  takeGroups,
  takeMessages,
  takeMoves,
} from "../../modules/groups/index.ts"
import { takeGone, takeListed } from "../../modules/staff/index.ts"
import { takeTransferFailures } from "../../modules/transfers/index.ts"
import type { Tx } from "../../platform/db.ts"

/** What tags of the channel the intake hands on: company tags worn by customers, and the catalogue itself. */
export type TagIntake = {
  catalogue(t: Tx, groups: HappeningOf<"tag_catalogue">["groups"], now: Date): Promise<void>
  worn(
    t: Tx,
    worn: { customer_id: string; tag_refs: string[]; at: Date; origin: "live" | "history" }[],
    now: Date,
  ): Promise<void>
}

/**
 * Hands what a channel heard to the modules that own it, in the transaction that marks it as heard. Everything here is harmless
 * when it comes twice or out of order: each module holds on to the newer state.
 */
export async function intake(
  t: Tx,
  channel: string,
  happenings: readonly Happening[],
  tags: TagIntake,
  now: Date,
): Promise<void> {
  const of = <T extends HappeningType>(type: T) =>
    happenings.filter((h): h is HappeningOf<T> => h.type === type)
  await directory(t, channel, of("staff_listed"), now)
  await takeGone(
    t,
    of("staff_left").map((h) => h.account_ref),
    now,
  )
  for (const listed of of("tag_catalogue")) await tags.catalogue(t, listed.groups, now)
  const accounts = await accountsOf(t, channel, happenings, now)
  // People first: a profile joins the identities by which an adding beside it would else make a second customer.
  const people = of("profile")
  const customers = await persons(t, people, now)
  await addings(t, of("contact_added"), accounts, now)
  await follows(t, people, customers, accounts, tags, now)
  await endings(t, [...of("contact_deleted"), ...of("contact_left")], accounts)
  await takeTransferFailures(
    t,
    channel,
    of("transfer_failed").map((h) => ({
      to_ref: h.account_ref,
      external_ref: h.external_ref,
      reason: h.reason,
    })),
    now,
  )
  await groups(t, channel, happenings, now)
}

async function directory(
  t: Tx,
  channel: string,
  listings: HappeningOf<"staff_listed">[],
  now: Date,
): Promise<void> {
  for (const { staff } of listings) {
    const people = staff.filter((s) => functionOfPosition(s.position) === null)
    await takeListed(
      t,
      people.map((s) => ({
        ref: s.account_ref,
        name: s.name ?? s.account_ref,
        position: s.position ?? "",
        status: s.status === "left" ? "left" : s.status === "disabled" ? "disabled" : "active",
      })),
      now,
    )
    const taken = await takeListedAccounts(
      t,
      staff.flatMap((s) => {
        // Without a job title that names a function, whoever serves customers works as a sales account of their own.
        const fn = functionOfPosition(s.position) ?? (s.serves_customers ? "sales" : null)
        return fn
          ? [
              {
                channel,
                ref: s.account_ref,
                name: s.name ?? s.account_ref,
                function: fn,
                leader_refs: leaders(s),
              },
            ]
          : []
      }),
      now,
    )
    await giveContacts(
      t,
      taken.flatMap(({ account_id, staff_id }) => (staff_id ? [{ account_id, staff_id }] : [])),
      now,
    )
  }
}

/** A person's own account is in their own custody. */
function leaders(s: {
  account_ref: string
  position?: string | undefined
  leader_refs?: string[] | undefined
}): string[] {
  return functionOfPosition(s.position) ? (s.leader_refs ?? []) : [s.account_ref]
}

/** The accounts that are spoken of. One through which a customer came is met here where the directory has not told of it. */
async function accountsOf(
  t: Tx,
  channel: string,
  happenings: readonly Happening[],
  now: Date,
): Promise<Map<string, Account>> {
  const befriended = new Set<string>()
  const ended = new Set<string>()
  for (const h of happenings) {
    if (h.type === "contact_added") befriended.add(h.account_ref)
    else if ("account_ref" in h) ended.add(h.account_ref)
    if (h.type === "profile") for (const f of h.follows) befriended.add(f.account_ref)
  }
  const known = await accountsByRef(t, channel, [...befriended, ...ended])
  const listed = new Set(known.map((a) => a.channel_ref))
  const met = [...befriended].filter((ref) => !listed.has(ref)).sort()
  const found = [...known, ...(await meetAccounts(t, channel, met, now))]
  return new Map(found.map((a) => [a.channel_ref, a]))
}

type Accounts = ReadonlyMap<string, Account>

async function addings(
  t: Tx,
  added: HappeningOf<"contact_added">[],
  accounts: Accounts,
  now: Date,
): Promise<void> {
  const seen = added.flatMap((h): ContactSeen[] => {
    const account = accounts.get(h.account_ref)
    if (!account) return []
    return [
      {
        account_id: account.id,
        custodian_staff_id: account.custodian_staff_id,
        external_userid: h.external_ref,
        at: h.at,
        origin: h.origin,
        state: h.state ?? null,
        welcome: h.welcome ? { code: h.welcome.code, until: h.welcome.expires_at } : null,
      },
    ]
  })
  await takeContacts(t, seen, now)
}

const GENDER = { male: 1, female: 2, unknown: 0 } as const

function persons(t: Tx, seen: HappeningOf<"profile">[], now: Date): Promise<string[]> {
  return takeProfiles(
    t,
    seen.map((p) => ({
      external_userid: p.external_ref,
      unionid: p.unionid,
      name: p.name,
      gender: GENDER[p.gender],
      avatar: p.avatar,
      mobiles: p.follows.flatMap((f) => f.mobiles ?? []).filter((m) => m !== ""),
      at: p.at,
      origin: p.origin,
    })),
    now,
  )
}

async function follows(
  t: Tx,
  seen: HappeningOf<"profile">[],
  customers: string[],
  accounts: Accounts,
  tags: TagIntake,
  now: Date,
): Promise<void> {
  if (seen.length === 0) return
  const followed = seen.flatMap((p) =>
    p.follows.flatMap((f) => {
      const account = accounts.get(f.account_ref)
      return account ? [{ p, f, account }] : []
    }),
  )
  await takeContacts(
    t,
    followed.map(({ p, f, account }) => ({
      account_id: account.id,
      custodian_staff_id: account.custodian_staff_id,
      external_userid: p.external_ref,
      at: f.created_at ?? p.at,
      origin: p.origin,
      state: f.state ?? null,
      add_way: f.add_way ?? 0,
      remark: f.remark ?? "",
    })),
    now,
  )
  await setRemarks(
    t,
    followed.flatMap(({ p, f, account }) =>
      f.remark === undefined
        ? []
        : [{ account_id: account.id, external_userid: p.external_ref, remark: f.remark }],
    ),
  )
  const complete = seen.filter((p) => p.follows_complete)
  const gone = await unlistedContacts(
    t,
    complete.map((p) => ({
      external_userid: p.external_ref,
      account_ids: p.follows.flatMap((f) => accounts.get(f.account_ref)?.id ?? []),
    })),
  )
  const askedAt = new Map(complete.map((p) => [p.external_ref, p]))
  await endContacts(
    t,
    gone.map((g): ContactEnd => {
      const p = askedAt.get(g.external_userid)!
      return { ...g, at: p.at, origin: p.origin, by: "staff" }
    }),
  )
  await tags.worn(
    t,
    seen.map((p, i) => ({
      customer_id: customers[i]!,
      tag_refs: p.follows.flatMap((f) => (f.tags ?? []).flatMap((w) => w.tag_ref ?? [])),
      at: p.at,
      origin: p.origin,
    })),
    now,
  )
}

async function endings(
  t: Tx,
  ended: (HappeningOf<"contact_deleted"> | HappeningOf<"contact_left">)[],
  accounts: Accounts,
): Promise<void> {
  await endContacts(
    t,
    ended.flatMap((h): ContactEnd[] => {
      const account = accounts.get(h.account_ref)
      if (!account) return []
      const by = h.type === "contact_left" ? "customer" : h.by_transfer ? "transfer" : "staff"
      return [{ account_id: account.id, external_userid: h.external_ref, at: h.at, origin: h.origin, by }]
    }),
  )
}

async function groups(t: Tx, channel: string, happenings: readonly Happening[], now: Date): Promise<void> {
  const of = <T extends HappeningType>(type: T) =>
    happenings.filter((h): h is HappeningOf<T> => h.type === type)
  await takeGroups(
    t,
    of("group_snapshot").map((g) => ({
      channel,
      chat_ref: g.chat_ref,
      name: g.name,
      owner_ref: g.owner_ref ?? null,
      notice: g.notice,
      version: g.version,
      created_at: g.created_at ?? null,
      at: g.at,
      origin: g.origin,
      members: g.members.map(
        (m): SeenMember => ({
          member_ref: m.member_ref,
          kind: m.kind,
          name: m.name,
          unionid: m.unionid,
          scene: m.scene,
          state: m.state,
          invited_by_ref: m.invited_by_ref,
          joined_at: m.joined_at ?? null,
        }),
      ),
    })),
    now,
  )
  const moves = [...of("group_member_joined"), ...of("group_member_left")]
  const refs = moves.flatMap((m) => m.member_refs)
  const staff_refs = new Set((await accountsByRef(t, channel, refs)).map((a) => a.channel_ref))
  await takeMoves(
    t,
    moves.map((m) => ({
      channel,
      chat_ref: m.chat_ref,
      member_refs: m.member_refs,
      scene: m.scene,
      at: m.at,
      origin: m.origin,
      moved: m.type === "group_member_joined" ? "joined" : "left",
      staff_refs,
    })),
    now,
  )
  await takeMessages(
    t,
    of("group_message").map((m) => ({
      channel,
      chat_ref: m.chat_ref,
      message_ref: m.message_ref,
      sender_ref: m.sender_ref,
      kind: m.kind,
      text: m.text,
      at: m.at,
      origin: m.origin,
    })),
    now,
  )
  await takeDismissals(
    t,
    of("group_dismissed").map((g) => ({ channel, chat_ref: g.chat_ref, at: g.at, origin: g.origin })),
    now,
  )
}
