import type { Tag, TagGroup } from "./records.ts"
import type { World } from "./world.ts"

/** Somebody at the company's admin console changes the catalogue of tags: what the API does not tell of, this does. */
function told(
  world: World,
  at: number,
  change: "create" | "update" | "delete",
  of: "tag" | "tag_group",
  id: string,
): void {
  world.emit(at, "change_external_tag", change, [
    ["Id", id],
    ["TagType", of],
  ])
}

/** Makes tags in a group, which is made where it is missing; gives the ids of the tags and of the group. */
export function adminMakesTags(
  world: World,
  at: number,
  group_name: string,
  names: readonly string[],
): { group_id: string; tag_ids: string[] } {
  const known = [...world.t.tag_groups.rows].find(([, group]) => group.name === group_name)
  const group_id = known?.[0] ?? world.newId("et", 32)
  const create_time = Math.floor(at / 1_000)
  const group: TagGroup = known?.[1] ?? { name: group_name, order: 0, create_time, by_app: false, tags: [] }
  const made = names.map(
    (name): Tag => ({ id: world.newId("et", 32), name, order: 0, create_time, by_app: false }),
  )
  world.t.tag_groups.put(group_id, { ...group, tags: [...group.tags, ...made] })
  if (!known) told(world, at, "create", "tag_group", group_id)
  for (const tag of made) told(world, at, "create", "tag", tag.id)
  world.happen(at, `管理后台新建了标签 ${names.join("、")}`)
  return { group_id, tag_ids: made.map((tag) => tag.id) }
}

/** Renames a tag or a group; false where there is none. An admin may change whatever anybody made. */
export function adminRenamesTag(world: World, at: number, id: string, name: string): boolean {
  const own = world.t.tag_groups.get(id)
  if (own) {
    world.t.tag_groups.put(id, { ...own, name })
    told(world, at, "update", "tag_group", id)
    return true
  }
  const home = homeOf(world, id)
  if (!home) return false
  const [group_id, group] = home
  world.t.tag_groups.put(group_id, {
    ...group,
    tags: group.tags.map((tag) => (tag.id === id ? { ...tag, name } : tag)),
  })
  told(world, at, "update", "tag", id)
  world.happen(at, `管理后台把一个标签改名为 ${name}`)
  return true
}

/** Deletes a tag or a group; a group goes with its last tag, and of a group only the group is told. */
export function adminDeletesTag(world: World, at: number, id: string): boolean {
  const home = world.t.tag_groups.get(id) ? null : homeOf(world, id)
  if (home) {
    const [group_id, group] = home
    const tags = group.tags.filter((tag) => tag.id !== id)
    if (tags.length > 0) world.t.tag_groups.put(group_id, { ...group, tags })
    else world.t.tag_groups.del(group_id)
    told(world, at, "delete", "tag", id)
    if (tags.length === 0) told(world, at, "delete", "tag_group", group_id)
    return true
  }
  if (!world.t.tag_groups.get(id)) return false
  world.t.tag_groups.del(id)
  told(world, at, "delete", "tag_group", id)
  return true
}

const homeOf = (world: World, id: string) =>
  [...world.t.tag_groups.rows].find(([, group]) => group.tags.some((tag) => tag.id === id))
