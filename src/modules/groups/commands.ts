import { newId } from "../../kernel/ids.ts"
import type { Tx } from "../../platform/db.ts"
import { append, type NewFact } from "../../spine/facts/index.ts"
import { ensureCustomers } from "../customers/index.ts"
import { groupDismissed, groupOpened, memberJoined, memberLeft, messageSent } from "./events.ts"
import { compareMembers } from "./rules.ts"
import {
  countSpoken,
  endMembers,
  type Group,
  heldMembers,
  insertMessages,
  lockGroups,
  type MemberRow,
  saveGroup,
  setDismissed,
  upsertMembers,
} from "./store.ts"

type Origin = "live" | "history"
export type SeenMember = {
  member_ref: string
  kind: "staff" | "external"
  name?: string | undefined
  unionid?: string | undefined
  scene: string
  state?: string | undefined
  invited_by_ref?: string | undefined
  joined_at: Date | null
}
export type GroupSeen = {
  channel: string
  chat_ref: string
  name: string
  owner_ref: string | null
  notice: string
  version: string
  created_at: Date | null
  at: Date
  origin: Origin
  members: SeenMember[]
}

async function groupsOf(t: Tx, channel: string, refs: string[], now: Date): Promise<Map<string, Group>> {
  const { groups, made } = await lockGroups(
    t,
    channel,
    refs.map((ref) => ({ ref, id: newId(now.getTime()) })),
    now,
  )
  await append(
    t,
    made.map((id) =>
      groupOpened.of({ subject: id, occurred_at: now, origin: "history", payload: { channel } }),
    ),
  )
  return groups
}

/** Takes whole groups as they are seen; an older picture than the one held changes nothing. */
export async function takeGroups(t: Tx, seen: readonly GroupSeen[], now: Date): Promise<void> {
  for (const channel of new Set(seen.map((s) => s.channel))) {
    const here = seen.filter((s) => s.channel === channel)
    const groups = await groupsOf(
      t,
      channel,
      here.map((s) => s.chat_ref),
      now,
    )
    for (const one of here) {
      const group = groups.get(one.chat_ref)!
      if (group.seen_at > one.at) continue
      await saveGroup(t, group.id, {
        name: one.name,
        owner_ref: one.owner_ref,
        notice: one.notice,
        member_version: one.version,
        at: one.at,
        created_at: one.created_at ?? one.at,
      })
      const { left } = compareMembers(await heldMembers(t, group.id), one.members, one.at)
      await admit(
        t,
        one.members.map((m) => ({ ...m, group_id: group.id, at: one.at })),
        one.origin,
        now,
      )
      await dismissMembers(
        t,
        left.map((member_ref) => ({ group_id: group.id, member_ref, at: one.at, scene: "unknown" })),
        one.origin,
      )
    }
  }
}

type Admission = SeenMember & { group_id: string; at: Date }

async function admit(t: Tx, members: Admission[], origin: Origin, now: Date): Promise<void> {
  if (members.length === 0) return
  const outside = members.filter((m) => m.kind === "external")
  const ids = await ensureCustomers(
    t,
    outside.map((m) => ({
      identities: [
        ...(m.unionid ? [{ kind: "unionid" as const, value: m.unionid }] : []),
        { kind: "external_userid" as const, value: m.member_ref },
      ],
      name: m.name ?? null,
      source_code: m.state ?? null,
      seen_at: m.joined_at ?? m.at,
    })),
    now,
  )
  const customerOf = new Map(outside.map((m, i) => [m.member_ref, ids[i]!]))
  const unique = [...new Map(members.map((m) => [`${m.group_id}:${m.member_ref}`, m])).values()]
  const joined = await upsertMembers(
    t,
    unique.map(
      (m): MemberRow => ({
        group_id: m.group_id,
        member_ref: m.member_ref,
        customer_id: customerOf.get(m.member_ref) ?? null,
        kind: m.kind,
        name: m.name ?? "",
        scene: m.scene,
        state: m.state ?? null,
        invited_by_ref: m.invited_by_ref ?? null,
        joined_at: m.joined_at ?? m.at,
      }),
    ),
  )
  await append(
    t,
    unique
      .filter((m) => joined.has(`${m.group_id}:${m.member_ref}`))
      .map((m) =>
        memberJoined.of({
          subject: customerOf.get(m.member_ref) ?? m.group_id,
          occurred_at: m.joined_at ?? m.at,
          origin,
          payload: { group_id: m.group_id, member_ref: m.member_ref, scene: m.scene, state: m.state ?? null },
        }),
      ),
  )
}

