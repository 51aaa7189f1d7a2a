import { z } from "zod"
import type { Follow } from "../world/records.ts"
import type { World } from "../world/world.ts"
import { openCursor, sealCursor } from "./cursor.ts"
import {
  characters,
  type Endpoint,
  endpoint,
  fail,
  isFailure,
  none,
  paging,
  seconds,
  text,
} from "./endpoint.ts"
import { relationOf } from "./relation.ts"
import { tagIndex } from "./tags.ts"

/** A person as the customer of a member: 40096 unknown, 84061 no relation (or half-added), 60111 no such member. */
function externalContact(world: World, n: number) {
  const p = world.people.person(n)
  return {
    external_userid: world.people.ids.encode(n),
    name: p.name,
    type: 1,
    avatar: world.people.avatar(n),
    gender: p.gender,
    unionid: world.people.unionid(n),
  }
}

function followBase(follow: Follow) {
  return {
    userid: follow.userid,
    remark: follow.remark,
    description: follow.description,
    createtime: seconds(follow.at),
    remark_corp_name: follow.company ?? "",
    remark_mobiles: follow.mobiles ?? [],
    add_way: follow.add_way,
    oper_userid: follow.oper_userid ?? follow.userid,
    ...(follow.state ? { state: follow.state } : {}),
  }
}

const followUsers = endpoint({
  path: "externalcontact/get_follow_user_list",
  method: "GET",
  empty: { follow_user: [] },
  args: none,
  run: ({ world }) => ({
    follow_user: world
      .activeMembers()
      .filter((m) => m.serves_customers)
      .map((m) => m.userid),
  }),
})

const list = endpoint({
  path: "externalcontact/list",
  method: "GET",
  empty: { external_userid: [] },
  args: z.object({ userid: text }),
  run({ world }, { userid }) {
    const member = world.member(userid)
    if (!member) return fail(60111)
    const ids: string[] = []
    for (const n of world.customersOf(member.userid)) ids.push(world.people.ids.encode(n))
    return { external_userid: ids }
  },
})

const get = endpoint({
  path: "externalcontact/get",
  method: "GET",
  empty: { follow_user: [] },
  args: z.object({ external_userid: text, cursor: z.string().optional() }),
  run({ world }, { external_userid }) {
    const n = world.personOf(external_userid)
    if (n === null) return fail(40096)
    const follows = world.follows(n).filter((f) => !f.half && world.member(f.userid))
    if (follows.length === 0) return fail(84061)
    const tags = tagIndex(world)
    return {
      external_contact: externalContact(world, n),
      follow_user: follows.map((follow) => ({
        ...followBase(follow),
        tags: [
          ...follow.tags.flatMap((id) => {
            const tag = tags.get(id)
            return tag ? [{ group_name: tag.group_name, tag_name: tag.name, tag_id: id, type: 1 }] : []
          }),
          ...(follow.own_tags ?? []).map((name) => ({ group_name: "", tag_name: name, type: 2 })),
        ],
      })),
      next_cursor: "",
    }
  },
})

const batchGet = endpoint({
  path: "externalcontact/batch/get_by_user",
  empty: { external_contact_list: [] },
  args: z.object({ userid_list: z.array(text).min(1).max(100), ...paging }),
  run({ world }, { userid_list, cursor, limit }) {
    const scope = `batch:${userid_list.join(",")}`
    const opened = openCursor(world.seed, scope, cursor)
    if (opened === null) return fail(50100)
    if (userid_list.some((userid) => !world.member(userid))) return fail(60111)
    const max = Math.min(Math.max(limit ?? 50, 1), 100)
    const tags = tagIndex(world)
    const found: unknown[] = []
    let [user = 0, from = 0] = opened.map(Number)
    for (; user < userid_list.length; user++, from = 0) {
      const userid = world.member(userid_list[user]!)!.userid
      for (const n of world.customersOf(userid, from)) {
        if (found.length === max)
          return { external_contact_list: found, next_cursor: sealCursor(world.seed, scope, [user, n]) }
        const follow = world.relation(n, userid)!
        const tag_id = follow.tags.filter((id) => tags.has(id))
        found.push({
          external_contact: externalContact(world, n),
          follow_info: { ...followBase(follow), tag_id },
        })
      }
    }
    return { external_contact_list: found, next_cursor: "" }
  },
})

const remark = endpoint({
  path: "externalcontact/remark",
  args: z.object({
    userid: text,
    external_userid: text,
    remark: z.string().optional(),
    remark_company: z.string().optional(),
    remark_mobiles: z.union([z.array(z.string()), z.string()]).optional(),
    remark_pic_mediaid: z.string().optional(),
    description: z.string().optional(),
  }),
  run({ world }, args) {
    const { remark, remark_company, description, remark_mobiles, remark_pic_mediaid } = args
    if (
      [remark, remark_company, description, remark_mobiles, remark_pic_mediaid].every((v) => v === undefined)
    )
      return fail(40058)
    if (
      characters(remark ?? "") > 20 ||
      characters(remark_company ?? "") > 20 ||
      characters(description ?? "") > 150
    )
      return fail(40058)
    const related = relationOf(world, args.userid, args.external_userid)
    if (isFailure(related)) return related
    const mobiles = remark_mobiles === undefined ? undefined : [remark_mobiles].flat().filter((m) => m !== "")
    world.putFollow(related.n, {
      ...related.follow,
      ...(remark === undefined ? {} : { remark }),
      ...(description === undefined ? {} : { description }),
      ...(remark_company === undefined ? {} : { company: remark_company }),
      ...(mobiles === undefined ? {} : { mobiles }),
    })
    return {}
  },
})

const byUnionid = endpoint({
  path: "externalcontact/unionid_to_external_userid",
  args: z.object({ unionid: text }),
  run({ world }, { unionid }) {
    const n = world.people.byUnionid(unionid)
    if (n === null || n >= world.population()) return fail(40096)
    return { external_userid: world.people.ids.encode(n) }
  },
})

export const customerEndpoints: Endpoint[] = [followUsers, list, get, batchGet, remark, byUnionid]
