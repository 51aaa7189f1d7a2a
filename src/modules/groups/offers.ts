import { z } from "zod"
import { defineCondition, type Offers } from "../../spine/offers/index.ts"
import { groupDismissed, groupOpened, memberJoined, memberLeft, messageSent } from "./events.ts"
import { groupNames } from "./store-traits.ts"

const days = z.number().int().min(0).max(3_650)

const IN_GROUP = { group_id: { label: { zh: "哪个群", en: "Group" }, kind: "group" } }

export const offers: Offers = {
  module: "groups",
  facts: [
    { type: memberJoined.type, label: { zh: "入群", en: "Joined a group" }, fields: IN_GROUP },
    { type: memberLeft.type, label: { zh: "退群", en: "Left a group" }, fields: IN_GROUP },
    { type: messageSent.type, label: { zh: "在群里说话", en: "Spoke in a group" }, fields: IN_GROUP },
    { type: groupOpened.type, label: { zh: "建群", en: "Group opened" }, of_a_thing: true },
    { type: groupDismissed.type, label: { zh: "解散群", en: "Group dismissed" }, of_a_thing: true },
  ],
  traits: [
    { name: "groups.all", kind: "tags", label: { zh: "所在社群", en: "Groups" } },
    {
      name: "groups.count",
      kind: "number",
      label: { zh: "所在社群数", en: "In how many groups" },
    },
    {
      name: "groups.last_spoke_day",
      kind: "day",
      label: { zh: "最近群内发言", en: "Last spoke in a group" },
    },
  ],
  names: [
    {
      kind: "group",
      lookup: async (q, ids) => new Map((await groupNames(q, ids)).map(({ id, name }) => [id, { name }])),
    },
  ],
  conditions: [
    defineCondition({
      name: "groups.in_any",
      version: 1,
      label: { zh: "在任一社群", en: "In any group" },
      args: z.strictObject({}),
      compile: () => ({ trait: "groups.count", op: "between", min: 1 }),
      sentence: () => "在任一群",
      sentence_en: () => "in a group",
      sentence_not: () => "不在任何群",
      sentence_not_en: () => "in no group",
    }),
    defineCondition({
      name: "groups.in",
      version: 1,
      label: { zh: "在指定社群", en: "In certain groups" },
      args: z.strictObject({
        group_ids: z
          .array(z.uuid().meta({ kind: "group" }))
          .min(1)
          .max(50),
      }),
      refs: ({ group_ids }) => group_ids.map((id) => ({ kind: "group", id })),
      compile: ({ group_ids }) => ({ trait: "groups.all", op: "in", values: group_ids }),
      sentence: ({ group_ids }, names) =>
        `在群${group_ids.map((id) => `「${names.of("group", id)}」`).join("或")}里`,
      sentence_en: ({ group_ids }, names) =>
        `in the group ${group_ids.map((id) => `“${names.of("group", id)}”`).join(" or ")}`,
      sentence_not: ({ group_ids }, names) =>
        `不在群${group_ids.map((id) => `「${names.of("group", id)}」`).join("或")}里`,
      sentence_not_en: ({ group_ids }, names) =>
        `not in the group ${group_ids.map((id) => `“${names.of("group", id)}”`).join(" or ")}`,
    }),
    defineCondition({
      name: "groups.spoke_within",
      version: 1,
      label: { zh: "最近在群里说过话", en: "Spoke in a group lately" },
      args: z.strictObject({ days }),
      compile: ({ days }, { day }) => ({ trait: "groups.last_spoke_day", op: "between", min: day - days }),
      sentence: ({ days }) => `最近 ${days} 天在群里说过话`,
      sentence_en: ({ days }) => `spoke in a group within ${days} days`,
      sentence_not: ({ days }) => `最近 ${days} 天没在群里说过话`,
      sentence_not_en: ({ days }) => `did not speak in a group within ${days} days`,
    }),
  ],
}
