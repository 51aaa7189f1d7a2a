import type { Words } from "../../../kernel/contract.ts"
import type { Failure } from "../../imports/index.ts"
import { TAGS_PER_CELL } from "../limits.ts"
import { currentTag, mayApply, type Tag } from "../rules.ts"

export const TAG_FAILURES = {
  missing_tags: { zh: "没有填标签", en: "no tag is named" },
  unknown_tag: {
    zh: "标签体系里没有这个标签，新标签请先在标签页提议",
    en: "the taxonomy has no such tag; propose it on the page of tags first",
  },
  retired_tag: {
    zh: "这个标签已停用",
    en: "this tag is retired",
  },
  ambiguous_tag: {
    zh: "几个标签组里都有这个标签，请写成 标签组/标签",
    en: "several groups have a tag of this name; write group/tag",
  },
  rival_tags: { zh: "同一个互斥标签组里只能有一个标签", en: "of an exclusive group a customer has one tag" },
  role_may_not: { zh: "你的角色不能打这个标签组里的标签", en: "your role may not give tags of this group" },
  too_many_tags: {
    zh: `一格最多 ${TAGS_PER_CELL} 个标签`,
    en: `at most ${TAGS_PER_CELL} tags in a cell`,
  },
} satisfies Record<string, Words>
export type TagFailure = keyof typeof TAG_FAILURES

/** A tag as files name it, living or retired. */
export type NamedTag = Tag & { name: string; group: string; from_channel: boolean }

const BETWEEN = /[,，、;；|\n]+/
const plain = (text: string) => text.normalize("NFKC").trim().toLowerCase()

/** Of the team's tag and the channel's of one name the team's is meant. */
function meant(tags: readonly NamedTag[]): readonly NamedTag[] {
  const own = tags.filter((tag) => !tag.from_channel)
  return own.length > 0 ? own : tags
}

/**
 * What the names in a cell stand for: living tags, several in one cell, a name that two groups share with its group in front. A
 * retired one is refused with the one that took its place: which of the two the file means, a person says.
 */
export function tagReader(
  tags: readonly NamedTag[],
  role: string | null,
): (cell: string) => { value: string[] } | Failure<TagFailure> {
  const living = byName(tags.filter((tag) => !tag.retired))
  const retired = byName(tags.filter((tag) => tag.retired))
  const byId = new Map(tags.map((tag) => [tag.id, tag]))
  return (cell) => {
    const names = cell
      .split(BETWEEN)
      .map((name) => name.trim())
      .filter(Boolean)
    if (names.length === 0) return { failed: "missing_tags" }
    if (names.length > TAGS_PER_CELL) return { failed: "too_many_tags" }
    const found = new Map<string, NamedTag>()
    for (const name of names) {
      const [tag, other] = meant(living.get(plain(name)) ?? [])
      if (!tag) return missing(name, meant(retired.get(plain(name)) ?? [])[0], byId)
      if (other) return { failed: "ambiguous_tag", detail: `「${name}」` }
      if (role !== null && !mayApply(tag, role)) return { failed: "role_may_not", detail: `「${name}」` }
      found.set(tag.id, tag)
    }
    const taken = new Map<string, NamedTag>()
    for (const tag of found.values()) {
      const rival = tag.exclusive ? taken.get(tag.group_id) : undefined
      if (rival) return { failed: "rival_tags", detail: `「${rival.name}」和「${tag.name}」` }
      taken.set(tag.group_id, tag)
    }
    return { value: [...found.keys()] }
  }
}

function byName(tags: readonly NamedTag[]): Map<string, NamedTag[]> {
  const named = new Map<string, NamedTag[]>()
  for (const tag of tags)
    for (const name of [plain(tag.name), `${plain(tag.group)}/${plain(tag.name)}`])
      named.set(name, [...(named.get(name) ?? []), tag])
  return named
}

function missing(
  name: string,
  retired: NamedTag | undefined,
  tags: ReadonlyMap<string, NamedTag>,
): Failure<"unknown_tag" | "retired_tag"> {
  if (!retired) return { failed: "unknown_tag", detail: `「${name}」` }
  const now = tags.get(currentTag(tags, retired.id)?.id ?? "")
  return { failed: "retired_tag", detail: `「${name}」${now ? `，请改用「${now.name}」` : ""}` }
}
