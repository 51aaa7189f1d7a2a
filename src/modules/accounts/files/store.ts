import { maybeRow, oneRow, type Queryable, rows, type Tx } from "../../../platform/db.ts"
import type { FileKind, FileType } from "./rules.ts"

export type FileRow = {
  id: string
  account_id: string
  kind: FileKind
  file_name: string
  type: FileType
  bytes: number
  signed_on: string | null
  uploaded_by: string
  uploaded_at: Date
}
const FILE = "id, account_id, kind, file_name, type, bytes, signed_on, uploaded_by, uploaded_at"

/** Keeps a file; the same one again is the same, with the day that was told last. */
export async function saveFile(
  t: Tx,
  f: FileRow & { sha256: string; content: Buffer },
): Promise<{ id: string; fresh: boolean }> {
  return oneRow(
    t,
    `insert into accounts_files (id, account_id, kind, file_name, type, bytes, sha256, content, signed_on, uploaded_by, uploaded_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (account_id, kind, sha256) do update set signed_on = excluded.signed_on, file_name = excluded.file_name
     returning id, (xmax = 0) as fresh`,
    [
      f.id,
      f.account_id,
      f.kind,
      f.file_name,
      f.type,
      f.bytes,
      f.sha256,
      f.content,
      f.signed_on,
      f.uploaded_by,
      f.uploaded_at,
    ],
  )
}

export const filesOf = (q: Queryable, account_id: string, limit: number) =>
  rows<FileRow>(
    q,
    `select ${FILE} from accounts_files where account_id = $1 order by uploaded_at desc, id desc limit $2`,
    [account_id, limit],
  )

export const countFiles = async (q: Queryable, account_id: string) =>
  (
    await oneRow<{ n: number }>(q, "select count(*) as n from accounts_files where account_id = $1", [
      account_id,
    ])
  ).n

export const fileById = (q: Queryable, account_id: string, id: string) =>
  maybeRow<FileRow & { content: Buffer }>(
    q,
    `select ${FILE}, content from accounts_files where account_id = $1 and id = $2`,
    [account_id, id],
  )

export const hasFile = async (q: Queryable, account_id: string, id: string) =>
  (await maybeRow(q, "select from accounts_files where account_id = $1 and id = $2", [account_id, id])) !==
  undefined

/** The agreement that holds: the one signed last. */
export const agreementOf = (q: Queryable, account_id: string) =>
  maybeRow<FileRow>(
    q,
    `select ${FILE} from accounts_files where account_id = $1 and kind = 'agreement' order by signed_on desc, uploaded_at desc limit 1`,
    [account_id],
  )
