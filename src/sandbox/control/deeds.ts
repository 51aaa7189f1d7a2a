import { z } from "zod"
import { limits } from "../limits.ts"
import { begin, write } from "../world/chat.ts"
import * as deeds from "../world/deeds.ts"
import { pressSend } from "../world/mass.ts"
import { publishMoment } from "../world/moments.ts"
import { scanContact } from "../world/scan.ts"
import { adminDeletesTag, adminMakesTags, adminRenamesTag } from "../world/tag-deeds.ts"
import { resign } from "../world/transfers.ts"
import { type Control, type Refused, type Route, route } from "./route.ts"

const id = z.string().min(1)
const count = z.number().int().min(1).max(limits.scan_count).default(1)

/** The number behind an id, or the refusal. */
function personIn({ world }: Control, external_userid: string): number | Refused {
  return world.personOf(external_userid) ?? { refused: "no_such_person", field: "external_userid" }
}

const chatIn = ({ world }: Control, chat_id: string): number | Refused =>
  world.chatOf(chat_id) ?? { refused: "no_such_group", field: "chat_id" }

const isRefused = (value: number | Refused): value is Refused => typeof value !== "number"

const scan = route(
  "POST",
  "scan",
  z.object({
    config_id: id.optional(),
    state: z.string().optional(),
    userid: id.optional(),
    external_userid: id.optional(),
    count,
  }),
  (c, ask) => {
    const person = ask.external_userid === undefined ? undefined : personIn(c, ask.external_userid)
    if (person !== undefined && isRefused(person)) return person
    const scanned: unknown[] = []
    for (let i = 0; i < (person === undefined ? ask.count : 1); i++) {
      const answer = scanContact(c.world, c.clock.now(), { ...ask, person })
      if ("refused" in answer) return scanned.length > 0 ? { scanned, stopped_by: answer.refused } : answer
      const { person: n, ...rest } = answer
      scanned.push({
        external_userid: c.world.people.ids.encode(n),
        name: c.world.people.person(n).name,
        ...rest,
      })
    }
    return { scanned }
  },
)

const buy = route(
  "POST",
  "buy",
  z.object({
    /** Whoever buys; several buy one each. */
    external_userid: z.union([id, z.array(id).min(1).max(limits.scan_count)]),
    sku: z.string().optional(),
    kind: z.enum(["lead", "low_ticket", "membership", "regular"]).optional(),
    amount_fen: z.number().int().min(0).max(100_000_000).optional(),
    source_code: z.string().max(64).optional(),
  }),
  (c, { external_userid, ...ask }) => {
    const people = [external_userid].flat().map((one) => personIn(c, one))
    const stranger = people.find(isRefused)
    if (stranger !== undefined) return stranger
    const orders = people.map((n) => deeds.buy(c.world, c.clock.now(), n as number, ask))
    return { order: orders[0], orders }
  },
)

const refund = route("POST", "refund", z.object({ order_no: id }), (c, { order_no }) => {
  const orders = [...c.world.t.live_orders.rows.values()].filter((order) => order.order_no === order_no)
  if (orders.length === 0) return { refused: "no_such_order", field: "order_no" }
  if (orders.some((order) => order.status === "refunded")) return { refused: "already_refunded" }
  if (orders[0]!.amount_fen === orders[0]!.shipping_fen) return { refused: "nothing_to_refund" }
  return { order: deeds.refund(c.world, c.clock.now(), orders[0]!) }
})

const say = route(
  "POST",
  "say",
  z.object({
    chat_id: id,
    external_userid: id.optional(),
    text: z.string().max(5_000).optional(),
    kind: z.enum(["text", "image", "voice", "sticker"]).default("text"),
    topic: z.string().optional(),
  }),
  (c, ask) => {
    const g = chatIn(c, ask.chat_id)
    if (isRefused(g)) return g
    const first = c.world.groupMembers(g).next().value
    const n =
      ask.external_userid === undefined
        ? (first?.[0] ?? { refused: "empty_group" })
        : personIn(c, ask.external_userid)
    if (isRefused(n)) return n
    const said = deeds.say(c.world, c.clock.now(), g, n, ask)
    return said ? { external_userid: c.world.people.ids.encode(n) } : { refused: "not_in_the_group" }
  },
)

const joinGroup = route(
  "POST",
  "join-group",
  z.object({
    chat_id: id,
    external_userid: id.optional(),
    state: z.string().optional(),
    scene: z.number().int().min(1).max(3).default(3),
    invitor: z.string().optional(),
    count,
  }),
  (c, ask) => {
    const g = chatIn(c, ask.chat_id)
    if (isRefused(g)) return g
    const joined: string[] = []
    for (let i = 0; i < (ask.external_userid ? 1 : ask.count); i++) {
      const n = ask.external_userid ? personIn(c, ask.external_userid) : deeds.newPerson(c.world)
      if (isRefused(n)) return n
      const how = {
        scene: ask.scene,
        ...(ask.state ? { state: ask.state } : {}),
        ...(ask.invitor ? { invitor: ask.invitor } : {}),
      }
      const answer = deeds.joinGroup(c.world, c.clock.now(), g, n, how)
      if (answer.refused)
        return joined.length > 0 ? { joined, stopped_by: answer.refused } : { refused: answer.refused }
      joined.push(c.world.people.ids.encode(n))
    }
    return { joined }
  },
)

