import { newId } from "../../kernel/ids.ts"
import type { Tx } from "../../platform/db.ts"
import type { Origin } from "../../spine/facts/index.ts"
import { assign, remove } from "./commands.ts"
import { MARK_UNDER_WAY_MS, NAMES_KEPT } from "./limits.ts"
import { assignedBy } from "./store.ts"
import { groupRows, insertGroups, insertTags, renameTags, tagRows, tie } from "./store-taxonomy.ts"
import { takenLately } from "./store-worn.ts"
import { insertVersion, lockTaxonomy } from "./taxonomy/store.ts"
import { retire } from "./taxonomy.ts"

/** The channel's whole catalogue of tags, as it stands there now. */
export type ChannelGroup = {
  group_ref: string
  name: string
  order: number
  tags: { tag_ref: string; name: string; order: number }[]
}

const DIMENSIONS: [RegExp, string][] = [
  [/付费|分层|意向|等级/, "payment"],
  [/地区|省份|城市|区域/, "region"],
  [/时间|批次|月份|月龄/, "time"],
  [/人群|画像|职业|身份/, "persona"],
]

/**
 * Brings the taxonomy in step with the channel's catalogue. The team's taxonomy wins: a group or tag of the same name is tied to
 * ours and keeps our definition; what only the channel has comes in as its own; what it dropped is untied, and retired where
 * nobody but the channel had made it.
 */
export async function syncTags(t: Tx, groups: readonly ChannelGroup[], now: Date): Promise<void> {
  await lockTaxonomy(t)
  await syncGroups(t, groups, now)
  const groupOf = new Map((await groupRows(t)).map((g) => [g.channel_ref, g]))
  const living = (await tagRows(t)).filter((tag) => !tag.retired_at)
  const byRef = new Map(living.flatMap((tag) => (tag.channel_ref ? [[tag.channel_ref, tag] as const] : [])))
  const listed = groups.flatMap((g) =>
    g.tags.map((tag) => ({ ...tag, group_id: groupOf.get(g.group_ref)!.id })),
  )
  const refs = new Set(listed.map((tag) => tag.tag_ref))
  const dropped = living.filter((tag) => tag.channel_ref && !refs.has(tag.channel_ref))
  await tie(
    t,
    "tags_tags",
    dropped.map(({ id }) => ({ id, channel_ref: null })),
  )
  const free = new Map(
    living.filter((tag) => !tag.channel_ref).map((tag) => [`${tag.group_id} ${tag.name}`, tag.id]),
  )
  const names = new Set(living.map((tag) => `${tag.group_id} ${tag.name}`))
  const fresh: typeof listed = []
  const ties: { id: string; channel_ref: string }[] = []
  const renamed: { id: string; name: string }[] = []
  for (const tag of listed) {
    const known = byRef.get(tag.tag_ref)
    const same = free.get(`${tag.group_id} ${tag.name}`)
    if (known) {
      if (!known.from_channel || names.has(`${known.group_id} ${tag.name}`)) continue
      names.add(`${known.group_id} ${tag.name}`)
      renamed.push({ id: known.id, name: tag.name })
    } else if (same) {
      free.delete(`${tag.group_id} ${tag.name}`)
      ties.push({ id: same, channel_ref: tag.tag_ref })
    } else {
      // the team gave the name to a tag that is tied to another of the channel's
      const name = names.has(`${tag.group_id} ${tag.name}`) ? `${tag.name}(${tag.tag_ref})` : tag.name
      names.add(`${tag.group_id} ${name}`)
      fresh.push({ ...tag, name })
    }
  }
  await tie(t, "tags_tags", ties)
  const gone = dropped.filter((tag) => tag.from_channel)
  await followChannel(t, { fresh, renamed, gone, behind: living.length }, now)
}

type FromChannel = { tag_ref: string; name: string; group_id: string }

/**
 * What only the channel changed becomes ours, in one version of the taxonomy: tags that are new there (behind so many others), have
 * another name or are gone. Gives the ids of the new ones.
 */
