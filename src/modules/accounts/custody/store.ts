import { maybeRow, type Queryable, rows, run, type Tx } from "../../../platform/db.ts"

export type CustodyRow = {
  staff_id: string
  since: Date
  until: Date | null
  handed_by: string | null
  checklist: Record<string, unknown> | null
  note: string
  signed_at: Date | null
  self_checked: boolean
}
const CUSTODY = "staff_id, since, until, handed_by, checklist, note, signed_at, self_checked"

/** How custody came about; nothing where the directory gave it. */
export type Given = {
  handed_by: string | null
  checklist: Record<string, unknown> | null
  note: string
  request_id: string | null
  self_checked: boolean
}
export const BY_DIRECTORY: Given = {
  handed_by: null,
  checklist: null,
  note: "",
  request_id: null,
  self_checked: false,
}

/** Passes custody: ends the one that runs and begins the next. */
export async function setCustodian(
  t: Tx,
  account_id: string,
  staff_id: string | null,
  given: Given,
  now: Date,
): Promise<void> {
  await run(t, "update accounts_custody set until = $2 where account_id = $1 and until is null", [
    account_id,
    now,
  ])
  if (staff_id)
    await run(
      t,
      `insert into accounts_custody (account_id, staff_id, since, handed_by, checklist, note, request_id, self_checked)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (account_id, since) do update set staff_id = excluded.staff_id, until = null, handed_by = excluded.handed_by,
         checklist = excluded.checklist, note = excluded.note, request_id = excluded.request_id,
         self_checked = excluded.self_checked, signed_at = null`,
      [
        account_id,
        staff_id,
        now,
        given.handed_by,
        given.checklist && JSON.stringify(given.checklist),
        given.note,
        given.request_id,
        given.self_checked,
      ],
    )
  await run(t, "update accounts_accounts set custodian_staff_id = $2 where id = $1", [account_id, staff_id])
}

export const custodyNow = (q: Queryable, account_id: string) =>
  maybeRow<CustodyRow>(q, `select ${CUSTODY} from accounts_custody where account_id = $1 and until is null`, [
    account_id,
  ])

/** Which of these accounts wait for their custodian's signature. Custody that the directory gave needs none. */
export const unsigned = async (q: Queryable, account_ids: readonly string[]) =>
  new Set(
    (
      await rows<{ account_id: string }>(
        q,
        `select account_id from accounts_custody
         where account_id = any($1::uuid[]) and until is null and signed_at is null and handed_by is not null`,
        [account_ids],
      )
    ).map((r) => r.account_id),
  )

export const sign = (t: Tx, account_id: string, now: Date) =>
  run(t, "update accounts_custody set signed_at = $2 where account_id = $1 and until is null", [
    account_id,
    now,
  ])

export const custodyHistory = (q: Queryable, account_id: string, limit: number) =>
  rows<CustodyRow>(
    q,
    `select ${CUSTODY} from accounts_custody where account_id = $1 order by since desc limit $2`,
    [account_id, limit],
  )

export type ReturnRow = {
  id: string
  custodian_staff_id: string | null
  begun_by: string
  begun_at: Date
  reason: string
  checklist: Record<string, unknown> | null
  note: string
  to_state: string | null
  checked_by: string | null
  checked_at: Date | null
  self_checked: boolean
}
const RETURN =
  "id, custodian_staff_id, begun_by, begun_at, reason, checklist, note, to_state, checked_by, checked_at, self_checked"

export const insertReturn = (
  t: Tx,
  account_id: string,
  r: Pick<ReturnRow, "id" | "custodian_staff_id" | "begun_by" | "begun_at" | "reason">,
) =>
  run(
    t,
    `insert into accounts_returns (id, account_id, custodian_staff_id, begun_by, begun_at, reason) values ($1, $2, $3, $4, $5, $6)`,
    [r.id, account_id, r.custodian_staff_id, r.begun_by, r.begun_at, r.reason],
  )

export const closeReturn = (
  t: Tx,
  account_id: string,
  r: {
    checklist: Record<string, unknown>
    note: string
    to_state: string
    checked_by: string
    checked_at: Date
    self_checked: boolean
  },
) =>
  run(
    t,
    `update accounts_returns set checklist = $2, note = $3, to_state = $4, checked_by = $5, checked_at = $6, self_checked = $7
     where account_id = $1 and checked_at is null`,
    [account_id, JSON.stringify(r.checklist), r.note, r.to_state, r.checked_by, r.checked_at, r.self_checked],
  )

export const returnsOf = (q: Queryable, account_id: string, limit: number) =>
  rows<ReturnRow>(
    q,
    `select ${RETURN} from accounts_returns where account_id = $1 order by begun_at desc, id desc limit $2`,
    [account_id, limit],
  )
