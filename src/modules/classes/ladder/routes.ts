import { pageOfRows } from "../../../kernel/cursor.ts"
import { refuse } from "../../../kernel/result.ts"
import { implement, type Route } from "../../../platform/http/index.ts"
import { doneByCause } from "../../../spine/outbox/index.ts"
import { publish } from "../../../spine/traits/index.ts"
import { customerNames } from "../../customers/index.ts"
import { staffNames } from "../../staff/index.ts"
import { classify } from "../compute.ts"
import { LAYERS } from "../layers/rules.ts"
import { layerCounts } from "../layers/store-layers.ts"
import { LADDER_ROWS } from "../limits.ts"
import { STAGE_WORDS } from "../shared.ts"
import { decideStepDownEndpoint, listStepDowns, readLadder, stepDownCursor } from "./contract.ts"
import { causeOf } from "./propose.ts"
import {
  decideStepDown,
  type FunnelRow,
  funnel,
  openStepDowns,
  stepDownForUpdate,
  stepDownRows,
} from "./store.ts"

const NOBODY: FunnelRow = {
  ...{ key: null, people: 0, customers: 0, members: 0, partners: 0 },
  ...{ to_customer: null, to_member: null, to_partner: null },
}

export const ladderRoutes: Route[] = [
  implement(readLadder, async (ctx) => {
    const { scope } = ctx.actor
    const [all, sources, operators, open, layers] = await Promise.all([
      funnel(ctx.db, "all", scope, 1),
      funnel(ctx.db, "source", scope, LADDER_ROWS),
      funnel(ctx.db, "operator", scope, LADDER_ROWS),
      openStepDowns(ctx.db, scope),
      layerCounts(ctx.db, scope),
    ])
    const names = await staffNames(
      ctx.db,
      operators.flatMap((o) => (o.key ? [o.key] : [])),
    )
    return {
      as_of: ctx.now,
      all: { ...(all[0] ?? NOBODY), name: "" },
      sources: sources.map((s) => ({ ...s, name: s.key ?? "" })),
      operators: operators.map((o) => ({ ...o, name: names.get(o.key ?? "") ?? "" })),
      open,
      layers: [...LAYERS].reverse().flatMap((layer) => {
        const found = layers.find((l) => l.layer === layer)
        return layers.length > 0
          ? [{ layer, customers: found?.customers ?? 0, gmv_fen: found?.gmv_fen ?? 0 }]
          : []
      }),
    }
  }),
  implement(listStepDowns, async (ctx, { query }) => {
    const found = await stepDownRows(ctx.db, {
      scope: ctx.actor.scope,
      state: query.state,
      before: query.cursor?.id ?? null,
      limit: query.limit + 1,
    })
    const { page, next_cursor } = pageOfRows(stepDownCursor, found, query.limit, (last) => ({ id: last.id }))
    const [people, deciders] = [
      await customerNames(
        ctx.db,
        page.map((d) => d.customer_id),
      ),
      await staffNames(
        ctx.db,
        page.flatMap((d) => (d.decided_by ? [d.decided_by] : [])),
      ),
    ]
    return {
      rows: page.map(({ decided_by, ...d }) => ({
        ...d,
        customer_name: people.get(d.customer_id) ?? "",
        decided_by_name: decided_by ? (deciders.get(decided_by) ?? null) : null,
      })),
      next_cursor,
    }
  }),
  implement(decideStepDownEndpoint, (ctx, { params, body }) =>
    ctx.command(async (t, note) => {
      const found = await stepDownForUpdate(t, params.id, ctx.actor.scope)
      if (!found) return refuse("not_found")
      if (found.state !== "open") return refuse("already_decided", { detail: { state: found.state } })
      const state = body.accept ? "accepted" : "declined"
      await decideStepDown(t, found.id, state, ctx.actor.staff_id, body.reason, ctx.now)
      const { customer_id, from_stage, to_stage } = found
      if (body.accept) {
        const why = { rule: "step_down_accepted", before: STAGE_WORDS[from_stage] }
        const stage = [{ customer_id, value: to_stage, since: ctx.now, why }]
        await publish(t, { "customers.stage": stage }, ctx.now, { tell: "live" })
        await classify(t, [customer_id], ctx.now, "live")
      }
      await doneByCause(t, [causeOf(found.id)], state, ctx.now)
      note({ target: `customer:${customer_id}`, before: { stage: from_stage }, after: { state, to_stage } })
      return { id: found.id, stage: body.accept ? to_stage : from_stage }
    }),
  ),
]
