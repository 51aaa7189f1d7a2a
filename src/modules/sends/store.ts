import { type SortPlace, sortParts } from "../../kernel/sort.ts"
import type { ConditionTree } from "../../kernel/tree.ts"
import { maybeRow, oneRow, type Queryable, rows, run } from "../../platform/db.ts"
import { type Keyset, pageAfter, whereOf } from "../../platform/keyset.ts"
import type { SendSort } from "./contract.ts"

export type SendDraft = {
  id: string
  name: string
  text: string
  nature: "selling" | "service"
  rule: ConditionTree
  segment_id: string | null
  account_function: string | null
  send_at: Date
  expires_at: Date
  author_id: string
  scope: string[] | null
  submitted: boolean
  created_at: Date
  revision: number
  /** Everybody who had a hand in it. */
  written_by: string[]
}

/** A draft as it is written, before it is stored. */
export type Written = Omit<SendDraft, "submitted" | "created_at" | "written_by" | "revision">

/** Stores a draft; gives how often it has been saved now. */
export async function saveDraftRow(q: Queryable, d: Written, by: string, now: Date): Promise<number> {
  const { revision } = await oneRow<{ revision: number }>(
    q,
    `insert into sends_sends (id, name, text, nature, rule, segment_id, account_function, send_at, expires_at, author_id, scope, created_at, updated_at, written_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, array[$13::uuid])
     on conflict (id) do update set name = excluded.name, text = excluded.text, nature = excluded.nature, rule = excluded.rule,
       segment_id = excluded.segment_id, account_function = excluded.account_function, send_at = excluded.send_at,
       expires_at = excluded.expires_at, scope = excluded.scope, updated_at = excluded.updated_at,
       written_by = case when $13::uuid = any(sends_sends.written_by) then sends_sends.written_by else sends_sends.written_by || $13::uuid end,
       revision = sends_sends.revision + 1
     returning revision`,
    [
      d.id,
      d.name,
      d.text,
      d.nature,
      JSON.stringify(d.rule),
      d.segment_id,
      d.account_function,
      d.send_at,
      d.expires_at,
      d.author_id,
      d.scope,
      now,
      by,
    ],
  )
  return revision
}

export function draftById(q: Queryable, id: string, lock = false): Promise<SendDraft | undefined> {
  return maybeRow(q, `select * from sends_sends where id = $1 ${lock ? "for update" : ""}`, [id])
}

/** A page of sends, served by sends_sends_newest or sends_sends_due; of some authors only, where the reader sees only own data. */
export function draftPage(
  q: Queryable,
  authors: readonly string[] | null,
  sort: SendSort,
  after: SortPlace<string> | null,
  limit: number,
): Promise<(SendDraft & { sorted_by: number | null })[]> {
  const by: Keyset = {
    value: `s.${sortParts(sort).column}`,
    kind: "moment",
    nullable: false,
    id: "s.id",
    id_type: "uuid",
  }
  return pageAfter(by, sort, after, limit, (stretch) => {
    const params: unknown[] = []
    const add = (value: unknown) => `$${params.push(value)}`
    const own = authors === null ? [] : [`s.author_id = any(${add(authors)}::uuid[])`]
    return rows(
      q,
      `select s.*, ${stretch.sorted_by} as sorted_by from sends_sends s ${whereOf([...own, ...stretch.conditions(add)])}
       order by ${stretch.order} limit ${add(stretch.limit)}`,
      params,
    )
  })
}

export async function markSubmitted(q: Queryable, id: string, by: string): Promise<void> {
  await run(q, "update sends_sends set submitted = true, written_by = written_by || $2::uuid where id = $1", [
    id,
    by,
  ])
}

/** Sends of moments at which they were to go out, newest first, of some authors only as on a page: for whoever asks what they earned. */
export function sentBetween(
  q: Queryable,
  authors: readonly string[] | null,
  from: Date,
  to: Date,
  limit: number,
): Promise<{ id: string; name: string; send_at: Date }[]> {
  return rows(
    q,
    `select id, name, send_at from sends_sends where submitted and send_at >= $1 and send_at < $2
       and ($4::uuid[] is null or author_id = any($4)) order by send_at desc limit $3`,
    [from, to, limit, authors],
  )
}

/** How sends are called, by id. */
export async function sendNames(q: Queryable, ids: readonly string[]): Promise<Map<string, string>> {
  const found = await rows<{ id: string; name: string }>(
    q,
    "select id, name from sends_sends where id = any($1::uuid[])",
    [[...new Set(ids)]],
  )
  return new Map(found.map((r) => [r.id, r.name]))
}
