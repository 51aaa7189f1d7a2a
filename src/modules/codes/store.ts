import { type Queryable, rows, run, type Tx } from "../../platform/db.ts"

export type Code = {
  id: string
  name: string
  state: string
  source: string
  account_ids: string[]
  tag_ids: string[]
  welcome_text: string
  way_ref: string | null
  url: string | null
  problem: string | null
  created_at: Date
  closed_at: Date | null
}
const CODE =
  "id, name, state, source, account_ids, tag_ids, welcome_text, way_ref, url, problem, created_at, closed_at"

export const allCodes = (q: Queryable, limit: number) =>
  rows<Code>(q, `select ${CODE} from codes_codes order by created_at desc limit $1`, [limit])
export const codesByState = (q: Queryable, states: string[]) =>
  rows<Code>(q, `select ${CODE} from codes_codes where state = any($1::text[])`, [states])
/** Open codes that give any of these tags. */
export const codesTagging = (q: Queryable, tag_ids: readonly string[]) =>
  rows<{ id: string; name: string }>(
    q,
    "select id, name from codes_codes where tag_ids && $1::uuid[] and closed_at is null order by created_at",
    [tag_ids],
  )
/** Codes that the channel still has to make. */
export const unmadeCodes = (q: Queryable, limit: number) =>
  rows<Code>(
    q,
    `select ${CODE} from codes_codes where way_ref is null and closed_at is null order by created_at limit $1`,
    [limit],
  )

export async function insertCode(
  t: Tx,
  code: Omit<Code, "way_ref" | "url" | "problem" | "closed_at"> & { created_by: string },
): Promise<boolean> {
  return (
    (await run(
      t,
      `insert into codes_codes (id, name, state, source, account_ids, tag_ids, welcome_text, created_at, created_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (state) do nothing`,
      [
        code.id,
        code.name,
        code.state,
        code.source,
        code.account_ids,
        code.tag_ids,
        code.welcome_text,
        code.created_at,
        code.created_by,
      ],
    )) === 1
  )
}

export const setMade = (q: Queryable, id: string, way_ref: string, url: string) =>
  run(q, "update codes_codes set way_ref = $2, url = $3, problem = null where id = $1", [id, way_ref, url])
export const setProblem = (q: Queryable, id: string, problem: string) =>
  run(q, "update codes_codes set problem = $2 where id = $1", [id, problem])
