import { chance } from "../../kernel/chance.ts"
import { noFaults } from "../faults.ts"
import { limits } from "../limits.ts"
import type { Store } from "../store.ts"
import { baseChat, baseGroupCount, baseGroupMembers, baseMembership, inBaseGroup } from "./groups.ts"
import { Heap } from "./heap.ts"
import { hex, IdCode, opaque } from "./ids.ts"
import { People } from "./people.ts"
import type {
  CallbackEvent,
  Chat,
  Follow,
  GroupMember,
  GroupMessage,
  Joined,
  Meta,
  Order,
  Reaction,
} from "./records.ts"
import { scenarios } from "./scenario.ts"
import { members as allMembers, type Member, memberOf } from "./staff.ts"
import { openTables, type Tables } from "./tables.ts"
import { baseTagGroups } from "./taxonomy.ts"

export type WorldOptions = { seed: string; size: number; scenario: string; start_ms: number }
export type Happening = { at: number; text: string }

/** The company and its people: what is remembered, what is derived, and the few primitive changes. Deeds build on it. */
export class World {
  readonly t: Tables
  readonly people: People
  readonly chat_ids: IdCode
  readonly seed: string
  readonly size: number
  readonly start_ms: number
  scenario: string
  readonly base_groups: number
  readonly happenings: Happening[] = []
  readonly due = new Heap()
  /** Grows with every change of a corp tag, for whoever keeps an index. */
  tags_changed = 0
  /** The clock's patience (see clock.ts); set by whoever owns the clock. */
  patience: () => number = () => 0
  private readonly by_chat = new Map<number, Map<number, GroupMember>>()
  private readonly by_person = new Map<number, Set<number>>()
  private readonly counts = new Map<number, number>()
  /** Mass messages that a person received this month, for the platform's quota. Rebuilt from the sent parts. */
  private quota = { month: "", people: new Map<number, number>(), chats: new Map<number, number>() }

  constructor(store: Store, load: () => void, options: WorldOptions) {
    this.t = openTables(store)
    this.t.members.onChange((key, value, before) => this.indexMember(key, value, before))
    this.t.tag_groups.onChange(() => this.tags_changed++)
    this.t.reactions.onChange((key, value) => {
      if (value) this.due.push(value.at, key)
    })
    load()
    const kept = this.t.meta.get("world") as Meta["world"] | undefined
    const world = kept ?? { ...options }
    this.seed = world.seed
    this.size = world.size
    this.scenario = world.scenario
    this.start_ms = world.start_ms
    this.base_groups = baseGroupCount(world.size)
    this.people = new People(world.seed, world.start_ms)
    this.chat_ids = new IdCode(world.seed, "wr", 32)
    if (!kept) this.begin(world)
  }

  private begin(world: Meta["world"]): void {
    this.t.meta.put("world", world)
    this.t.meta.put("slot", 0)
    this.t.meta.put("faults", noFaults)
    this.t.meta.put("history", { next_person: 0, done: false })
    const zero = { history_orders: 0, history_paid_fen: 0, live_orders: 0, live_paid_fen: 0 }
    this.t.meta.put("totals", { ...zero, refunds: 0, refunded_fen: 0, group_messages: 0, callbacks: 0 })
    for (let g = 0; g < this.base_groups; g++) this.t.chats.put(g, baseChat(g, this.start_ms))
    const created_s = Math.floor(this.start_ms / 1000) - 400 * 86_400
    for (const [id, group] of baseTagGroups(this.seed, created_s)) this.t.tag_groups.put(id, group)
  }

  /** Another way of life from `at` on; slots are counted anew in its own length. */
  setScenario(scenario: string, at: number): void {
    this.scenario = scenario
    this.t.meta.put("world", { ...this.meta("world"), scenario })
    const slot_ms = scenarios[scenario]?.slot_ms ?? 0
    this.t.meta.put("slot", slot_ms === 0 ? 0 : Math.ceil((at - this.start_ms) / slot_ms))
  }

