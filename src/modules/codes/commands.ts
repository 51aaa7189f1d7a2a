import { newId } from "../../kernel/ids.ts"
import { type Refusal, refuse } from "../../kernel/result.ts"
import type { Db, Tx } from "../../platform/db.ts"
import type { AuditNote, Input } from "../../platform/http/index.ts"
import { accountsById } from "../accounts/index.ts"
import type { makeCode } from "./contract.ts"
import { type Code, insertCode, setMade, setProblem, unmadeCodes } from "./store.ts"

/** What this module needs of a channel: a code that people can scan. */
export type WayMaker = (wish: {
  account_refs: string[]
  state: string
  remark: string
}) => Promise<{ way_ref: string; url: string } | { failure: { code: string; detail?: string | undefined } }>

/** Writes down the wish; the channel is asked after it is committed, so that a crash between loses nothing. */
export async function wishCode(
  t: Tx,
  body: Input<typeof makeCode>["body"],
  by: string,
  knownTags: (t: Tx, ids: string[]) => Promise<string[]>,
  now: Date,
  note: (note: AuditNote) => void,
): Promise<{ id: string; state: string } | Refusal<"state_taken" | "account_unknown" | "tag_unknown">> {
  const accounts = await accountsById(t, body.account_ids)
  if (
    accounts.filter((a) => a.state === "in_use" && a.hazard === "none").length <
    new Set(body.account_ids).size
  )
    return refuse("account_unknown", { field: "account_ids" })
  const tags = new Set(await knownTags(t, body.tag_ids))
  const missing = body.tag_ids.find((id) => !tags.has(id))
  if (missing) return refuse("tag_unknown", { field: "tag_ids", detail: { tag_id: missing } })
  const id = newId(now.getTime())
  const state = body.state ?? `c_${id.replaceAll("-", "").slice(-20)}`
  const made = await insertCode(t, { ...body, id, state, created_at: now, created_by: by })
  if (!made) return refuse("state_taken", { field: "state" })
  note({ target: `code:${id}`, after: { state, source: body.source, account_ids: body.account_ids } })
  return { id, state }
}

const UNMADE_BATCH = 50

/** Asks the channel for every code that is still only a wish. A code made twice by a lost answer hurts nobody: both carry one state. */
export async function makeWished(db: Db, makeWay: WayMaker | null): Promise<void> {
  for (const code of await unmadeCodes(db, UNMADE_BATCH)) await makeOne(db, code, makeWay)
}

async function makeOne(db: Db, code: Code, makeWay: WayMaker | null): Promise<void> {
  if (!makeWay) {
    await setProblem(db, code.id, "channel_cannot")
    return
  }
  const accounts = await accountsById(db, code.account_ids)
  const answer = await makeWay({
    account_refs: accounts.map((a) => a.channel_ref),
    state: code.state,
    remark: code.name,
  })
  if ("failure" in answer) await setProblem(db, code.id, answer.failure.code)
  else await setMade(db, code.id, answer.way_ref, answer.url)
}
