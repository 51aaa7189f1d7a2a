/** The built-in tag "意向": given by hand, it makes somebody interested for a while. */
export const INTERESTED_TAG = "0196a000-0000-7000-8000-000000000102"

/** A tag as the rules see it. */
export type Tag = {
  id: string
  group_id: string
  exclusive: boolean
  retired: boolean
  replaced_by: string | null
  /** Who may give it by hand; null for all who may tag. */
  roles?: readonly string[] | null
}

export type TagAsk = { customer_id: string; tag_id: string }

/** Whether a role may give or take a tag by hand; the owner always may. */
export function mayApply(tag: Tag, role: string): boolean {
  return role === "owner" || !tag.roles || tag.roles.includes(role)
}

/** The living tag that an id stands for; null where there is none. Mappings of mappings are followed. */
export function currentTag(tags: ReadonlyMap<string, Tag>, id: string): Tag | null {
  let tag = tags.get(id)
  for (let step = 0; tag?.retired && step < tags.size; step++)
    tag = tag.replaced_by === null ? undefined : tags.get(tag.replaced_by)
  return tag && !tag.retired ? tag : null
}

/**
 * What is to be assigned: retired tags become the ones they map to, of two tags of one exclusive group the later ask wins, and
 * nothing stands twice. Asks for tags that are gone are told apart.
 */
export function settle(
  tags: ReadonlyMap<string, Tag>,
  asks: readonly TagAsk[],
): { assign: (TagAsk & { exclusive_group: string | null })[]; unknown: string[] } {
  const unknown = new Set<string>()
  const assign = new Map<string, TagAsk & { exclusive_group: string | null }>()
  for (const ask of asks) {
    const tag = currentTag(tags, ask.tag_id)
    if (!tag) {
      unknown.add(ask.tag_id)
      continue
    }
    const slot = tag.exclusive ? tag.group_id : tag.id
    assign.set(`${ask.customer_id} ${slot}`, {
      customer_id: ask.customer_id,
      tag_id: tag.id,
      exclusive_group: tag.exclusive ? tag.group_id : null,
    })
  }
  return { assign: [...assign.values()], unknown: [...unknown] }
}