  meta<K extends keyof Meta>(key: K): Meta[K] {
    return this.t.meta.get(key) as Meta[K]
  }

  next(kind: string): number {
    const n = (this.t.counters.get(kind) ?? 0) + 1
    this.t.counters.put(kind, n)
    return n
  }

  newId(prefix: string, length: number): string {
    return prefix + hex(length - prefix.length, this.seed, prefix, this.next(`id:${prefix}`))
  }

  newSecret(prefix: string, length: number): string {
    return prefix + opaque(length - prefix.length, this.seed, prefix, this.next(`id:${prefix}`), "secret")
  }

  // People and friendships

  population(): number {
    return this.size + (this.t.counters.get("newcomers") ?? 0)
  }

  personOf(external_userid: string): number | null {
    const n = this.people.ids.decode(external_userid)
    return n !== null && n < this.population() ? n : null
  }

  follows(n: number): Follow[] {
    return this.t.follows.get(n) ?? (n < this.size ? this.people.baseFollows(n) : [])
  }

  relation(n: number, userid: string): Follow | undefined {
    return this.follows(n).find((follow) => follow.userid === userid)
  }

  putFollow(n: number, follow: Follow): void {
    const others = this.follows(n).filter((f) => f.userid !== follow.userid)
    this.t.follows.put(
      n,
      [...others, follow].sort((a, b) => a.at - b.at),
    )
  }

  dropFollow(n: number, userid: string): void {
    this.t.follows.put(
      n,
      this.follows(n).filter((f) => f.userid !== userid),
    )
  }

  /** Numbers of the customers of a member from `from` on, ascending; lean at a million. */
  *customersOf(userid: string, from = 0): Generator<number> {
    const end = this.population()
    for (let n = from; n < end; n++) {
      const changed = this.t.follows.get(n)
      const mine = changed
        ? changed.some((f) => f.userid === userid && !f.half)
        : n < this.size && this.people.baseFollowsUser(n, userid)
      if (mine) yield n
    }
  }

  // Members of the company

  member(userid: string): Member | undefined {
    const member = memberOf(userid)
    return member && (this.t.users.get(member.userid)?.status ?? 1) !== 5 ? member : undefined
  }

  memberStatus(userid: string): number {
    return this.t.users.get(userid)?.status ?? 1
  }

  activeMembers(): Member[] {
    return allMembers.filter((m) => this.memberStatus(m.userid) === 1)
  }

  /** The person of a contact way whose turn it is: each way deals out evenly. */
  turn(way: string, userids: string[]): string {
    return userids[(this.next(`turn:${way}`) - 1) % userids.length]!
  }

  // Groups

  chatOf(chat_id: string): number | null {
    const g = this.chat_ids.decode(chat_id)
    return g !== null && this.t.chats.has(g) ? g : null
  }

  membership(g: number, n: number): Joined | undefined {
    const changed = this.t.members.get(`${g}:${n}`)
    if (changed) return "left" in changed ? undefined : changed
    const chat = this.t.chats.get(g)
    if (!chat?.base || n >= this.size || !inBaseGroup(this.people, n, g, this.base_groups)) return undefined
    return baseMembership(this.people, n, g, chat, this.start_ms)
  }

  groupsOf(n: number): number[] {
    const groups = new Set<number>(this.by_person.get(n))
    if (n < this.size) {
      groups.add(n % this.base_groups)
      groups.add(((n % this.base_groups) + 1) % this.base_groups)
    }
    return [...groups]
      .filter((g) => this.membership(g, n) !== undefined && !this.t.chats.get(g)?.dismissed)
      .sort((a, b) => a - b)
  }

  *groupMembers(g: number): Generator<[number, Joined]> {
    const chat = this.t.chats.get(g)
    const changed = this.by_chat.get(g)
    if (chat?.base) {
      for (const n of baseGroupMembers(this.people, this.size, g, this.base_groups)) {
        if (changed?.has(n)) continue
        yield [n, baseMembership(this.people, n, g, chat, this.start_ms)]
      }
    }
    for (const [n, member] of changed ?? []) if (!("left" in member)) yield [n, member]
  }

