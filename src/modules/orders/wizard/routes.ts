import { pageOfRows } from "../../../kernel/cursor.ts"
import { refuse } from "../../../kernel/result.ts"
import type { Queryable } from "../../../platform/db.ts"
import { type Actor, implement, type Route, staffSeenBy } from "../../../platform/http/index.ts"
import { staffNames } from "../../staff/index.ts"
import { IMPORT_REFUSALS } from "../import/refusals.ts"
import { IMPORTS_LATELY_MS, IMPORTS_SHOWN } from "../limits.ts"
import {
  cancelImport,
  type ImportRow,
  importCursor,
  listImportJobs,
  listImports,
  readImport,
  runImport,
} from "./contract.ts"
import {
  importById,
  importForUpdate,
  importRows,
  importsLately,
  queueImport,
  type Stored,
  setCancelled,
} from "./store.ts"

async function shown(q: Queryable, list: readonly Stored[]): Promise<ImportRow[]> {
  const names = await staffNames(
    q,
    list.map((row) => row.created_by),
  )
  return list.map(({ path: _, failed_path, created_by, ...row }) => ({
    ...row,
    has_failed_rows: failed_path !== null,
    problem_words: wordsOf(row.problem),
    by_name: names.get(created_by) ?? null,
  }))
}

/** A problem of a file in words; what is no refusal of the import was a fault of ours. */
function wordsOf(problem: string | null) {
  if (problem === null) return null
  const known = Object.entries(IMPORT_REFUSALS).find(([code]) => code === problem)?.[1]
  return known ? { zh: known.zh, en: known.en } : null
}

async function one(q: Queryable, id: string, actor: Actor): Promise<ImportRow | undefined> {
  const found = await importById(q, id, staffSeenBy(actor))
  return found ? (await shown(q, [found]))[0] : undefined
}

export const wizardRoutes: Route[] = [
  implement(listImports, async (ctx, { query }) => {
    const found = await importRows(ctx.db, {
      makers: staffSeenBy(ctx.actor),
      before: query.cursor ?? null,
      limit: query.limit + 1,
    })
    const { page, next_cursor } = pageOfRows(importCursor, found, query.limit, (last) => ({
      at: last.created_at,
      id: last.id,
    }))
    const rows = await shown(ctx.db, page)
    return { rows: rows.map(({ failures: _, options: __, ...row }) => row), next_cursor }
  }),
  implement(listImportJobs, async (ctx) => ({
    rows: await importsLately(
      ctx.db,
      staffSeenBy(ctx.actor),
      new Date(ctx.now.getTime() - IMPORTS_LATELY_MS),
      IMPORTS_SHOWN,
    ),
  })),
  implement(readImport, async (ctx, { params }) => {
    return (await one(ctx.db, params.id, ctx.actor)) ?? refuse("not_found")
  }),
  implement(runImport, (ctx, { params, body }) =>
    ctx.command(async (t, note) => {
      const found = await importForUpdate(t, params.id, staffSeenBy(ctx.actor))
      if (!found) return refuse("not_found")
      if (found.state === "queued" || found.state === "running") return refuse("import_busy")
      const { customer, at, amount } = body.options.mapping
      if (!customer || !at || !amount)
        return refuse("column_needed", {
          field: !customer
            ? "options.mapping.customer"
            : !at
              ? "options.mapping.at"
              : "options.mapping.amount",
        })
      await queueImport(t, params.id, body.options, body.dry_run)
      note({ target: `import:${params.id}`, after: { source: body.options.source, dry_run: body.dry_run } })
      return (await one(t, params.id, ctx.actor))!
    }),
  ),
  implement(cancelImport, (ctx, { params }) =>
    ctx.command(async (t, note) => {
      const found = await importForUpdate(t, params.id, staffSeenBy(ctx.actor))
      if (!found) return refuse("not_found")
      await setCancelled(t, params.id, ctx.now)
      const left = (await one(t, params.id, ctx.actor))!
      // One that was over already stays what it was: the audit tells both, and calls nothing stopped that was not.
      note({
        target: `import:${params.id}`,
        before: { state: found.state },
        after: { state: left.state },
      })
      return left
    }),
  ),
]