async function dismissMembers(
  t: Tx,
  ends: { group_id: string; member_ref: string; at: Date; scene: string }[],
  origin: Origin,
): Promise<void> {
  if (ends.length === 0) return
  const scene = new Map(ends.map((e) => [`${e.group_id}:${e.member_ref}`, e.scene]))
  const ended = await endMembers(t, ends)
  await append(
    t,
    ended.map((e) =>
      memberLeft.of({
        subject: e.customer_id ?? e.group_id,
        occurred_at: e.at,
        origin,
        payload: {
          group_id: e.group_id,
          member_ref: e.member_ref,
          scene: scene.get(`${e.group_id}:${e.member_ref}`)!,
        },
      }),
    ),
  )
}

export type MembersMoved = {
  channel: string
  chat_ref: string
  member_refs: string[]
  scene: string
  at: Date
  origin: Origin
  moved: "joined" | "left"
  /** Which references are members of staff, as the directory knows them. */
  staff_refs: ReadonlySet<string>
}

/** Takes news of single joins and leaves, in the order of their times. */
export async function takeMoves(t: Tx, moves: readonly MembersMoved[], now: Date): Promise<void> {
  for (const channel of new Set(moves.map((m) => m.channel))) {
    const here = moves.filter((m) => m.channel === channel).sort((a, b) => a.at.getTime() - b.at.getTime())
    const groups = await groupsOf(
      t,
      channel,
      here.map((m) => m.chat_ref),
      now,
    )
    for (const move of here) {
      const group_id = groups.get(move.chat_ref)!.id
      if (move.moved === "left")
        await dismissMembers(
          t,
          move.member_refs.map((member_ref) => ({ group_id, member_ref, at: move.at, scene: move.scene })),
          move.origin,
        )
      else
        await admit(
          t,
          move.member_refs.map((member_ref) => ({
            group_id,
            member_ref,
            kind: move.staff_refs.has(member_ref) ? "staff" : "external",
            scene: move.scene,
            joined_at: move.at,
            at: move.at,
          })),
          move.origin,
          now,
        )
    }
  }
}

export async function takeDismissals(
  t: Tx,
  ended: { channel: string; chat_ref: string; at: Date; origin: Origin }[],
  now: Date,
): Promise<void> {
  for (const one of ended) {
    const group = (await groupsOf(t, one.channel, [one.chat_ref], now)).get(one.chat_ref)!
    if ((await setDismissed(t, [group.id], one.at)) === 1)
      await append(t, [
        groupDismissed.of({ subject: group.id, occurred_at: one.at, origin: one.origin, payload: {} }),
      ])
  }
}

export type MessageSeen = {
  channel: string
  chat_ref: string
  message_ref: string
  sender_ref: string
  kind: string
  text: string
  at: Date
  origin: Origin
}

/** Keeps messages, counts who spoke, tells facts; a message told twice is one. */
export async function takeMessages(t: Tx, seen: readonly MessageSeen[], now: Date): Promise<number> {
  let kept = 0
  for (const channel of new Set(seen.map((s) => s.channel))) {
    const here = [
      ...new Map(seen.filter((s) => s.channel === channel).map((s) => [s.message_ref, s])).values(),
    ]
    const groups = await groupsOf(
      t,
      channel,
      here.map((s) => s.chat_ref),
      now,
    )
    const messages = here.map((s) => ({
      ...s,
      group_id: groups.get(s.chat_ref)!.id,
      member_ref: s.sender_ref,
      sent_at: s.at,
    }))
    const fresh = await insertMessages(t, messages)
    const news = messages.filter((m) => fresh.has(m.message_ref))
    const said = new Map<string, { group_id: string; member_ref: string; count: number; last: Date }>()
    for (const m of news) {
      const key = `${m.group_id}:${m.member_ref}`
      const before = said.get(key)
      said.set(key, {
        group_id: m.group_id,
        member_ref: m.member_ref,
        count: (before?.count ?? 0) + 1,
        last: before && before.last > m.at ? before.last : m.at,
      })
    }
    const customers = await countSpoken(t, [...said.values()])
    const facts: NewFact[] = news.map((m) =>
      messageSent.of({
        subject: customers.get(`${m.group_id}:${m.member_ref}`) ?? m.group_id,
        occurred_at: m.at,
        origin: m.origin,
        payload: {
          group_id: m.group_id,
          message_ref: m.message_ref,
          member_ref: m.member_ref,
          kind: m.kind,
          letters: [...m.text].length,
        },
      }),
    )
    await append(t, facts)
    kept += news.length
  }
  return kept
}