  groupSize(g: number): number {
    let count = this.counts.get(g)
    if (count === undefined) {
      count = 0
      for (const _ of this.groupMembers(g)) count++
      this.counts.set(g, count)
    }
    return count
  }

  memberVersion(g: number, version: number): string {
    return hex(32, this.seed, "member version", g, version)
  }

  private indexMember(key: string, value: GroupMember | undefined, before: GroupMember | undefined): void {
    const [g = 0, n = 0] = key.split(":").map(Number)
    if (value === undefined) return
    if (!this.by_chat.has(g)) this.by_chat.set(g, new Map())
    this.by_chat.get(g)?.set(n, value)
    if (!this.by_person.has(n)) this.by_person.set(n, new Set())
    this.by_person.get(n)?.add(g)
    if (before !== undefined || this.counts.has(g)) this.counts.delete(g)
  }

  putChat(g: number, change: Partial<Chat>): Chat {
    const chat = { ...this.t.chats.get(g)!, ...change }
    this.t.chats.put(g, chat)
    return chat
  }

  // Quota of mass messages

  private quotaOf(month: string) {
    if (this.quota.month === month) return this.quota
    this.quota = { month, people: new Map(), chats: new Map() }
    for (const part of this.t.mass_parts.rows.values()) {
      if (part.sent_at === undefined || monthOf(part.sent_at) !== month) continue
      part.people.forEach((n, i) => {
        if (part.status?.[i] === "1") this.countPerson(n)
      })
      for (const chat_id of part.chats) this.countChat(this.chat_ids.decode(chat_id) ?? -1)
    }
    return this.quota
  }

  private countPerson(n: number): void {
    this.quota.people.set(n, (this.quota.people.get(n) ?? 0) + 1)
  }

  private countChat(g: number): void {
    this.quota.chats.set(g, (this.quota.chats.get(g) ?? 0) + 1)
  }

  /** Takes one mass message of this month's quota (as many as the month has days); false where none is left. */
  takeQuota(at: number, who: { person: number } | { chat: number }): boolean {
    const month = monthOf(at)
    const quota = this.quotaOf(month)
    const used = "person" in who ? (quota.people.get(who.person) ?? 0) : (quota.chats.get(who.chat) ?? 0)
    if (used >= daysOf(month)) return false
    if ("person" in who) this.countPerson(who.person)
    else this.countChat(who.chat)
    return true
  }

  // What leaves the world

  emit(at: number, event: string, change: string, fields: CallbackEvent["fields"]): void {
    this.t.out_events.put(this.next("event"), { at, event, change, fields })
    if (this.t.out_events.size > limits.callbacks_waiting) this.t.out_events.trim(limits.callbacks_waiting)
  }

  sell(order: Order): void {
    const n = this.next("live order")
    this.t.out_orders.put(n, order)
    this.t.live_orders.put(n, order)
    this.t.live_orders.trim(limits.live_orders_kept)
  }

  speak(message: Omit<GroupMessage, "msg_id">): void {
    const n = this.next("message")
    this.t.out_messages.put(n, { msg_id: "gm" + hex(22, this.seed, "message", n), ...message })
    this.t.meta.put("totals", {
      ...this.meta("totals"),
      group_messages: this.meta("totals").group_messages + 1,
    })
  }

  react(reaction: Reaction): void {
    this.t.reactions.put(this.next("reaction"), reaction)
  }

  happen(at: number, text: string): void {
    this.happenings.push({ at, text })
    if (this.happenings.length > limits.happenings_kept) this.happenings.shift()
  }

  roll(...parts: (string | number)[]): number {
    return chance(this.seed, ...parts)
  }
}

export function monthOf(at: number): string {
  return new Date(at + 8 * 3_600_000).toISOString().slice(0, 7)
}

export function daysOf(month: string): number {
  const [year = 0, m = 0] = month.split("-").map(Number)
  return new Date(Date.UTC(year, m, 0)).getUTCDate()
}
