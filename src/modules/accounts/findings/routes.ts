import { dayNumber, dayString } from "../../../kernel/day.ts"
import type { Queryable } from "../../../platform/db.ts"
import { implement, type Route } from "../../../platform/http/index.ts"
import { staffNames } from "../../staff/index.ts"
import { FINDINGS_SHOWN } from "../limits.ts"
import * as commands from "./commands.ts"
import * as c from "./contract.ts"
import { countFindings, type FindingFilter, findingRows } from "./store.ts"

const EVERYTHING: FindingFilter = {
  open: null,
  kind: null,
  account_id: null,
  stocktake_id: null,
  late_before: null,
}

async function shown(q: Queryable, filter: FindingFilter, today: string) {
  const found = await findingRows(q, filter, FINDINGS_SHOWN)
  const names = await staffNames(
    q,
    found.flatMap((f) => [f.owner_staff_id, f.resolved_by].filter((id) => id !== null)),
  )
  return found.map((f) => ({
    ...f,
    owner_name: f.owner_staff_id ? (names.get(f.owner_staff_id) ?? null) : null,
    resolved_by_name: f.resolved_by ? (names.get(f.resolved_by) ?? null) : null,
    late: f.resolved_at === null && f.due_on < today,
  }))
}

export const findingRoutes: Route[] = [
  implement(c.listFindings, async (ctx, { query }) => {
    const today = dayString(dayNumber(ctx.now))
    const filter: FindingFilter = {
      open: query.state ? query.state !== "settled" : null,
      kind: query.kind ?? null,
      account_id: query.account_id ?? null,
      stocktake_id: query.stocktake_id ?? null,
      late_before: query.state === "late" ? today : null,
    }
    const [rows, open, late] = await Promise.all([
      shown(ctx.db, filter, today),
      countFindings(ctx.db, { ...EVERYTHING, open: true }),
      countFindings(ctx.db, { ...EVERYTHING, open: true, late_before: today }),
    ])
    return { rows, counts: { open, late } }
  }),
  implement(c.settleFinding, (ctx, { params, body }) =>
    ctx.command((t, note) => commands.settleFinding(t, params.id, body, ctx.actor.staff_id, ctx.now, note)),
  ),
  implement(c.reassignFinding, (ctx, { params, body }) =>
    ctx.command((t, note) => commands.reassignFinding(t, params.id, body, note)),
  ),
]
