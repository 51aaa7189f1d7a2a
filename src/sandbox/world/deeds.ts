import { hash32 } from "../../kernel/chance.ts"
import { limits } from "../limits.ts"
import { makeOrder, refundOf } from "./orders.ts"
import { phrase } from "./phrases.ts"
import type { Product } from "./products.ts"
import type { CallbackEvent, Follow, Order } from "./records.ts"
import { delay, scenarios } from "./scenario.ts"
import { memberOf } from "./staff.ts"
import type { World } from "./world.ts"

/** What people do with their own hands. Only these raise callbacks; changes that come over the API raise none. */

export const tempo = (world: World) => scenarios[world.scenario] ?? scenarios.lively!

const contactFields = (world: World, userid: string, n: number): CallbackEvent["fields"] => [
  ["UserID", userid],
  ["ExternalUserID", world.people.ids.encode(n)],
]

/** A person nobody knew. */
export function newPerson(world: World): number {
  return world.size + world.next("newcomers") - 1
}

/** Person and member become contacts. `known` marks one whose chat has begun: no welcome code then. */
export function becomeContact(
  world: World,
  at: number,
  n: number,
  userid: string,
  how: { state?: string; add_way: number; half?: boolean; no_welcome?: boolean },
): void {
  const before = world.relation(n, userid)
  if (before && before.lost_at === undefined && !before.half) return
  const p = world.people.person(n)
  const follow: Follow = before
    ? { ...before, at: before.half ? before.at : at, half: how.half, lost_at: undefined }
    : {
        userid,
        at,
        add_way: how.add_way,
        ...(how.state ? { state: how.state } : {}),
        remark: p.name.slice(0, 20),
        description: "",
        tags: [],
        oper_userid: userid,
        ...(how.half ? { half: true } : {}),
      }
  world.putFollow(n, follow)
  const fields = contactFields(world, userid, n)
  if (how.state) fields.push(["State", how.state])
  if (!how.no_welcome && !before?.half) {
    const code = world.newSecret("WC_", 32)
    world.t.welcomes.put(code, { person: n, userid, at, patience_ms: world.patience() })
    world.t.welcomes.trim(limits.callbacks_waiting)
    fields.push(["WelcomeCode", code])
  }
  world.emit(
    at,
    "change_external_contact",
    how.half ? "add_half_external_contact" : "add_external_contact",
    fields,
  )
  world.happen(
    at,
    `${p.name} 添加了 ${memberOf(userid)?.name ?? userid}${how.state ? `（渠道 ${how.state}）` : ""}`,
  )
  if (how.half) world.react({ at: at + 60_000, kind: "confirm_half", person: n, userid })
}

export function customerDeletesMember(world: World, at: number, n: number, userid: string): void {
  const follow = world.relation(n, userid)
  if (!follow || follow.lost_at !== undefined) return
  world.putFollow(n, { ...follow, lost_at: at })
  world.emit(at, "change_external_contact", "del_follow_user", contactFields(world, userid, n))
  world.happen(at, `${world.people.person(n).name} 删除了 ${memberOf(userid)?.name ?? userid}`)
}

export function memberDeletesCustomer(
  world: World,
  at: number,
  n: number,
  userid: string,
  source?: string,
): void {
  if (!world.relation(n, userid)) return
  world.dropFollow(n, userid)
  const fields = contactFields(world, userid, n)
  if (source) fields.push(["Source", source])
  world.emit(at, "change_external_contact", "del_external_contact", fields)
  world.happen(at, `${memberOf(userid)?.name ?? userid} 的好友 ${world.people.person(n).name} 被移除`)
}

/** A member changes remark, description or tags in the client. */
export function memberEditsCustomer(
  world: World,
  at: number,
  n: number,
  userid: string,
  change: Partial<Follow>,
): void {
  const follow = world.relation(n, userid)
  if (!follow) return
  world.putFollow(n, { ...follow, ...change })
  const fields = contactFields(world, userid, n)
  if (follow.state) fields.push(["State", follow.state])
  world.emit(at, "change_external_contact", "edit_external_contact", fields)
  world.happen(at, `${memberOf(userid)?.name ?? userid} 修改了 ${world.people.person(n).name} 的备注或标签`)
}

// Groups

function chatChanged(
  world: World,
  at: number,
  g: number,
  detail: string,
  extra: CallbackEvent["fields"],
  members: string[],
): void {
  const before = world.t.chats.get(g)!.version
  const chat = world.putChat(g, { version: before + 1 })
  world.emit(at, "change_external_chat", "update", [
    ["ChatId", world.chat_ids.encode(g)],
    ["UpdateDetail", detail],
    ...extra,
    ["MemChangeCnt", members.length],
    ...(members.length > 0 ? ([["MemChangeList", members]] as CallbackEvent["fields"]) : []),
    ["LastMemVer", world.memberVersion(g, before)],
    ["CurMemVer", world.memberVersion(g, chat.version)],
  ])
}

