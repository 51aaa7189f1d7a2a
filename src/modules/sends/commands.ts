import { DAY_MS, dayNumber } from "../../kernel/day.ts"
import { newId } from "../../kernel/ids.ts"
import { isRefused, type Refusal, refuse } from "../../kernel/result.ts"
import type { ConditionTree } from "../../kernel/tree.ts"
import type { Db, Queryable, Tx } from "../../platform/db.ts"
import { audienceWhere, readAudience } from "../../spine/audiences/index.ts"
import type { Registry } from "../../spine/offers/index.ts"
import {
  type AudienceSql,
  createSend,
  type DryRun,
  dryRun,
  planPiece,
  sendsIn,
  unknownVariables,
  type World,
} from "../../spine/outbox/index.ts"
import { type Mix, mixOf, oversells } from "../accounts/index.ts"
import { approvalRequired } from "./approval/setting.ts"
import type { SendBody } from "./contract.ts"
import { AHEAD_MAX_DAYS, PLAN_SENDS, SEND_LIFE_DAYS } from "./limits.ts"
import { draftById, markSubmitted, type SendDraft, type Written } from "./store.ts"

export type SendsDeps = {
  world: World
  registry(): Registry
  /** The rule of a segment as it stands, or why it cannot be asked. */
  segmentRule(q: Queryable, segment_id: string, now: Date): Promise<ConditionTree | Refusal>
}

/** A dry run, and which accounts would sell more than their function may. */
export type Preview = DryRun & { overselling: (Mix & { account_id: string })[] }

type Author = { staff_id: string; scope: string[] | null }

/** A draft out of what was typed. Refused: no audience, a broken rule, a variable that nothing fills, a time that is over. */
export async function compose(
  q: Queryable,
  deps: SendsDeps,
  body: SendBody,
  author: Author,
  now: Date,
  id = newId(now.getTime()),
): Promise<Written | Refusal> {
  const rule = body.segment_id ? await deps.segmentRule(q, body.segment_id, now) : body.rule
  if (rule === null) return refuse("audience_missing", { field: "rule" })
  if (isRefused(rule)) return { ...rule, field: "segment_id" }
  const unknown = unknownVariables(body.text)
  if (unknown.length > 0) return refuse("text_variable", { field: "text", detail: { variables: unknown } })
  const send_at = new Date(body.send_at)
  if (send_at.getTime() > now.getTime() + AHEAD_MAX_DAYS * DAY_MS)
    return refuse("send_too_far", { field: "send_at" })
  const draft = {
    id,
    name: body.name,
    text: body.text,
    nature: body.nature,
    rule,
    segment_id: body.segment_id,
    account_function: body.account_function,
    send_at,
    expires_at: new Date(send_at.getTime() + (body.life_days ?? SEND_LIFE_DAYS) * DAY_MS),
    author_id: author.staff_id,
    scope: author.scope,
  }
  const audience = await audienceOf(q, deps, draft, now)
  return isRefused(audience) ? audience : draft
}

/** Whom a draft means at a moment, within what its author may see. */
export async function audienceOf(
  q: Queryable,
  deps: SendsDeps,
  draft: Pick<SendDraft, "rule" | "scope">,
  now: Date,
): Promise<AudienceSql | Refusal> {
  const audience = await readAudience(q, deps.registry(), draft.rule, { day: dayNumber(now) })
  if (isRefused(audience)) return audience
  const params: unknown[] = []
  const where = audienceWhere(audience, params, { scope: draft.scope })
  return { sql: `select c.customer_id from traits_customers c where ${where}`, params }
}

export async function preview(
  q: Queryable,
  deps: SendsDeps,
  draft: Written,
  now: Date,
): Promise<Preview | Refusal> {
  const audience = await audienceOf(q, deps, draft, now)
  if (isRefused(audience)) return audience
  const run = await dryRun(
    q,
    deps.world,
    {
      audience,
      nature: draft.nature,
      account_function: draft.account_function,
      text: draft.text,
      at: draft.send_at,
      expires_at: draft.expires_at,
    },
    now,
  )
  return { ...run, overselling: draft.nature === "selling" ? await overselling(q, run) : [] }
}

/** Accounts of which too much of a week's words would sell if this went out; told, not forbidden. */
async function overselling(q: Queryable, run: DryRun): Promise<Preview["overselling"]> {
  const mixes = await mixOf(
    q,
    run.accounts.map((a) => a.account_id),
    dayNumber(run.starts_at),
  )
  return run.accounts.flatMap(({ account_id, people }) => {
    const mix = mixes.get(account_id)
    if (!mix) return []
    const after = { ...mix, messages: mix.messages + people, selling: mix.selling + people }
    return oversells(after) ? [{ account_id, ...after }] : []
  })
}

const isEverybody = (rule: ConditionTree) => "all" in rule && rule.all.length === 0

/**
 * Hands a draft over for approval. Refused: nobody would be reached, the time has passed, the text is too long for a channel.
 * Where the team wants no second person it is approved at once, unless it goes to everybody.
 */
export async function submit(t: Tx, deps: SendsDeps, id: string, author: Author, now: Date) {
  const draft = await draftById(t, id, true)
  if (!draft || !mayTouch(draft, author)) return refuse("not_found")
  if (draft.submitted) return refuse("not_now", { detail: { state: "submitted" } })
  if (draft.send_at.getTime() < now.getTime() - 60_000) return refuse("send_in_past", { field: "send_at" })
  const run = await preview(t, deps, draft, now)
  if (isRefused(run)) return run
  if (run.text_bytes_max !== null && run.text_bytes > run.text_bytes_max)
    return refuse("text_too_long", {
      field: "text",
      detail: { bytes: run.text_bytes, bytes_max: run.text_bytes_max },
    })
  if (run.reached === 0)
    return refuse("send_to_nobody", { detail: { people: run.people, left_out: run.left_out } })
  const approved = !(await approvalRequired(t)) && !isEverybody(draft.rule)
  await createSend(
    t,
    {
      id,
      author_id: draft.author_id,
      message: {
        id,
        touch_kind: "send_private",
        nature: draft.nature,
        when_capped: "leave_out",
        account_function: draft.account_function,
        content: { text: draft.text },
      },
      not_before: draft.send_at,
      expires_at: draft.expires_at,
      approved,
    },
    now,
  )
  await markSubmitted(t, id, author.staff_id)
  return { id, state: approved ? ("planning" as const) : ("awaiting_approval" as const) }
}

export function mayTouch(draft: Pick<SendDraft, "author_id">, author: Author): boolean {
  return (
    author.scope === null || author.scope.includes(draft.author_id) || draft.author_id === author.staff_id
  )
}

/** Plans the next pieces of sends that were approved. Gives how many recipients it looked at. */
export async function planSends(db: Db, deps: SendsDeps, now: Date): Promise<number> {
  let planned = 0
  for (const send of await sendsIn(db, ["planning"], PLAN_SENDS)) {
    const draft = await draftById(db, send.id)
    const audience = draft ? await audienceOf(db, deps, draft, now) : refuse("draft_gone")
    planned += (await planPiece(db, deps.world, send.id, audience, now)).planned
  }
  return planned
}
