import { z } from "zod"
import { limits } from "../limits.ts"
import { memberOf } from "../world/staff.ts"
import { openCursor, sealCursor } from "./cursor.ts"
import {
  bit,
  type Ctx,
  characters,
  type Endpoint,
  endpoint,
  type Failure,
  fail,
  seconds,
  text,
} from "./endpoint.ts"

const list = endpoint({
  path: "externalcontact/groupchat/list",
  empty: { group_chat_list: [] },
  args: z.object({
    status_filter: z.number().int().min(0).max(3).default(0),
    owner_filter: z.object({ userid_list: z.array(text).max(100).optional() }).optional(),
    limit: z.number().int().min(1).max(1_000),
    cursor: z.string().optional(),
  }),
  run({ world }, { status_filter, owner_filter, limit, cursor }) {
    const scope = `groups:${status_filter}:${owner_filter?.userid_list?.join(",") ?? ""}`
    const opened = openCursor(world.seed, scope, cursor)
    if (opened === null) return fail(50100)
    const owners = owner_filter?.userid_list
      ? new Set(owner_filter.userid_list.map((u) => u.toLowerCase()))
      : null
    const from = Number(opened[0] ?? -1)
    const found: { chat_id: string; status: number }[] = []
    let last = from
    const keys = [...world.t.chats.rows.keys()].sort((a, b) => a - b)
    for (const g of keys) {
      const chat = world.t.chats.get(g)!
      if (g <= from || chat.dismissed || (owners && !owners.has(chat.owner))) continue
      if (status_filter !== 0 && chat.status !== status_filter) continue
      if (found.length === limit)
        return { group_chat_list: found, next_cursor: sealCursor(world.seed, scope, [last]) }
      found.push({ chat_id: world.chat_ids.encode(g), status: chat.status })
      last = g
    }
    return { group_chat_list: found, next_cursor: "" }
  },
})

const get = endpoint({
  path: "externalcontact/groupchat/get",
  args: z.object({ chat_id: text, need_name: z.union([z.number(), z.boolean()]).optional() }),
  run({ world }, { chat_id, need_name }) {
    const g = world.chatOf(chat_id)
    const chat = g === null ? undefined : world.t.chats.get(g)
    if (g === null || !chat) return fail(40058, "invalid chat_id")
    if (chat.dismissed) return fail(49008)
    const named = need_name === 1 || need_name === true
    const inside = [chat.owner, ...chat.admins.filter((userid) => userid !== chat.owner)].map((userid) => ({
      userid,
      type: 1,
      join_time: seconds(chat.created_at),
      join_scene: 1,
      ...(userid === chat.owner ? {} : { invitor: { userid: chat.owner } }),
      ...(named ? { name: memberOf(userid)?.name ?? userid } : {}),
      group_nickname: "",
    }))
    const outside = []
    for (const [n, member] of world.groupMembers(g)) {
      outside.push({
        userid: world.people.ids.encode(n),
        type: 2,
        unionid: world.people.unionid(n),
        join_time: seconds(member.at),
        join_scene: member.scene,
        ...(member.invitor ? { invitor: { userid: member.invitor } } : {}),
        ...(member.state ? { state: member.state } : {}),
        ...(named ? { name: world.people.person(n).name } : {}),
        group_nickname: "",
      })
    }
    return {
      group_chat: {
        chat_id,
        name: chat.name,
        owner: chat.owner,
        create_time: seconds(chat.created_at),
        notice: chat.notice,
        member_list: [...inside, ...outside],
        admin_list: chat.admins.map((userid) => ({ userid })),
        member_version: world.memberVersion(g, chat.version),
      },
    }
  },
})

// Join ways

const way = {
  scene: z.number().int(),
  remark: z.string().default(""),
  auto_create_room: bit.default(true),
  room_base_name: z.string().default(""),
  room_base_id: z.number().int().default(1),
  chat_id_list: z.array(text).min(1),
  state: z.string().default(""),
  mark_source: bit.default(true),
}
const wayArgs = z.object(way)

function faultOf({ world }: Ctx, args: z.infer<typeof wayArgs>): Failure | null {
  if (args.scene !== 1 && args.scene !== 2) return fail(41040)
  if (args.chat_id_list.length > 5) return fail(41091)
  if (args.chat_id_list.some((chat_id) => world.chatOf(chat_id) === null))
    return fail(40058, "invalid chat_id")
  if (characters(args.state) > 30 || characters(args.room_base_name) > 40) return fail(40058)
  return null
}

const kept = (args: z.infer<typeof wayArgs>) => ({
  ...args,
  remark: [...args.remark].slice(0, 30).join(""),
  auto_create_room: args.auto_create_room ? 1 : 0,
})

const addWay = endpoint({
  path: "externalcontact/groupchat/add_join_way",
  args: wayArgs,
  run(ctx, args) {
    const { world } = ctx
    if (world.t.ways.size + world.t.join_ways.size >= limits.contact_ways) return fail(41045)
    const fault = faultOf(ctx, args)
    if (fault) return fault
    const config_id = world.newId("", 32)
    world.t.join_ways.put(config_id, kept(args))
    return { config_id }
  },
})

const getWay = endpoint({
  path: "externalcontact/groupchat/get_join_way",
  args: z.object({ config_id: text }),
  run({ world }, { config_id }) {
    const found = world.t.join_ways.get(config_id)
    if (!found) return fail(41044)
    const qr_code =
      found.scene === 2 ? { qr_code: `https://wework.qpic.cn/wwpic/sandbox/group/${config_id}/0` } : {}
    return { join_way: { config_id, ...found, ...qr_code } }
  },
})

const updateWay = endpoint({
  path: "externalcontact/groupchat/update_join_way",
  args: z.object({ config_id: text, ...way }),
  run(ctx, { config_id, ...args }) {
    if (!ctx.world.t.join_ways.has(config_id)) return fail(41044)
    const fault = faultOf(ctx, args)
    if (fault) return fault
    ctx.world.t.join_ways.put(config_id, kept(args))
    return {}
  },
})

const delWay = endpoint({
  path: "externalcontact/groupchat/del_join_way",
  args: z.object({ config_id: text }),
  run({ world }, { config_id }) {
    if (!world.t.join_ways.has(config_id)) return fail(41044)
    world.t.join_ways.del(config_id)
    return {}
  },
})

export const groupEndpoints: Endpoint[] = [list, get, addWay, getWay, updateWay, delWay]