/** Answers what stands in the way, if anything: already inside, full, gone. `scene`: 1 invited, 2 link, 3 QR code. */
export function joinGroup(
  world: World,
  at: number,
  g: number,
  n: number,
  how: { scene: number; state?: string; invitor?: string },
): { refused?: "already_inside" | "full" | "no_group" } {
  const chat = world.t.chats.get(g)
  if (!chat || chat.dismissed) return { refused: "no_group" }
  if (world.membership(g, n)) return { refused: "already_inside" }
  if (world.groupSize(g) >= limits.group_capacity) return { refused: "full" }
  world.t.members.put(`${g}:${n}`, { at, ...how })
  const scenes: CallbackEvent["fields"] = [
    ["JoinScene", how.scene === 3 ? 3 : 0],
    ["QuitScene", 0],
  ]
  chatChanged(world, at, g, "add_member", scenes, [world.people.ids.encode(n)])
  const p = world.people.person(n)
  world.happen(at, `${p.name} 进入了 ${chat.name}`)
  const { answer_ms } = tempo(world)
  const roll = world.roll(n, "introduces itself", g)
  if (roll < 0.62) {
    const topic = roll < 0.38 ? "intro" : "hello"
    world.react({
      at: at + delay(answer_ms, world.roll(n, "intro after", g)),
      kind: "say",
      person: n,
      chat: g,
      topic,
    })
  }
  return {}
}

export function leaveGroup(world: World, at: number, g: number, n: number, by: "self" | "owner"): void {
  if (!world.membership(g, n)) return
  world.t.members.put(`${g}:${n}`, { left: at })
  const scenes: CallbackEvent["fields"] = [
    ["JoinScene", 0],
    ["QuitScene", by === "self" ? 0 : 1],
  ]
  chatChanged(world, at, g, "del_member", scenes, [world.people.ids.encode(n)])
  world.happen(
    at,
    `${world.people.person(n).name} ${by === "self" ? "退出了" : "被移出了"} ${world.t.chats.get(g)?.name}`,
  )
}

export function createGroup(world: World, at: number, owner: string, name: string): number {
  const g = world.base_groups + world.next("groups") - 1
  const admins = ["xu_man"]
  const chat = { version: 1, owner, name, notice: "", created_at: at, admins, base: false, status: 0 }
  world.t.chats.put(g, chat)
  world.emit(at, "change_external_chat", "create", [["ChatId", world.chat_ids.encode(g)]])
  world.happen(at, `新建群 ${name}`)
  return g
}

export function changeGroup(
  world: World,
  at: number,
  g: number,
  change: { name?: string; notice?: string; owner?: string },
): void {
  world.putChat(g, change)
  for (const [field, detail, told] of [
    ["name", "change_name", "改了群名"],
    ["notice", "change_notice", "换了群公告"],
    ["owner", "change_owner", "换了群主"],
  ] as const) {
    if (change[field] === undefined) continue
    chatChanged(
      world,
      at,
      g,
      detail,
      [
        ["JoinScene", 0],
        ["QuitScene", 0],
      ],
      [],
    )
    world.happen(at, `群 ${world.t.chats.get(g)?.name} ${told}`)
  }
}

export function dismissGroup(world: World, at: number, g: number): void {
  world.putChat(g, { dismissed: true })
  world.emit(at, "change_external_chat", "dismiss", [["ChatId", world.chat_ids.encode(g)]])
}

const KIND_TOLD = { text: "", image: "[图片]", sticker: "[表情]", voice: "[语音]" } as const

/** A person speaks in a group; refused where it is not a member. Messages travel by the robot gateway only. */
export function say(
  world: World,
  at: number,
  g: number,
  n: number,
  what: { topic?: string; text?: string; kind?: "text" | "image" | "voice" | "sticker" },
): boolean {
  if (!world.membership(g, n)) return false
  const p = world.people.person(n)
  const style = hash32(p.hash, "style", at)
  const kind =
    what.kind ??
    (what.topic === "chat" && style % 10 < 2 ? (["image", "sticker", "voice"] as const)[style % 3]! : "text")
  const text = what.text ?? (kind === "text" ? phrase(p, what.topic ?? "chat", at) : "")
  world.speak({
    chat_id: world.chat_ids.encode(g),
    sender: { external_userid: world.people.ids.encode(n) },
    kind,
    text,
    sent_at: new Date(at).toISOString(),
  })
  world.happen(at, `${p.name} 在 ${world.t.chats.get(g)?.name} 说：${text || KIND_TOLD[kind]}`)
  return true
}

// Shop

export function buy(
  world: World,
  at: number,
  n: number,
  want: { kind?: Product["kind"]; sku?: string; amount_fen?: number; source_code?: string } = {},
): Order {
  const seq = world.next("order")
  const p = world.people.person(n)
  const order = makeOrder(world.people, p, `live ${seq}`, at, `S${String(seq).padStart(9, "0")}`, want)
  world.sell(order)
  const totals = world.meta("totals")
  world.t.meta.put("totals", {
    ...totals,
    live_orders: totals.live_orders + 1,
    live_paid_fen: totals.live_paid_fen + order.amount_fen,
  })
  world.happen(
    at,
    `${p.name} 下单 ${order.lines.map((line) => line.name).join("、")} ¥${(order.amount_fen / 100).toFixed(2)}`,
  )
  if (order.amount_fen > order.shipping_fen && world.roll(n, "sends it back", seq) < 0.03) {
    world.react({
      at: at + delay(tempo(world).buy_ms, world.roll(n, "back after", seq)) * 4,
      kind: "refund",
      order,
    })
  }
  return order
}

export function refund(world: World, at: number, order: Order): Order {
  const refunded = refundOf(order, at, true)
  world.sell(refunded)
  const totals = world.meta("totals")
  const amount_fen = refunded.refund?.amount_fen ?? 0
  world.t.meta.put("totals", {
    ...totals,
    refunds: totals.refunds + 1,
    refunded_fen: totals.refunded_fen + amount_fen,
  })
  world.happen(at, `退款 ${order.order_no} ¥${(amount_fen / 100).toFixed(2)}`)
  return refunded
}
