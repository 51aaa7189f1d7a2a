import { z } from "zod"
import { refuse } from "../../kernel/result.ts"
import { defineAction, defineCondition, type Names, type Offers } from "../../spine/offers/index.ts"
import { assign, remove } from "./commands.ts"
import { tagAssigned, tagRemoved } from "./events.ts"
import { STALE_DAYS_MAX, TAGS_PER_CONDITION } from "./limits.ts"
import { currentTag } from "./rules.ts"
import { tagsFound } from "./search.ts"
import { allTags } from "./store.ts"
import { groupRows, tagRows } from "./store-taxonomy.ts"

const one = z.strictObject({ tag_id: z.uuid().meta({ kind: "tag" }) })
const several = z.strictObject({
  tag_ids: z
    .array(z.uuid().meta({ kind: "tag" }))
    .min(1)
    .max(TAGS_PER_CONDITION),
})
const named = (names: Names, id: string) => `「${names.of("tag", id)}」`
const listed = (names: Names, ids: readonly string[]) => ids.map((id) => named(names, id)).join("、")

const OF_TAG = { tag_id: { label: { zh: "哪个标签", en: "Tag" }, kind: "tag" } }

export const offers: Offers = {
  module: "tags",
  facts: [
    { type: tagAssigned.type, label: { zh: "打上标签", en: "Tagged" }, fields: OF_TAG },
    { type: tagRemoved.type, label: { zh: "去掉标签", en: "Tag removed" }, fields: OF_TAG },
  ],
  traits: [{ name: "tags.all", kind: "tags", label: { zh: "标签", en: "Tags" } }],
  views: [
    { name: "tags_in_groups", columns: { group_id: "text" } },
    { name: "tags_confirmed", columns: { tag_id: "text", day: "number" } },
    { name: "tags_doubled", columns: { group_id: "text" } },
  ],
  names: [
    {
      kind: "tag_group",
      lookup: async (q, ids) =>
        new Map((await groupRows(q)).filter((g) => ids.includes(g.id)).map((g) => [g.id, { name: g.name }])),
    },
    {
      kind: "tag",
      async lookup(q, ids) {
        const tags = await allTags(q)
        const names = new Map((await tagRows(q)).map((tag) => [tag.id, tag.name]))
        return new Map(
          ids.flatMap((id) => {
            const tag = currentTag(tags, id)
            return tag ? [[id, { name: names.get(tag.id)!, current: tag.id }] as const] : []
          }),
        )
      },
      sought: { find: tagsFound, view: "tags_worn", column: "tag_id" },
    },
  ],
  conditions: [
    defineCondition({
      name: "tags.has",
      version: 1,
      label: { zh: "有标签", en: "Has the tag" },
      args: one,
      refs: ({ tag_id }) => [{ kind: "tag", id: tag_id }],
      compile: ({ tag_id }, _, names) => ({
        trait: "tags.all",
        op: "has",
        tag: names.current("tag", tag_id),
      }),
      sentence: ({ tag_id }, names) => `有标签${named(names, tag_id)}`,
      sentence_en: ({ tag_id }, names) => `has the tag ${named(names, tag_id)}`,
      sentence_not: ({ tag_id }, names) => `没有标签${named(names, tag_id)}`,
      sentence_not_en: ({ tag_id }, names) => `does not have the tag ${named(names, tag_id)}`,
    }),
    defineCondition({
      name: "tags.has_any",
      version: 1,
      label: { zh: "有任一标签", en: "Has any of the tags" },
      args: several,
      refs: ({ tag_ids }) => tag_ids.map((id) => ({ kind: "tag", id })),
      compile: ({ tag_ids }, _, names) => ({
        trait: "tags.all",
        op: "in",
        values: tag_ids.map((id) => names.current("tag", id)),
      }),
      sentence: ({ tag_ids }, names) => `有标签${listed(names, tag_ids)}之一`,
      sentence_en: ({ tag_ids }, names) => `has any of the tags ${listed(names, tag_ids)}`,
      sentence_not: ({ tag_ids }, names) => `没有标签${listed(names, tag_ids)}中的任何一个`,
      sentence_not_en: ({ tag_ids }, names) => `has none of the tags ${listed(names, tag_ids)}`,
    }),
    defineCondition({
      name: "tags.tagged",
      version: 1,
      label: { zh: "有任何标签", en: "Has any tag at all" },
      args: z.strictObject({}),
      compile: () => ({ trait: "tags.all", op: "known" }),
      sentence: () => "有标签",
      sentence_en: () => "has a tag",
      sentence_not: () => "没有任何标签",
      sentence_not_en: () => "has no tag",
    }),
    defineCondition({
      name: "tags.of_group",
      version: 1,
      label: { zh: "有某个标签组的标签", en: "Has a tag of the group" },
      args: z.strictObject({ group_id: z.uuid().meta({ kind: "tag_group" }) }),
      refs: ({ group_id }) => [{ kind: "tag_group", id: group_id }],
      compile: ({ group_id }) => ({
        view: "tags_in_groups",
        where: [{ column: "group_id", op: "in", values: [group_id] }],
        at_least: { of: "count", min: 1 },
      }),
      sentence: ({ group_id }, names) => `有「${names.of("tag_group", group_id)}」组的标签`,
      sentence_en: ({ group_id }, names) => `has a tag of “${names.of("tag_group", group_id)}”`,
      sentence_not: ({ group_id }, names) => `没有「${names.of("tag_group", group_id)}」组的标签`,
      sentence_not_en: ({ group_id }, names) => `has no tag of “${names.of("tag_group", group_id)}”`,
    }),
    defineCondition({
      name: "tags.stale",
      version: 1,
      label: { zh: "有久未确认的标签", en: "Has a tag that nobody confirmed lately" },
      args: z.strictObject({ days: z.number().int().min(1).max(STALE_DAYS_MAX) }),
      compile: ({ days }, { day }) => ({
        view: "tags_confirmed",
        where: [{ column: "day", op: "between", max: day - days - 1 }],
        at_least: { of: "count", min: 1 },
      }),
      sentence: ({ days }) => `有超过 ${days} 天没确认的标签`,
      sentence_en: ({ days }) => `has a tag that nobody confirmed for over ${days} days`,
    }),
    defineCondition({
      name: "tags.doubled",
      version: 1,
      label: { zh: "单选标签组里有多个标签", en: "Has two tags of an exclusive group" },
      args: z.strictObject({}),
      compile: () => ({ view: "tags_doubled", where: [], at_least: { of: "count", min: 1 } }),
      sentence: () => "在单选的标签组里有多个标签",
      sentence_en: () => "has two tags of an exclusive group",
    }),
  ],
  actions: [
    defineAction({
      name: "tags.give",
      version: 1,
      label: { zh: "打标签", en: "Give a tag" },
      args: one,
      sentence: ({ tag_id }, names) => `打上标签${named(names, tag_id)}`,
      sentence_en: ({ tag_id }, names) => `give the tag ${named(names, tag_id)}`,
      // A tag is there or not: doing it twice is doing it once, so the keys need not be kept.
      async perform(t, asks, now) {
        const wanted = asks.map((a) => ({ customer_id: a.customer_id, tag_id: a.args.tag_id }))
        const by = asks[0] ? `${asks[0].cause.kind}:${asks[0].cause.id}` : null
        const { unknown } = await assign(t, wanted, { source: "play", by, at: now })
        return asks.map((a) => (unknown.includes(a.args.tag_id) ? refuse("tag_unknown") : { done: true }))
      },
    }),
    defineAction({
      name: "tags.take",
      version: 1,
      label: { zh: "去掉标签", en: "Take a tag away" },
      args: one,
      sentence: ({ tag_id }, names) => `去掉标签${named(names, tag_id)}`,
      sentence_en: ({ tag_id }, names) => `take away the tag ${named(names, tag_id)}`,
      async perform(t, asks, now) {
        const tags = await allTags(t)
        const by = asks[0] ? `${asks[0].cause.kind}:${asks[0].cause.id}` : null
        await remove(
          t,
          asks.flatMap((a) => {
            const tag = currentTag(tags, a.args.tag_id)
            return tag ? [{ customer_id: a.customer_id, tag_id: tag.id }] : []
          }),
          { source: "play", by, at: now },
        )
        return asks.map(() => ({ done: true }))
      },
    }),
  ],
}
