import { createHash } from "node:crypto"
import { dayNumber, parseDay } from "../../../kernel/day.ts"
import { newId } from "../../../kernel/ids.ts"
import { type Refusal, refuse } from "../../../kernel/result.ts"
import type { Tx } from "../../../platform/db.ts"
import { resolveFindings } from "../findings/commands.ts"
import { FILE_NAME_MAX_LENGTH, FILES_MAX } from "../limits.ts"
import { accountForUpdate } from "../store.ts"
import { type FileKind, safeName, typeOfFile } from "./rules.ts"
import { countFiles, saveFile } from "./store.ts"

export type GivenFile = {
  account_id: string
  kind: FileKind
  name: string
  signed_on: string | null
  content: Buffer
}

/** Keeps a file of an account. An agreement settles what was found for want of it. */
export async function keepFile(
  t: Tx,
  given: GivenFile,
  by: string,
  now: Date,
): Promise<
  | { id: string; file_name: string; type: string; bytes: number; signed_on: string | null }
  | Refusal<"not_found" | "file_type_unknown" | "signed_later" | "too_many_files">
> {
  const type = typeOfFile(given.content)
  if (!type) return refuse("file_type_unknown", { field: "file" })
  const day = given.signed_on === null ? null : parseDay(given.signed_on)
  if (day !== null && day > dayNumber(now)) return refuse("signed_later", { field: "signed_on" })
  if (!(await accountForUpdate(t, given.account_id))) return refuse("not_found")
  if ((await countFiles(t, given.account_id)) >= FILES_MAX) return refuse("too_many_files")
  const signed_on = given.kind === "agreement" ? given.signed_on : null
  const file = {
    account_id: given.account_id,
    kind: given.kind,
    file_name: safeName(given.name, type, FILE_NAME_MAX_LENGTH),
    type,
    bytes: given.content.length,
    signed_on,
  }
  const { id } = await saveFile(t, {
    id: newId(now.getTime()),
    ...file,
    sha256: createHash("sha256").update(given.content).digest("hex"),
    content: given.content,
    uploaded_by: by,
    uploaded_at: now,
  })
  if (given.kind === "agreement")
    await resolveFindings(t, { account_id: given.account_id, kind: "agreement_missing" }, by, "", now)
  return { id, ...file }
}
