import { pageOfRows } from "../../kernel/cursor.ts"
import { isRefused, refuse } from "../../kernel/result.ts"
import type { Queryable } from "../../platform/db.ts"
import { type Actor, type Context, implement, type Route, staffSeenBy } from "../../platform/http/index.ts"
import { staffNames } from "../staff/index.ts"
import {
  cancelImport,
  type ImportRow,
  importCursor,
  listImportJobs,
  listImportKinds,
  listImports,
  lookAtImport,
  pauseImport,
  readImport,
  resumeImport,
  runImport,
} from "./contract.ts"
import { filesUntil } from "./expiry.ts"
import type { ImportField, ImportKind, ImportKinds } from "./kinds.ts"
import { IMPORTS_LATELY_MS, IMPORTS_SHOWN } from "./limits.ts"
import { lookInto, seen } from "./look.ts"
import { missingField } from "./mapping.ts"
import { IMPORT_REFUSALS, tooManyRows } from "./refusals.ts"
import {
  importById,
  importForUpdate,
  importRows,
  importsLately,
  queueImport,
  type Stored,
  setState,
} from "./store.ts"

async function shown(q: Queryable, kinds: ImportKinds, list: readonly Stored[]): Promise<ImportRow[]> {
  const names = await staffNames(
    q,
    list.map((row) => row.created_by),
  )
  return list.map(({ path: _, stood: __, scope: ___, paused_at, failed_path, created_by, ...row }) => ({
    ...row,
    files_until: filesUntil({ ...row, paused_at }),
    has_failed_rows: failed_path !== null,
    problem_words: wordsOf(row.problem, kinds.get(row.kind)),
    by_name: names.get(created_by) ?? null,
  }))
}

/** A problem of a file in words; what is no refusal of the import was a fault of ours. */
function wordsOf(problem: string | null, kind: ImportKind | undefined) {
  if (problem === null) return null
  if (problem === "too_many_rows" && kind?.rows_max) return tooManyRows(kind.rows_max)
  const known = Object.entries(IMPORT_REFUSALS).find(([code]) => code === problem)?.[1]
  return known ? { zh: known.zh, en: known.en } : null
}

async function one(
  q: Queryable,
  kinds: ImportKinds,
  id: string,
  actor: Actor,
): Promise<ImportRow | undefined> {
  const found = await importById(q, id, staffSeenBy(actor))
  return found ? (await shown(q, kinds, [found]))[0] : undefined
}

const mayTake = (actor: Actor, { permission }: ImportField) => !permission || actor.can(permission)

const UNDER_WAY: readonly Stored["state"][] = ["queued", "running"]

/** A step in an import's life, with what it was and what it became; of two who press at once, one is told that it is not so any more. */
const step = (
  ctx: Context,
  kinds: ImportKinds,
  id: string,
  from: readonly Stored["state"][],
  to: "paused" | "queued" | "cancelled",
) =>
  ctx.command(async (t, note) => {
    const found = await importForUpdate(t, id, staffSeenBy(ctx.actor))
    if (!found) return refuse("not_found")
    if (!from.includes(found.state)) return refuse("not_now", { detail: { state: found.state } })
    if (found.files_expired_at) return refuse("file_expired")
    await setState(t, id, to, ctx.now)
    note({ target: `import:${id}`, before: { state: found.state }, after: { state: to } })
    return (await one(t, kinds, id, ctx.actor))!
  })

export const routes = (kinds: ImportKinds): Route[] => [
  implement(listImportKinds, async (ctx) => ({
    rows: [...kinds.values()]
      .filter(({ permission }) => ctx.actor.can(permission))
      .map(({ name, words, permission, by_source, needs, fields }) => ({
        name,
        words,
        permission,
        by_source,
        needs: needs.map((some) => [...some]),
        fields: fields
          .filter((field) => mayTake(ctx.actor, field))
          .map((field) => ({ name: field.name, words: field.words, hint: field.hint ?? null })),
      })),
  })),
  implement(listImports, async (ctx, { query }) => {
    const found = await importRows(ctx.db, {
      makers: staffSeenBy(ctx.actor),
      kind: query.kind ?? null,
      before: query.cursor ?? null,
      limit: query.limit + 1,
    })
    const { page, next_cursor } = pageOfRows(importCursor, found, query.limit, (last) => ({
      at: last.created_at,
      id: last.id,
    }))
    const rows = await shown(ctx.db, kinds, page)
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
    return (await one(ctx.db, kinds, params.id, ctx.actor)) ?? refuse("not_found")
  }),
  implement(lookAtImport, async (ctx, { params, body }) => {
    const found = await importById(ctx.db, params.id, staffSeenBy(ctx.actor))
    const kind = found && kinds.get(found.kind)
    if (!kind || !ctx.actor.can(kind.permission)) return refuse("not_found")
    if (found.files_expired_at) return refuse("file_expired")
    const looked = await lookInto(found.path, body)
    return isRefused(looked) ? looked : seen(ctx.db, kind, found, looked, ctx.actor.staff_id)
  }),
  implement(runImport, (ctx, { params, body }) =>
    ctx.command(async (t, note) => {
      const found = await importForUpdate(t, params.id, staffSeenBy(ctx.actor))
      if (!found) return refuse("not_found")
      if (UNDER_WAY.includes(found.state) || found.state === "paused") return refuse("import_busy")
      if (found.files_expired_at) return refuse("file_expired")
      const kind = kinds.get(found.kind)
      if (!kind || !ctx.actor.can(kind.permission)) return refuse("forbidden")
      const beyond = kind.fields.find(
        (field) => body.options.mapping[field.name] && !mayTake(ctx.actor, field),
      )
      if (beyond)
        return refuse("forbidden", {
          field: `options.mapping.${beyond.name}`,
          detail: { permission: beyond.permission },
        })
      const missing = missingField(kind, body.options.mapping)
      if (missing) return refuse("column_needed", { field: `options.mapping.${missing}` })
      await queueImport(t, params.id, body.options, body.dry_run, ctx.actor.scope)
      note({
        target: `import:${params.id}`,
        before: { state: found.state },
        after: { state: "queued", kind: kind.name, source: body.options.source, dry_run: body.dry_run },
      })
      return (await one(t, kinds, params.id, ctx.actor))!
    }),
  ),
  implement(pauseImport, (ctx, { params }) => step(ctx, kinds, params.id, UNDER_WAY, "paused")),
  implement(resumeImport, (ctx, { params }) => step(ctx, kinds, params.id, ["paused"], "queued")),
  implement(cancelImport, (ctx, { params }) =>
    step(ctx, kinds, params.id, ["uploaded", ...UNDER_WAY, "paused", "checked"], "cancelled"),
  ),
]
