import { maybeRow, oneRow, type Queryable, rows, run, type Tx } from "../../../platform/db.ts"
import type { FindingKind } from "./rules.ts"

export type NewFinding = {
  id: string
  account_id: string
  kind: FindingKind
  stocktake_id: string | null
  detail: Record<string, unknown>
  owner_staff_id: string | null
  due_on: string
}
export type FindingRow = NewFinding & {
  account_name: string
  custodian_staff_id: string | null
  made_at: Date
  resolved_at: Date | null
  resolved_by: string | null
  note: string
}

/** Writes findings; one that the account has already for the same reason is not written again. Gives those that are new. */
export async function insertFindings(t: Tx, list: readonly NewFinding[], now: Date): Promise<NewFinding[]> {
  return rows(
    t,
    `insert into accounts_findings (id, account_id, kind, stocktake_id, detail, owner_staff_id, due_on, made_at)
     select n.*, $8 from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::jsonb[], $6::uuid[], $7::date[]) n
     on conflict do nothing returning id, account_id, kind, stocktake_id, detail, owner_staff_id, due_on`,
    [
      list.map((f) => f.id),
      list.map((f) => f.account_id),
      list.map((f) => f.kind),
      list.map((f) => f.stocktake_id),
      list.map((f) => JSON.stringify(f.detail)),
      list.map((f) => f.owner_staff_id),
      list.map((f) => f.due_on),
      now,
    ],
  )
}

/** Accounts in use that nobody has shown an agreement of, and of which that was not said yet. */
export const withoutAgreement = (q: Queryable, limit: number) =>
  rows<{ id: string; custodian_staff_id: string | null }>(
    q,
    `select a.id, a.custodian_staff_id from accounts_accounts a where a.state = 'in_use' and a.listed
       and not exists (select from accounts_files f where f.account_id = a.id and f.kind = 'agreement')
       and not exists (select from accounts_findings k where k.account_id = a.id and k.kind = 'agreement_missing')
     order by a.id limit $1`,
    [limit],
  )

const FINDING = `f.id, f.account_id, a.name as account_name, a.custodian_staff_id, f.kind, f.stocktake_id, f.detail, f.owner_staff_id,
  f.due_on, f.made_at, f.resolved_at, f.resolved_by, f.note`

export type FindingFilter = {
  open: boolean | null
  kind: string | null
  account_id: string | null
  stocktake_id: string | null
  late_before: string | null
}

const MATCHES = `($1::boolean is null or (f.resolved_at is null) = $1) and ($2::text is null or f.kind = $2)
  and ($3::uuid is null or f.account_id = $3) and ($4::uuid is null or f.stocktake_id = $4)
  and ($5::date is null or f.due_on < $5)`
const matching = (f: FindingFilter) => [f.open, f.kind, f.account_id, f.stocktake_id, f.late_before]

/** The most urgent first. */
export const findingRows = (q: Queryable, filter: FindingFilter, limit: number) =>
  rows<FindingRow>(
    q,
    `select ${FINDING} from accounts_findings f join accounts_accounts a on a.id = f.account_id
     where ${MATCHES} order by f.resolved_at is not null, f.due_on, f.id limit $6`,
    [...matching(filter), limit],
  )

export const countFindings = async (q: Queryable, filter: FindingFilter) =>
  (
    await oneRow<{ n: number }>(
      q,
      `select count(*) as n from accounts_findings f where ${MATCHES}`,
      matching(filter),
    )
  ).n

export const findingForUpdate = (t: Tx, id: string) =>
  maybeRow<FindingRow>(
    t,
    `select ${FINDING} from accounts_findings f join accounts_accounts a on a.id = f.account_id where f.id = $1 for update of f`,
    [id],
  )

/** Settles what is open of an account for one reason, or one finding by its id. */
export const settle = (
  t: Tx,
  of: { id: string } | { account_id: string; kind: FindingKind },
  by: string | null,
  note: string,
  now: Date,
) =>
  rows<{ id: string; account_id: string; kind: string }>(
    t,
    `update accounts_findings set resolved_at = $4, resolved_by = $5, note = $6
     where resolved_at is null and ($1::uuid is null or id = $1) and ($2::uuid is null or account_id = $2 and kind = $3)
     returning id, account_id, kind`,
    [
      "id" in of ? of.id : null,
      "id" in of ? null : of.account_id,
      "id" in of ? null : of.kind,
      now,
      by,
      note,
    ],
  )

export const assignFinding = (t: Tx, id: string, owner_staff_id: string, due_on: string) =>
  run(t, "update accounts_findings set owner_staff_id = $2, due_on = $3 where id = $1", [
    id,
    owner_staff_id,
    due_on,
  ])
