import { oneRow, type Queryable, rows } from "../../../platform/db.ts"
import { type Audience, audienceWhere, type Scope } from "../../../spine/audiences/index.ts"
import { columnOf, TRAITS_TABLE } from "../../../spine/traits/index.ts"

type Asked = { audience: Audience; scope: Scope }

/** How many there are, and how many of them have a tag. */
export function peopleOf(
  q: Queryable,
  { audience, scope }: Asked,
): Promise<{ people: number; tagged: number }> {
  const params: unknown[] = []
  const where = audienceWhere(audience, params, { scope })
  return oneRow(
    q,
    `select count(*)::int as people, count(c."tags.all")::int as tagged from ${TRAITS_TABLE} c where ${where}`,
    params,
  )
}

/** Their tags, the most worn first. */
export function tagsAmong(
  q: Queryable,
  { audience, scope }: Asked,
  limit: number,
): Promise<{ tag_id: string; name: string; group: string; people: number }[]> {
  const params: unknown[] = [limit]
  const where = audienceWhere(audience, params, { scope })
  return rows(
    q,
    `select t.id as tag_id, t.name, g.name as group, k.people from (
       select a.tag_id, count(*)::int as people from ${TRAITS_TABLE} c join tags_assignments a on a.customer_id = c.customer_id
       where ${where} group by a.tag_id) k
     join tags_tags t on t.id = k.tag_id join tags_groups g on g.id = t.group_id
     order by k.people desc, g.position, t.position limit $1`,
    params,
  )
}

/** Who spent most, first; `money` is the trait that says so. */
export function mostValuable(
  q: Queryable,
  { audience, scope }: Asked,
  money: string,
  limit: number,
): Promise<{ customer_id: string; gmv_fen: number; tags: string[] }[]> {
  const params: unknown[] = [limit]
  const where = audienceWhere(audience, params, { scope })
  const column = `c.${columnOf(money)}`
  return rows(
    q,
    `select v.*, array(select t.name from tags_assignments a join tags_tags t on t.id = a.tag_id join tags_groups g on g.id = t.group_id
       where a.customer_id = v.customer_id order by g.position, t.position) as tags
     from (select c.customer_id, ${column} as gmv_fen from ${TRAITS_TABLE} c where ${where} and ${column} > 0
       order by ${column} desc, c.customer_id limit $1) v order by v.gmv_fen desc, v.customer_id`,
    params,
  )
}