const leaveGroup = route(
  "POST",
  "leave-group",
  z.object({ chat_id: id, external_userid: id, by: z.enum(["self", "owner"]).default("self") }),
  (c, ask) => {
    const g = chatIn(c, ask.chat_id)
    if (isRefused(g)) return g
    const n = personIn(c, ask.external_userid)
    if (isRefused(n)) return n
    if (!c.world.membership(g, n)) return { refused: "not_in_the_group" }
    deeds.leaveGroup(c.world, c.clock.now(), g, n, ask.by)
    return {}
  },
)

const createGroup = route("POST", "create-group", z.object({ owner: id, name: id }), (c, { owner, name }) => {
  const member = c.world.member(owner)
  if (!member) return { refused: "no_such_member", field: "owner" }
  return { chat_id: c.world.chat_ids.encode(deeds.createGroup(c.world, c.clock.now(), member.userid, name)) }
})

const changeGroup = route(
  "POST",
  "change-group",
  z.object({
    chat_id: id,
    name: id.optional(),
    notice: z.string().optional(),
    owner: id.optional(),
    dismiss: z.boolean().optional(),
  }),
  (c, { chat_id, dismiss, ...change }) => {
    const g = chatIn(c, chat_id)
    if (isRefused(g)) return g
    if (dismiss) deeds.dismissGroup(c.world, c.clock.now(), g)
    else deeds.changeGroup(c.world, c.clock.now(), g, change)
    return {}
  },
)

const remove = route(
  "POST",
  "delete",
  z.object({ external_userid: id, userid: id, by: z.enum(["customer", "member"]).default("customer") }),
  (c, ask) => {
    const n = personIn(c, ask.external_userid)
    if (isRefused(n)) return n
    if (!c.world.relation(n, ask.userid)) return { refused: "not_a_contact" }
    if (ask.by === "customer") deeds.customerDeletesMember(c.world, c.clock.now(), n, ask.userid)
    else deeds.memberDeletesCustomer(c.world, c.clock.now(), n, ask.userid)
    return {}
  },
)

const pressAll = route(
  "POST",
  "staff/press-send",
  z.object({ msgid: id.optional(), userid: id.optional() }),
  (c, ask) => {
    const pressed: { msgid: string; userid: string }[] = []
    for (const [key, part] of c.world.t.mass_parts.rows) {
      const msgid = key.slice(0, key.indexOf(":"))
      if ((ask.msgid && msgid !== ask.msgid) || (ask.userid && part.userid !== ask.userid)) continue
      if (pressSend(c.world, c.clock.now(), msgid, part.userid)) pressed.push({ msgid, userid: part.userid })
    }
    return { pressed }
  },
)

const publishAll = route(
  "POST",
  "staff/publish",
  z.object({ moment_id: id.optional(), userid: id.optional() }),
  (c, ask) => {
    const published: { moment_id: string; userid: string }[] = []
    for (const [moment_id, moment] of c.world.t.moments.rows) {
      if (ask.moment_id && moment_id !== ask.moment_id) continue
      for (const userid of moment.users) {
        if (ask.userid && userid !== ask.userid) continue
        if (publishMoment(c.world, c.clock.now(), moment_id, userid)) published.push({ moment_id, userid })
      }
    }
    return { published }
  },
)

const edit = route(
  "POST",
  "staff/edit",
  z.object({
    userid: id,
    external_userid: id,
    remark: z.string().max(20).optional(),
    description: z.string().max(150).optional(),
    tags: z.array(id).optional(),
  }),
  (c, { userid, external_userid, ...change }) => {
    const n = personIn(c, external_userid)
    if (isRefused(n)) return n
    if (!c.world.relation(n, userid)) return { refused: "not_a_contact" }
    deeds.memberEditsCustomer(
      c.world,
      c.clock.now(),
      n,
      userid,
      Object.fromEntries(Object.entries(change).filter(([, v]) => v !== undefined)),
    )
    return {}
  },
)

/** Member and customer begin to chat, or one of them writes something. */
const chat = route(
  "POST",
  "staff/chat",
  z.object({
    userid: id,
    external_userid: id,
    text: z.string().trim().min(1).max(limits.said_characters).optional(),
    by: z.enum(["member", "customer"]).default("member"),
  }),
  (c, { userid, external_userid, text, by }) => {
    const n = personIn(c, external_userid)
    if (isRefused(n)) return n
    if (text !== undefined) return write(c.world, c.clock.now(), n, userid, { by, text })
    begin(c.world, n, userid)
    return {}
  },
)

const leave = route("POST", "staff/resign", z.object({ userid: id }), (c, { userid }) =>
  resign(c.world, c.clock.now(), userid) ? {} : { refused: "no_such_member", field: "userid" },
)

const tagName = z.string().min(1).max(30)
const changeTags = route(
  "POST",
  "change-tags",
  z.discriminatedUnion("do", [
    z.object({ do: z.literal("make"), group_name: tagName, names: z.array(tagName).min(1).max(100) }),
    z.object({ do: z.literal("rename"), id, name: tagName }),
    z.object({ do: z.literal("delete"), id }),
  ]),
  (c, ask) => {
    const at = c.clock.now()
    if (ask.do === "make") return adminMakesTags(c.world, at, ask.group_name, ask.names)
    const done =
      ask.do === "rename"
        ? adminRenamesTag(c.world, at, ask.id, ask.name)
        : adminDeletesTag(c.world, at, ask.id)
    return done ? {} : { refused: "no_such_tag", field: "id" }
  },
)

export const deedRoutes: Route[] = [
  scan,
  buy,
  refund,
  say,
  joinGroup,
  leaveGroup,
  createGroup,
  changeGroup,
  remove,
  pressAll,
  publishAll,
  edit,
  changeTags,
  chat,
  leave,
]
