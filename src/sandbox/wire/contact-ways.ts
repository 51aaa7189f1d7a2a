import { z } from "zod"
import { limits } from "../limits.ts"
import type { ContactWay } from "../world/records.ts"
import { pageOf } from "./cursor.ts"
import {
  bit,
  byteLength,
  type Ctx,
  characters,
  type Endpoint,
  endpoint,
  type Failure,
  fail,
  paging,
  seconds,
  text,
} from "./endpoint.ts"

const DAY_S = 86_400

const fields = {
  style: z.number().int().optional(),
  remark: z.string().optional(),
  skip_verify: bit.optional(),
  state: z.string().optional(),
  user: z.array(text).optional(),
  party: z.array(z.number().int()).optional(),
  is_temp: bit.optional(),
  expires_in: z.number().int().optional(),
  chat_expires_in: z.number().int().optional(),
  unionid: z.string().optional(),
  is_exclusive: bit.optional(),
  mark_source: bit.optional(),
  conclusions: z.record(z.string(), z.unknown()).optional(),
}

/** What is wrong with a way, or null. Lengths are in characters, the closing text in bytes. */
function faultOf({ world }: Ctx, way: ContactWay): Failure | null {
  if (characters(way.remark) > 30 || characters(way.state) > 30)
    return fail(40058, "remark or state too long")
  if (way.user.length > 100) return fail(41041)
  if (way.user.length + way.party.length === 0) return fail(40063, "user")
  if (way.type === 1 && way.user.length !== 1) return fail(40058, "type 1 takes one user")
  for (const userid of way.user) {
    const member = world.member(userid)
    if (!member) return fail(60111)
    if (!member.serves_customers) return fail(41054)
  }
  const closing = way.conclusions.text as { content?: string } | undefined
  if (byteLength(closing?.content ?? "") > 4_000) return fail(40058, "conclusions")
  if ((way.expires_in ?? 0) > 14 * DAY_S || (way.chat_expires_in ?? 0) > 14 * DAY_S)
    return fail(40058, "expires_in")
  return null
}

const qrCode = (config_id: string): string => `https://wework.qpic.cn/wwpic/sandbox/qr/${config_id}/0`

const add = endpoint({
  path: "externalcontact/add_contact_way",
  args: z.object({ type: z.number().int(), scene: z.number().int(), ...fields }),
  run(ctx, args) {
    const { world, at } = ctx
    if (args.type !== 1 && args.type !== 2) return fail(41039)
    if (args.scene !== 1 && args.scene !== 2) return fail(41040)
    if (world.t.ways.size + world.t.join_ways.size >= limits.contact_ways) return fail(41045)
    const way: ContactWay = {
      type: args.type,
      scene: args.scene,
      style: args.style ?? 1,
      remark: args.remark ?? "",
      skip_verify: args.skip_verify ?? true,
      state: args.state ?? "",
      user: (args.user ?? []).map((userid) => world.member(userid)?.userid ?? userid),
      party: args.party ?? [],
      is_temp: args.is_temp ?? false,
      is_exclusive: args.is_exclusive ?? false,
      mark_source: args.mark_source ?? true,
      conclusions: args.conclusions ?? {},
      created_at: at,
      ...(args.is_temp
        ? { expires_in: args.expires_in ?? 7 * DAY_S, chat_expires_in: args.chat_expires_in ?? DAY_S }
        : {}),
      ...(args.unionid ? { unionid: args.unionid } : {}),
    }
    const fault = faultOf(ctx, way)
    if (fault) return fault
    const config_id = world.newId("", 32)
    world.t.ways.put(config_id, way)
    return { config_id, ...(way.scene === 2 ? { qr_code: qrCode(config_id) } : {}) }
  },
})

const get = endpoint({
  path: "externalcontact/get_contact_way",
  args: z.object({ config_id: text }),
  run({ world }, { config_id }) {
    const way = world.t.ways.get(config_id)
    if (!way) return fail(41044)
    const { created_at: _, ...shown } = way
    return {
      contact_way: { config_id, ...shown, ...(way.scene === 2 ? { qr_code: qrCode(config_id) } : {}) },
    }
  },
})

const update = endpoint({
  path: "externalcontact/update_contact_way",
  args: z.object({ config_id: text, ...fields }),
  run(ctx, { config_id, ...change }) {
    const way = ctx.world.t.ways.get(config_id)
    if (!way) return fail(41044)
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
    const next: ContactWay = { ...way, ...given }
    const fault = faultOf(ctx, next)
    if (fault) return fault
    ctx.world.t.ways.put(config_id, next)
    return {}
  },
})

const list = endpoint({
  path: "externalcontact/list_contact_way",
  empty: { contact_way: [] },
  args: z.object({
    start_time: z.number().int().optional(),
    end_time: z.number().int().optional(),
    ...paging,
  }),
  run({ world, at }, { start_time, end_time, cursor, limit }) {
    const from = start_time ?? seconds(at) - 90 * DAY_S
    const to = end_time ?? seconds(at)
    const ways = [...world.t.ways.rows].filter(
      ([, way]) => !way.is_temp && seconds(way.created_at) >= from && seconds(way.created_at) <= to,
    )
    const page = pageOf(
      ways,
      { cursor, limit },
      { seed: world.seed, scope: `ways:${start_time}:${end_time}`, fallback: 100, max: 1_000 },
    )
    if (!page) return fail(50100)
    return { contact_way: page.items.map(([config_id]) => ({ config_id })), next_cursor: page.next_cursor }
  },
})

const del = endpoint({
  path: "externalcontact/del_contact_way",
  args: z.object({ config_id: text }),
  run({ world }, { config_id }) {
    if (!world.t.ways.has(config_id)) return fail(41044)
    world.t.ways.del(config_id)
    return {}
  },
})

export const contactWayEndpoints: Endpoint[] = [add, get, update, list, del]
