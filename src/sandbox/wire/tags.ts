import { z } from "zod"
import { limits } from "../limits.ts"
import type { Tag, TagGroup } from "../world/records.ts"
import type { World } from "../world/world.ts"
import { type Ctx, characters, type Endpoint, endpoint, fail, isFailure, seconds, text } from "./endpoint.ts"
import { relationOf } from "./relation.ts"

const agentid = z.number().int().optional()
const named = z.object({ name: z.string().min(1), order: z.number().int().min(0).max(4294967295).optional() })

type Indexed = Tag & { group_id: string; group_name: string }
const indexes = new WeakMap<World, { changed: number; index: Map<string, Indexed> }>()

/** Every tag by its id, with its group's name. */
export function tagIndex(world: World): ReadonlyMap<string, Indexed> {
  const kept = indexes.get(world)
  if (kept?.changed === world.tags_changed) return kept.index
  const index = new Map<string, Indexed>()
  for (const [group_id, group] of world.t.tag_groups.rows) {
    for (const tag of group.tags) index.set(tag.id, { ...tag, group_id, group_name: group.name })
  }
  indexes.set(world, { changed: world.tags_changed, index })
  return index
}

const shownTag = ({ id, name, order, create_time }: Tag) => ({ id, name, order, create_time })
const shownGroup = (group_id: string, group: TagGroup, tags = group.tags) => ({
  group_id,
  group_name: group.name,
  create_time: group.create_time,
  order: group.order,
  tag: tags.map(shownTag),
})

const getList = endpoint({
  path: "externalcontact/get_corp_tag_list",
  empty: { tag_group: [] },
  args: z.object({ tag_id: z.array(text).optional(), group_id: z.array(text).optional() }),
  run({ world }, { tag_id, group_id }) {
    const groups = [...world.t.tag_groups.rows]
    if (tag_id && tag_id.length > 0) {
      const some = groups.map(([id, group]) =>
        shownGroup(
          id,
          group,
          group.tags.filter((tag) => tag_id.includes(tag.id)),
        ),
      )
      return { tag_group: some.filter((group) => group.tag.length > 0) }
    }
    const wanted = group_id && group_id.length > 0 ? groups.filter(([id]) => group_id.includes(id)) : groups
    return { tag_group: wanted.map(([id, group]) => shownGroup(id, group)) }
  },
})

const wrongAgent = ({ config }: Ctx, id: number | undefined): boolean =>
  id !== undefined && id !== 0 && id !== config.agent_id

const add = endpoint({
  path: "externalcontact/add_corp_tag",
  args: z.object({
    group_id: z.string().optional(),
    group_name: z.string().optional(),
    order: z.number().int().min(0).max(4294967295).optional(),
    tag: z.array(named).min(1),
    agentid,
  }),
  run(ctx, args) {
    const { world, at } = ctx
    if (wrongAgent(ctx, args.agentid)) return fail(301002)
    const byName = [...world.t.tag_groups.rows].find(([, group]) => group.name === args.group_name)
    const id = args.group_id || byName?.[0]
    const existing = id ? world.t.tag_groups.get(id) : undefined
    if (args.group_id && !existing) return fail(40068)
    if (!existing && !args.group_name) return fail(40058, "group_name")
    if ([args.group_name ?? "", ...args.tag.map((tag) => tag.name)].some((name) => characters(name) > 30))
      return fail(40072)
    const names = new Set(existing?.tags.map((tag) => tag.name))
    const fresh = args.tag.filter((tag, i) => args.tag.findIndex((other) => other.name === tag.name) === i)
    if (fresh.some((tag) => names.has(tag.name))) return fail(40071)
    if (tagIndex(world).size + fresh.length > limits.corp_tags) return fail(45024)
    const create_time = seconds(at)
    const group_id = id ?? world.newId("et", 32)
    const made = fresh.map((tag) => ({
      id: world.newId("et", 32),
      name: tag.name,
      order: tag.order ?? 0,
      create_time,
      by_app: true,
    }))
    const group: TagGroup = existing ?? {
      name: args.group_name!,
      order: args.order ?? 0,
      create_time,
      by_app: true,
      tags: [],
    }
    world.t.tag_groups.put(group_id, { ...group, tags: [...group.tags, ...made] })
    return { tag_group: shownGroup(group_id, group, made) }
  },
})

