import { Readable } from "node:stream"
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import { momentText } from "../../../kernel/moments.ts"
import { isRefused, type Refusal, refuse } from "../../../kernel/result.ts"
import type { Db } from "../../../platform/db.ts"
import { type Actor, answerRefusal, turnedAway } from "../../../platform/http/index.ts"
import type { Registry } from "../../../spine/offers/index.ts"
import { EXPORT_REFUSALS, exportPath } from "../contract.ts"
import { EXPORT_OPEN_MS } from "../limits.ts"
import { exportOf } from "../store-export.ts"
import { exportPieces, type Language } from "./sheet.ts"

export type ExportDoor = {
  db: Db
  registry: Registry
  now(): Date
  actorOf(request: FastifyRequest): Promise<Actor | null>
}

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const FILE: Record<Language, string> = { zh: "客户", en: "customers" }

/** The door by which a file of customers leaves, for whoever opened it and still may; the audit knows of it since it was opened. */
export async function exportDoor(app: FastifyInstance, door: ExportDoor): Promise<void> {
  app.get(exportPath(":id"), async (request, reply) => {
    const file = await asked(door, request)
    return isRefused(file) ? answerRefusal(reply, file, EXPORT_REFUSALS, request.id) : send(reply, door, file)
  })
}

type File = { id: string; people: number; scope: readonly string[] | null; lang: Language }

async function asked(door: ExportDoor, request: FastifyRequest): Promise<File | Refusal> {
  const actor = await door.actorOf(request)
  const stopped = turnedAway(actor, { permission: "customers.export" })
  if (stopped) return stopped
  const { id } = request.params as { id: string }
  const opened = ID.test(id) ? await exportOf(door.db, id, actor!.staff_id) : undefined
  if (!opened) return refuse("not_found")
  if (door.now().getTime() - opened.created_at.getTime() > EXPORT_OPEN_MS) return refuse("export_over")
  const { lang } = request.query as { lang?: unknown }
  return { id, people: opened.people, scope: actor!.scope, lang: lang === "en" ? "en" : "zh" }
}

function send(reply: FastifyReply, { db, registry, now }: ExportDoor, file: File): FastifyReply {
  // By the minute in Shanghai: 客户_20261122_1530.csv.
  const stamp = momentText(now()).slice(0, 16).replace(/[-:]/g, "").replace(" ", "_")
  const name = `${FILE[file.lang]}_${stamp}.csv`
  return reply
    .type("text/csv; charset=utf-8")
    .header("x-content-type-options", "nosniff")
    .header("cache-control", "no-store")
    .header("content-disposition", `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
    .send(Readable.from(exportPieces(db, registry, file)))
}
