import { z } from "zod"
import { defineEndpoint } from "../../../kernel/contract.ts"
import { VIEW_FILTER_LETTERS, VIEW_FILTERS_MAX, VIEW_NAME_MAX, VIEW_WORD_MAX } from "../limits.ts"

export { VIEW_NAME_MAX } from "../limits.ts"

const word = z.string().min(1).max(VIEW_WORD_MAX)
const few = z.array(word).max(VIEW_FILTERS_MAX)

/** What the address of the list holds, and how its table looks. */
export const viewBody = z.strictObject({
  list: word,
  name: z.string().trim().min(1).max(VIEW_NAME_MAX),
  filters: z
    .record(word, z.string().max(VIEW_FILTER_LETTERS))
    .refine((filters) => Object.keys(filters).length <= VIEW_FILTERS_MAX),
  look: z.strictObject({ density: z.enum(["large", "middle", "small"]), hidden: few, shown: few }),
  /** Opens by itself when the list is come to without filters; at most one does. */
  is_default: z.boolean().default(false),
})

export const savedView = z.object({
  id: z.string(),
  list: z.string(),
  name: z.string(),
  filters: z.record(z.string(), z.string()),
  look: viewBody.shape.look,
  is_default: z.boolean(),
})
export type SavedView = z.infer<typeof savedView>

const params = z.object({ id: z.uuid() })
const refusals = {
  view_name_taken: { status: 409, zh: "你已有一个同名的视图。", en: "You have a view of this name already." },
  views_full: {
    status: 409,
    zh: "这个列表的视图已存满，请先删除一个。",
    en: "This list holds no more views; delete one first.",
  },
} as const

export const listViews = defineEndpoint({
  id: "views.list",
  method: "GET",
  path: "/api/views",
  permission: "signed_in",
  summary: { zh: "自己在一个列表上存的视图", en: "One's own saved views of a list" },
  query: z.object({ list: word }),
  answer: z.object({ rows: z.array(savedView) }),
})

export const makeView = defineEndpoint({
  id: "views.create",
  method: "POST",
  path: "/api/views",
  permission: "signed_in",
  summary: { zh: "存一个视图", en: "Save a view" },
  body: viewBody,
  answer: z.object({ id: z.string() }),
  refusals,
})

export const changeView = defineEndpoint({
  id: "views.change",
  method: "PUT",
  path: "/api/views/:id",
  permission: "signed_in",
  summary: { zh: "修改自己的视图", en: "Change one's own view" },
  params,
  body: viewBody.omit({ list: true }),
  answer: z.object({ id: z.string() }),
  refusals,
})

export const dropView = defineEndpoint({
  id: "views.delete",
  method: "DELETE",
  path: "/api/views/:id",
  permission: "signed_in",
  summary: { zh: "删除自己的视图", en: "Delete one's own view" },
  params,
  answer: z.object({}),
})
