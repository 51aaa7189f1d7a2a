import { maybeRow, type Queryable, rows, run, type Tx } from "../../../platform/db.ts"
import type { AccountFunction } from "../rules.ts"

export const REQUEST_STATES = ["open", "approved", "handed_over", "rejected", "cancelled"] as const
export type RequestState = (typeof REQUEST_STATES)[number]

export type RequestRow = {
  id: string
  requested_by: string
  for_staff_id: string
  function: AccountFunction
  reason: string
  state: RequestState
  account_id: string | null
  account_name: string | null
  decided_by: string | null
  decided_at: Date | null
  decision_note: string
  made_at: Date
}
const REQUEST = `r.id, r.requested_by, r.for_staff_id, r.function, r.reason, r.state, r.account_id, a.name as account_name, r.decided_by,
  r.decided_at, r.decision_note, r.made_at`
const FROM = "accounts_requests r left join accounts_accounts a on a.id = r.account_id"

export const insertRequest = (
  t: Tx,
  r: Pick<RequestRow, "id" | "requested_by" | "for_staff_id" | "function" | "reason" | "made_at">,
) =>
  run(
    t,
    `insert into accounts_requests (id, requested_by, for_staff_id, function, reason, state, made_at)
     values ($1, $2, $3, $4, $5, 'open', $6)`,
    [r.id, r.requested_by, r.for_staff_id, r.function, r.reason, r.made_at],
  )

export const requestForUpdate = (t: Tx, id: string) =>
  maybeRow<RequestRow>(t, `select ${REQUEST} from ${FROM} where r.id = $1 for update of r`, [id])

export const requestRows = (
  q: Queryable,
  /** Whose: null for everybody's. */
  f: { staff_ids: readonly string[] | null; state: string | null },
  limit: number,
) =>
  rows<RequestRow>(
    q,
    `select ${REQUEST} from ${FROM}
     where ($1::uuid[] is null or r.requested_by = any($1) or r.for_staff_id = any($1)) and ($2::text is null or r.state = $2)
     order by r.state <> 'open', r.state <> 'approved', r.made_at desc, r.id desc limit $3`,
    [f.staff_ids, f.state, limit],
  )

/** The request that an account is promised to. */
export const promiseOf = (q: Queryable, account_id: string) =>
  maybeRow<{ id: string; for_staff_id: string }>(
    q,
    "select id, for_staff_id from accounts_requests where account_id = $1 and state = 'approved'",
    [account_id],
  )

export const fulfilRequest = (t: Tx, id: string) =>
  run(t, "update accounts_requests set state = 'handed_over' where id = $1", [id])

export const decideRequest = (
  t: Tx,
  id: string,
  d: { state: RequestState; account_id: string | null; by: string; note: string; now: Date },
) =>
  run(
    t,
    "update accounts_requests set state = $2, account_id = $3, decided_by = $4, decided_at = $5, decision_note = $6 where id = $1",
    [id, d.state, d.account_id, d.by, d.now, d.note],
  )
