import { choose } from "../../kernel/chance.ts"
import {
  becomeContact,
  buy,
  changeGroup,
  createGroup,
  customerDeletesMember,
  joinGroup,
  leaveGroup,
  memberDeletesCustomer,
  memberEditsCustomer,
  newPerson,
  say,
  tempo,
} from "./deeds.ts"
import { letters } from "./groups.ts"
import { phrase, staffLines, topicFor } from "./phrases.ts"
import { scanContact, scanGroup } from "./scan.ts"
import { delay, rhythm } from "./scenario.ts"
import { accounts } from "./staff.ts"
import { tagId } from "./taxonomy.ts"
import type { World } from "./world.ts"

type Act = (world: World, at: number, slot: number) => void

/** A person who comes to mind in this slot; `try_n` gives another one. */
const someone = (world: World, slot: number, try_n = 0): number =>
  Math.floor(world.roll("slot", slot, "who", try_n) * world.population())

const TRIES = 12

function find(world: World, slot: number, good: (n: number) => boolean): number | null {
  for (let i = 0; i < TRIES; i++) {
    const n = someone(world, slot, i)
    if (good(n)) return n
  }
  return null
}

const friends = (world: World, n: number) =>
  world.follows(n).filter((f) => !f.half && f.lost_at === undefined)

function someoneSpeaks(world: World, at: number, slot: number): void {
  const n = find(world, slot, (candidate) => world.groupsOf(candidate).length > 0)
  if (n === null) return
  const g = choose(world.groupsOf(n), world.seed, slot, "which group")
  say(world, at, g, n, { topic: topicFor(world.roll(n, "topic", slot)) })
  const partner = world.roll(n, "answered", slot)
  if (partner > 0.3) return
  const other = find(
    world,
    slot + 0.5,
    (candidate) => candidate !== n && world.membership(g, candidate) !== undefined,
  )
  if (other === null) return
  const after_ms = delay(tempo(world).answer_ms, world.roll(other, "answers", slot))
  world.react({ at: at + after_ms, kind: "say", person: other, chat: g, topic: "chat" })
}

function someoneScans(world: World, at: number, slot: number): void {
  // A shop that doubled its people would not be believed: the stream thins out as newcomers pile up.
  const newcomers = world.population() - world.size
  if (world.roll("slot", slot, "thinned") > world.size / (world.size + 6 * newcomers)) return
  const codes = [...world.t.ways.rows].filter(([, way]) => !way.is_temp && way.scene === 2)
  if (codes.length > 0 && world.roll("slot", slot, "own code") < 0.6) {
    const [config_id] = codes[Math.floor(world.roll("slot", slot, "which code") * codes.length)]!
    scanContact(world, at, { config_id, person: newPerson(world) })
    return
  }
  const state = choose(
    ["gzh_menu", "store_01", "store_02", "short_video", "friend_gift"],
    world.seed,
    slot,
    "source",
  )
  const n = newPerson(world)
  const half = world.roll(n, "half") < 0.03
  const userid = world.member(accounts[0]!.userid)
    ? accounts[0]!.userid
    : world.activeMembers().find((m) => m.serves_customers)?.userid
  if (userid) becomeContact(world, at, n, userid, { state, add_way: 1, half })
  if (world.roll(n, "tries the shop") < 0.35) {
    const buy_at = at + delay(tempo(world).buy_ms, world.roll(n, "tries after"))
    world.react({ at: buy_at, kind: "buy", person: n, lead: true, source_code: state })
  }
}

function someoneJoins(world: World, at: number, slot: number): void {
  const n = find(
    world,
    slot,
    (candidate) => friends(world, candidate).length > 0 && world.groupsOf(candidate).length === 0,
  )
  if (n === null) return
  const codes = [...world.t.join_ways.rows].filter(([, way]) => way.scene === 2)
  if (codes.length > 0 && world.roll("slot", slot, "by code") < 0.5) {
    scanGroup(world, at, { person: n }, choose(codes, world.seed, slot, "way")[0])
    return
  }
  const open = [...world.t.chats.rows].filter(([, chat]) => !chat.dismissed && chat.status === 0)
  if (open.length === 0) return
  for (let i = 0; i < TRIES; i++) {
    const [g, chat] = open[Math.floor(world.roll("slot", slot, "which group", i) * open.length)]!
    const how = world.roll("slot", slot, "scene") < 0.5 ? { scene: 3 } : { scene: 1, invitor: chat.owner }
    if (joinGroup(world, at, g, n, how).refused !== "full") return
  }
  // Wherever people look it is full: an owner opens the next group.
  const [, chat] = open[open.length - 1]!
  const name = `${chat.name.replace(/[A-Z]+$/, "")}${letters(world.t.chats.size)}`
  joinGroup(world, at, createGroup(world, at, chat.owner, name), n, { scene: 3 })
}

function someoneBuys(world: World, at: number, slot: number): void {
  const n = find(
    world,
    slot,
    (candidate) =>
      friends(world, candidate).length > 0 &&
      world.roll(candidate, "in the mood", slot) <
        { looker: 0.05, lead: 0.3, low: 0.5, regular: 0.9, member: 1, agent: 0.9 }[
          world.people.kind(candidate)
        ],
  )
  if (n === null) return
  const roll = world.roll(n, "what", slot)
  const kind = world.people.kind(n)
  const want =
    kind === "looker" || kind === "lead"
      ? roll < 0.6
        ? "lead"
        : "low_ticket"
      : roll < 0.05
        ? "membership"
        : roll < 0.2
          ? "low_ticket"
          : "regular"
  buy(world, at, n, { kind: want })
  // Buying comes in bursts: a praised parcel makes neighbours order within minutes.
  if (world.roll("slot", slot, "burst") > 0.06) return
  for (let i = 0; i < 3 + Math.floor(world.roll("slot", slot, "burst size") * 8); i++) {
    const other = someone(world, slot, 100 + i)
    if (friends(world, other).length > 0)
      world.react({
        at: at + Math.floor(120_000 * world.roll(other, "burst after", slot)),
        kind: "buy",
        person: other,
      })
  }
}