const edit = endpoint({
  path: "externalcontact/edit_corp_tag",
  args: z.object({
    id: text,
    name: z.string().optional(),
    order: z.number().int().min(0).max(4294967295).optional(),
    agentid,
  }),
  run(ctx, { id, name, order, agentid: agent }) {
    const { world } = ctx
    if (wrongAgent(ctx, agent)) return fail(301002)
    if (name !== undefined && (name === "" || characters(name) > 30)) return fail(40072)
    const change = { ...(name === undefined ? {} : { name }), ...(order === undefined ? {} : { order }) }
    const group = world.t.tag_groups.get(id)
    if (group) {
      if (!group.by_app) return fail(48002, "tag was not created by this app")
      if ([...world.t.tag_groups.rows].some(([other, g]) => other !== id && g.name === name))
        return fail(40071)
      world.t.tag_groups.put(id, { ...group, ...change })
      return {}
    }
    const tag = tagIndex(world).get(id)
    if (!tag) return fail(40068)
    if (!tag.by_app) return fail(48002, "tag was not created by this app")
    const home = world.t.tag_groups.get(tag.group_id)!
    if (home.tags.some((other) => other.id !== id && other.name === name)) return fail(40071)
    world.t.tag_groups.put(tag.group_id, {
      ...home,
      tags: home.tags.map((t) => (t.id === id ? { ...t, ...change } : t)),
    })
    return {}
  },
})

const del = endpoint({
  path: "externalcontact/del_corp_tag",
  args: z.object({ tag_id: z.array(text).optional(), group_id: z.array(text).optional(), agentid }),
  run(ctx, { tag_id = [], group_id = [], agentid: agent }) {
    const { world } = ctx
    if (wrongAgent(ctx, agent)) return fail(301002)
    if (tag_id.length + group_id.length === 0) return fail(40058)
    const index = tagIndex(world)
    const tags = tag_id.map((id) => index.get(id))
    const groups = group_id.map((id) => world.t.tag_groups.get(id))
    if (tags.includes(undefined) || groups.includes(undefined)) return fail(40068)
    if (tags.some((tag) => !tag?.by_app) || groups.some((group) => !group?.by_app))
      return fail(48002, "tag was not created by this app")
    for (const id of group_id) world.t.tag_groups.del(id)
    for (const id of tag_id) dropTag(world, id)
    return {}
  },
})

/** A group goes with its last tag. */
export function dropTag(world: World, id: string): void {
  const tag = tagIndex(world).get(id)
  const group = tag && world.t.tag_groups.get(tag.group_id)
  if (!tag || !group) return
  const tags = group.tags.filter((t) => t.id !== id)
  if (tags.length === 0) world.t.tag_groups.del(tag.group_id)
  else world.t.tag_groups.put(tag.group_id, { ...group, tags })
}

const mark = endpoint({
  path: "externalcontact/mark_tag",
  pair: (raw) => `${raw.userid}:${raw.external_userid}`,
  args: z.object({
    userid: text,
    external_userid: text,
    add_tag: z.array(text).default([]),
    remove_tag: z.array(text).default([]),
  }),
  run({ world }, { userid, external_userid, add_tag, remove_tag }) {
    if (add_tag.length + remove_tag.length === 0) return fail(40058)
    const related = relationOf(world, userid, external_userid)
    if (isFailure(related)) return related
    const index = tagIndex(world)
    if ([...add_tag, ...remove_tag].some((id) => !index.has(id))) return fail(40068)
    const tags = new Set(related.follow.tags)
    for (const id of add_tag) tags.add(id)
    for (const id of remove_tag) tags.delete(id)
    if (tags.size > 3_000) return fail(45024)
    world.putFollow(related.n, { ...related.follow, tags: [...tags] })
    return {}
  },
})

export const tagEndpoints: Endpoint[] = [getList, add, edit, del, mark]
