import type { Refusal } from "../../kernel/result.ts"
import { isRefused, refuse } from "../../kernel/result.ts"
import { pageOfSorted, placeAsked } from "../../kernel/sort.ts"
import type { Queryable, Tx } from "../../platform/db.ts"
import { type Context, implement, type Route, staffSeenBy } from "../../platform/http/index.ts"
import {
  approveSend,
  cancelSend,
  pauseSend,
  rejectSend,
  remindSend,
  resumeSend,
  type Send,
  sendById,
  sendForUpdate,
  sendsByIds,
} from "../../spine/outbox/index.ts"
import { approvalRoutes } from "./approval/routes.ts"
import { compose, mayTouch, preview, type SendsDeps, submit } from "./commands.ts"
import * as c from "./contract.ts"
import { jobsOf } from "./jobs.ts"
import { limitRoutes } from "./limit-routes.ts"
import { resultsOf } from "./results.ts"
import { draftById, draftPage, type SendDraft, saveDraftRow, type Written } from "./store.ts"

const author = (ctx: Context) => ({ staff_id: ctx.actor.staff_id, scope: ctx.actor.scope })

async function rowsOf(q: Queryable, drafts: readonly SendDraft[]) {
  const sends = await sendsByIds(
    q,
    drafts.map((d) => d.id),
  )
  return drafts.map((d) => rowOf(d, sends.get(d.id)))
}

function rowOf(d: SendDraft, send: Send | undefined) {
  const { scope: _, submitted: __, ...draft } = d
  return {
    id: draft.id,
    name: draft.name,
    text: draft.text,
    nature: draft.nature,
    rule: draft.rule,
    segment_id: draft.segment_id,
    account_function: draft.account_function,
    send_at: draft.send_at,
    expires_at: draft.expires_at,
    author_id: draft.author_id,
    created_at: draft.created_at,
    approver_id: send?.approver_id ?? null,
    state: send?.state ?? ("draft" as const),
    revision: draft.revision,
    problem: send?.problem ?? null,
  }
}

/** What the audit keeps of a draft. */
const told = ({ name, text, nature, segment_id, send_at }: Written) => ({
  name,
  text,
  nature,
  segment_id,
  send_at,
})

export function routes(deps: SendsDeps): Route[] {
  /** A step in a send's life: within what the actor may see, with its audit row. */
  const step = (ctx: Context, id: string, what: (t: Tx, draft: SendDraft) => Promise<Send | Refusal>) =>
    ctx.command(async (t, note) => {
      const draft = await draftById(t, id)
      if (!draft || !mayTouch(draft, author(ctx))) return refuse("not_found")
      const before = await sendForUpdate(t, id)
      const send = await what(t, draft)
      if (isRefused(send)) return send
      note({ target: `send:${id}`, before: before && { state: before.state }, after: { state: send.state } })
      return { id, state: send.state }
    })
  return [
    ...limitRoutes,
    ...approvalRoutes,
    implement(c.listSends, async (ctx, { query }) => {
      const after = placeAsked(query)
      if (isRefused(after)) return after
      const found = await draftPage(ctx.db, staffSeenBy(ctx.actor), query.sort, after, query.limit + 1)
      const { page, next_cursor } = pageOfSorted(c.sendSorting, found, query, (last) => last.id)
      return { rows: await rowsOf(ctx.db, page), next_cursor }
    }),
    implement(c.listSendJobs, async (ctx) => ({ rows: await jobsOf(ctx) })),
    implement(c.createSendEndpoint, (ctx, { body }) =>
      ctx.command(async (t, note) => {
        const draft = await compose(t, deps, body, author(ctx), ctx.now)
        if (isRefused(draft)) return draft
        const revision = await saveDraftRow(t, draft, ctx.actor.staff_id, ctx.now)
        note({ target: `send:${draft.id}` })
        return { id: draft.id, revision }
      }),
    ),
    implement(c.saveSend, (ctx, { params, body }) =>
      ctx.command(async (t, note) => {
        const known = await draftById(t, params.id, true)
        if (!known || !mayTouch(known, author(ctx))) return refuse("not_found")
        if (known.submitted) return refuse("not_now", { detail: { state: "submitted" } })
        const { based_on = known.revision, ...written } = body
        if (based_on !== known.revision)
          return refuse("version_changed", { detail: { revision: known.revision } })
        const draft = await compose(t, deps, written, author(ctx), ctx.now, params.id)
        if (isRefused(draft)) return draft
        // Whoever corrects it: it stays the author's, and reaches no further than the author may.
        const { author_id, scope } = known
        const revision = await saveDraftRow(t, { ...draft, author_id, scope }, ctx.actor.staff_id, ctx.now)
        note({ target: `send:${params.id}`, before: told(known), after: told(draft) })
        return { id: params.id, revision }
      }),
    ),
    implement(c.previewSend, async (ctx, { body }) => {
      const draft = await compose(ctx.db, deps, body, author(ctx), ctx.now)
      return isRefused(draft) ? draft : preview(ctx.db, deps, draft, ctx.now)
    }),
    implement(c.dryRunSend, async (ctx, { params }) => {
      const draft = await draftById(ctx.db, params.id)
      if (!draft || !mayTouch(draft, author(ctx))) return refuse("not_found")
      return preview(ctx.db, deps, draft, ctx.now)
    }),
    implement(c.submitSend, (ctx, { params }) =>
      ctx.command(async (t, note) => {
        const answer = await submit(t, deps, params.id, author(ctx), ctx.now)
        if (!isRefused(answer)) note({ target: `send:${params.id}`, after: { state: answer.state } })
        return answer
      }),
    ),
    implement(c.approveSendEndpoint, (ctx, { params }) =>
      step(ctx, params.id, async (t, draft) =>
        draft.written_by.includes(ctx.actor.staff_id)
          ? refuse("own_send")
          : approveSend(t, params.id, ctx.actor.staff_id, ctx.now),
      ),
    ),
    implement(c.rejectSendEndpoint, (ctx, { params, body }) =>
      step(ctx, params.id, (t) => rejectSend(t, params.id, ctx.actor.staff_id, body.reason, ctx.now)),
    ),
    implement(c.pauseSendEndpoint, (ctx, { params }) => step(ctx, params.id, (t) => pauseSend(t, params.id))),
    implement(c.resumeSendEndpoint, (ctx, { params }) =>
      step(ctx, params.id, (t) => resumeSend(t, params.id)),
    ),
    implement(c.cancelSendEndpoint, (ctx, { params }) =>
      step(ctx, params.id, (t) => cancelSend(t, params.id, ctx.actor.staff_id, ctx.now)),
    ),
    implement(c.remindSendEndpoint, (ctx, { params }) =>
      ctx.command(async (t, note) => {
        const draft = await draftById(t, params.id)
        if (!draft || !mayTouch(draft, author(ctx))) return refuse("not_found")
        const answer = await remindSend(t, deps.world, params.id, ctx.now)
        if (isRefused(answer)) return answer
        note({ target: `send:${params.id}`, after: { reminded_tasks: answer.tasks } })
        return { id: params.id, tasks: answer.tasks }
      }),
    ),
    implement(c.oneSend, async (ctx, { params }) => {
      const draft = await draftById(ctx.db, params.id)
      if (!draft || !mayTouch(draft, author(ctx))) return refuse("not_found")
      return {
        send: rowOf(draft, await sendById(ctx.db, draft.id)),
        ...(await resultsOf(ctx.db, params.id, await deps.world.accounts(ctx.db))),
      }
    }),
  ]
}
