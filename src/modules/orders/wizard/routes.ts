import { refuse } from "../../../kernel/result.ts"
import { implement, type Route } from "../../../platform/http/index.ts"
import { IMPORTS_LATELY_MS, IMPORTS_SHOWN } from "../limits.ts"
import {
  cancelImport,
  type ImportRow,
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

function shown({ path: _, failed_path, ...row }: Stored): ImportRow {
  return { ...row, has_failed_rows: failed_path !== null }
}

export const wizardRoutes: Route[] = [
  implement(listImports, async (ctx) => ({ rows: (await importRows(ctx.db, IMPORTS_SHOWN)).map(shown) })),
  implement(listImportJobs, async (ctx) => ({
    rows: await importsLately(ctx.db, new Date(ctx.now.getTime() - IMPORTS_LATELY_MS), IMPORTS_SHOWN),
  })),
  implement(readImport, async (ctx, { params }) => {
    const found = await importById(ctx.db, params.id)
    return found ? shown(found) : refuse("not_found")
  }),
  implement(runImport, (ctx, { params, body }) =>
    ctx.command(async (t, note) => {
      const found = await importForUpdate(t, params.id)
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
      return shown((await importById(t, params.id))!)
    }),
  ),
  implement(cancelImport, (ctx, { params }) =>
    ctx.command(async (t, note) => {
      const found = await importForUpdate(t, params.id)
      if (!found) return refuse("not_found")
      await setCancelled(t, params.id)
      note({ target: `import:${params.id}` })
      return shown((await importById(t, params.id))!)
    }),
  ),
]
