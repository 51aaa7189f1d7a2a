import { type SortPlace, sortParts } from "../../kernel/sort.ts"
import { type Queryable, rows } from "../../platform/db.ts"
import { type Keyset, keysOfPage, pageAfter } from "../../platform/keyset.ts"
import type { GroupSort, MemberSort } from "./contract.ts"

export type GroupListRow = {
  id: string
  name: string
  owner_ref: string | null
  members: number
  customers: number
  spoke_7d: number
  joined_7d: number
  left_7d: number
  messages: number
  last_message_at: Date | null
  created_at: Date
  dismissed_at: Date | null
}

/** Groups whose owner's account is among `owner_refs` (null for all): few, so counted and then sorted. */
export function groupRows(
  q: Queryable,
  options: { owner_refs: string[] | null; id?: string; sort: GroupSort; now: Date; limit: number },
): Promise<GroupListRow[]> {
  const { column, descending } = sortParts(options.sort)
  const way = descending ? "desc" : "asc"
  return rows(
    q,
    `select g.id, g.name, g.owner_ref, g.created_at, g.dismissed_at,
       count(m.*) filter (where m.left_at is null)::int as members,
       count(m.customer_id) filter (where m.left_at is null)::int as customers,
       count(m.*) filter (where m.left_at is null and m.last_spoke_at > $3::timestamptz - interval '7 days')::int as spoke_7d,
       count(m.*) filter (where m.joined_at > $3::timestamptz - interval '7 days')::int as joined_7d,
       count(m.*) filter (where m.left_at > $3::timestamptz - interval '7 days')::int as left_7d,
       coalesce(sum(m.messages), 0)::int as messages, max(m.last_spoke_at) as last_message_at
     from groups_groups g left join groups_members m on m.group_id = g.id
     where ($1::text[] is null or g.owner_ref = any($1)) and ($2::uuid is null or g.id = $2)
     group by g.id order by "${column}" ${way} nulls last, g.id ${way} limit $4`,
    [options.owner_refs, options.id ?? null, options.now, options.limit],
  )
}

export type MemberRow = {
  member_ref: string
  customer_id: string | null
  kind: string
  name: string
  scene: string
  joined_at: Date
  last_spoke_at: Date | null
  messages: number
  sorted_by: number | null
}

/** A page of a group's members. The platform lets at most some thousands into one: they are gathered by the primary key and sorted. */
export function memberRows(
  q: Queryable,
  group_id: string,
  sort: MemberSort,
  after: SortPlace<string> | null,
  limit: number,
): Promise<MemberRow[]> {
  const { column } = sortParts(sort)
  const by: Keyset = {
    value: `m.${column}`,
    kind: column === "messages" ? "integer" : "moment",
    nullable: column === "last_spoke_at",
    id: "m.member_ref",
    id_type: "text",
  }
  return pageAfter<MemberRow>(by, sort, after, limit, (stretch) => {
    const params: unknown[] = [group_id]
    const page = keysOfPage(by, stretch, "gather", {
      table: "groups_members",
      row: "m",
      beside: "",
      select: "m.group_id, m.member_ref",
      parts: ["m.group_id = $1", "m.left_at is null"],
      add: (value) => `$${params.push(value)}`,
    })
    return rows(
      q,
      `select m.member_ref, m.customer_id, m.kind, m.name, m.scene, m.joined_at, m.last_spoke_at, m.messages, page.sorted_by
       from (${page}) page join groups_members m using (group_id, member_ref) order by ${stretch.orderAs("page.v", "page.n")}`,
      params,
    )
  })
}