export async function followChannel(
  t: Tx,
  news: {
    fresh: readonly FromChannel[]
    renamed: readonly { id: string; name: string }[]
    gone: readonly { id: string; name: string }[]
    behind: number
  },
  now: Date,
): Promise<string[]> {
  const { fresh, renamed, gone, behind } = news
  if (fresh.length + renamed.length + gone.length > 0)
    await insertVersion(t, {
      at: now,
      by: null,
      proposal_id: null,
      what: {
        kind: "channel_synced",
        added: namesOf(fresh),
        renamed: namesOf(renamed),
        retired: namesOf(gone),
      },
    })
  if (renamed.length > 0) await renameTags(t, renamed, null, now)
  await retire(
    t,
    gone.map((tag) => tag.id),
    null,
    null,
    now,
  )
  return bringInTags(t, fresh, behind, now)
}

async function bringInTags(
  t: Tx,
  fresh: readonly FromChannel[],
  behind: number,
  now: Date,
): Promise<string[]> {
  if (fresh.length === 0) return []
  const tags = fresh.map((tag, i) => ({
    id: newId(now.getTime()),
    group_id: tag.group_id,
    name: tag.name,
    definition: "",
    example: "",
    position: behind + i + 1,
    channel_ref: tag.tag_ref,
    from_channel: true,
  }))
  await insertTags(t, tags, now)
  return tags.map((tag) => tag.id)
}

const namesOf = (list: readonly { name: string }[]) => list.slice(0, NAMES_KEPT).map((one) => one.name)

async function syncGroups(t: Tx, groups: readonly ChannelGroup[], now: Date): Promise<void> {
  const ours = await groupRows(t)
  const refs = new Set(groups.map((g) => g.group_ref))
  const tied = new Set(ours.flatMap((g) => (g.channel_ref && refs.has(g.channel_ref) ? [g.channel_ref] : [])))
  await tie(
    t,
    "tags_groups",
    ours
      .filter((g) => g.channel_ref && !refs.has(g.channel_ref))
      .map(({ id }) => ({ id, channel_ref: null })),
  )
  const fresh: ChannelGroup[] = []
  const ties: { id: string; channel_ref: string }[] = []
  for (const group of groups) {
    if (tied.has(group.group_ref)) continue
    const same = ours.find((g) => g.name === group.name && !(g.channel_ref && refs.has(g.channel_ref)))
    if (same) ties.push({ id: same.id, channel_ref: group.group_ref })
    else fresh.push(group)
  }
  await tie(t, "tags_groups", ties)
  await bringInGroups(t, fresh, ours.length, now)
}

/** Makes groups of the channel ours, behind so many others; gives their ids. */
export async function bringInGroups(
  t: Tx,
  fresh: readonly { group_ref: string; name: string }[],
  behind: number,
  now: Date,
): Promise<string[]> {
  if (fresh.length === 0) return []
  const groups = fresh.map((g, i) => ({
    id: newId(now.getTime()),
    name: g.name,
    dimension: DIMENSIONS.find(([pattern]) => pattern.test(g.name))?.[1] ?? "custom",
    exclusive: false,
    position: behind + i + 1,
    channel_ref: g.group_ref,
  }))
  await insertGroups(t, groups, now)
  return groups.map((g) => g.id)
}

/**
 * What a channel says each of these customers wears, all of it: its own tags that are no longer there are taken away, others
 * stay as they are.
 */
export async function takeWorn(
  t: Tx,
  worn: readonly { customer_id: string; tag_refs: readonly string[]; at: Date; origin: Origin }[],
): Promise<void> {
  if (worn.length === 0) return
  const byRef = new Map(
    (await tagRows(t)).flatMap((tag) => (tag.channel_ref ? [[tag.channel_ref, tag.id]] : [])),
  )
  const now = new Map(
    worn.map((w) => [w.customer_id, new Set(w.tag_refs.flatMap((ref) => byRef.get(ref) ?? []))]),
  )
  const before = await assignedBy(t, [...now.keys()], "wecom")
  const at = new Date(Math.max(...worn.map((w) => w.at.getTime())))
  const origin = worn.every((w) => w.origin === "history") ? "history" : "live"
  const from = { source: "wecom" as const, by: null, at, origin } as const
  await remove(
    t,
    before.filter(({ customer_id, tag_id }) => !now.get(customer_id)!.has(tag_id)),
    from,
  )
  const told = [...now].flatMap(([customer_id, tags]) => [...tags].map((tag_id) => ({ customer_id, tag_id })))
  // Taken away here just now: the channel told of it before it was marked there.
  const taken = await takenLately(t, told, new Date(at.getTime() - MARK_UNDER_WAY_MS))
  await assign(
    t,
    told.filter(({ customer_id, tag_id }) => !taken.has(`${customer_id} ${tag_id}`)),
    from,
  )
}