function someoneLeavesAGroup(world: World, at: number, slot: number): void {
  const n = find(world, slot, (candidate) => world.groupsOf(candidate).length > 0)
  if (n !== null)
    leaveGroup(
      world,
      at,
      choose(world.groupsOf(n), world.seed, slot, "leaves"),
      n,
      world.roll("slot", slot, "removed") < 0.15 ? "owner" : "self",
    )
}

function someoneDeletes(world: World, at: number, slot: number): void {
  const n = find(world, slot, (candidate) => friends(world, candidate).length > 0)
  if (n === null) return
  const { userid } = choose(friends(world, n), world.seed, slot, "deletes")
  if (world.roll("slot", slot, "by member") < 0.2) memberDeletesCustomer(world, at, n, userid)
  else customerDeletesMember(world, at, n, userid)
}

function staffEdit(world: World, at: number, slot: number): void {
  const n = find(world, slot, (candidate) => friends(world, candidate).length > 0)
  if (n === null) return
  const p = world.people.person(n)
  const follow = choose(friends(world, n), world.seed, slot, "edits")
  const roll = world.roll("slot", slot, "edit")
  if (roll < 0.4) {
    memberEditsCustomer(world, at, n, follow.userid, {
      remark: `${p.real_name}-${p.city}${p.persona}`.slice(0, 20),
    })
  } else if (roll < 0.55) {
    memberEditsCustomer(world, at, n, follow.userid, {
      description: `${p.persona}，${p.city}，${phrase(p, "ask", slot)}`.slice(0, 150),
    })
  } else {
    const wrong = roll > 0.95
    const tag = tagId(world.seed, "人群", wrong ? "学生" : p.persona)
    const region = tagId(world.seed, "地区", p.province)
    memberEditsCustomer(world, at, n, follow.userid, {
      tags: [...new Set([...follow.tags, tag, ...(roll > 0.8 ? [region] : [])])],
    })
  }
}

function anotherAccount(world: World, at: number, slot: number): void {
  const n = find(
    world,
    slot,
    (candidate) => friends(world, candidate).length === 1 && world.people.kind(candidate) !== "looker",
  )
  if (n === null) return
  const next = accounts.find((a) => world.member(a.userid) && !world.relation(n, a.userid))
  if (next) becomeContact(world, at, n, next.userid, { add_way: 3 })
}

function ownerEditsGroup(world: World, at: number, slot: number): void {
  const open = [...world.t.chats.rows].filter(([, chat]) => !chat.dismissed)
  const found = open[Math.floor(world.roll("slot", slot, "group") * open.length)]
  if (!found) return
  const offer = choose(
    ["今晚八点闪购", "新人礼 9.9 元", "周三会员日双倍积分", "进群请先看公告"],
    world.seed,
    slot,
  )
  changeGroup(world, at, found[0], { notice: `${offer}。禁止广告，违者移出。` })
}

/** The owner or an administrator posts: greetings, goods of the evening, rules. */
function staffSpeak(world: World, at: number, slot: number): void {
  const open = [...world.t.chats.rows].filter(([, chat]) => !chat.dismissed)
  const found = open[Math.floor(world.roll("slot", slot, "group") * open.length)]
  if (!found) return
  const [g, chat] = found
  const userid = choose([chat.owner, ...chat.admins], world.seed, slot, "who posts")
  if (!world.member(userid)) return
  const text = choose(staffLines, world.seed, slot, "says")
  world.speak({
    chat_id: world.chat_ids.encode(g),
    sender: { userid },
    kind: "text",
    text,
    sent_at: new Date(at).toISOString(),
  })
  world.happen(at, `${world.member(userid)?.name} 在 ${chat.name} 说：${text}`)
}

/** Shares of the acts: of a believable day, and of a day to watch, where people talk much and buy no more than a shop could send. */
const acts: [act: Act, believable: number, lively: number][] = [
  [someoneSpeaks, 0.37, 0.52],
  [staffSpeak, 0.05, 0.09],
  [someoneBuys, 0.17, 0.06],
  [someoneScans, 0.12, 0.08],
  [someoneJoins, 0.09, 0.07],
  [staffEdit, 0.08, 0.09],
  [anotherAccount, 0.05, 0.03],
  [someoneLeavesAGroup, 0.04, 0.04],
  [someoneDeletes, 0.02, 0.01],
  [ownerEditsGroup, 0.01, 0.01],
]

/** Whether anything happens by itself in a slot. Decided without looking at the world, so that empty slots can be skipped. */
export function slotIsBusy(world: World, slot: number, at: number): boolean {
  const { share, daily_rhythm } = tempo(world)
  return world.roll("slot", slot, "busy") < share * (daily_rhythm ? rhythm(at) : 1)
}

export function runSlot(world: World, at: number, slot: number): void {
  const lively = world.scenario === "lively"
  let roll = world.roll("slot", slot, "act")
  for (const [act, believable, watched] of acts) {
    const share = lively ? watched : believable
    if (roll < share) {
      act(world, at, slot)
      return
    }
    roll -= share
  }
}
