import type { z } from "zod"
import { CallFailed, CallRefused } from "../../../../kernel/client.ts"
import type { Problem } from "../../../../kernel/contract.ts"
import { UPLOAD_PATH, type uploaded } from "../../../../modules/imports/contract.ts"

export type Uploaded = z.output<typeof uploaded>

/** Sends the file as it is; the answer is what its head looks like. `down` is said where none comes, or none of the server's. */
export async function upload(kind: string, file: File, down: string): Promise<Uploaded> {
  const broken = (cause: unknown) => {
    throw new CallFailed(down, { cause })
  }
  const asked = new URLSearchParams({ kind, name: file.name })
  const response = await fetch(`${UPLOAD_PATH}?${asked}`, {
    method: "POST",
    credentials: "same-origin",
    headers: { "content-type": "application/octet-stream" },
    body: file,
  }).catch(broken)
  const answer: unknown = await response.json().catch(broken)
  if (!response.ok) throw new CallRefused(answer as Problem)
  return answer as Uploaded
}
