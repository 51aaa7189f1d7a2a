import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll } from "vitest"
import { newId } from "../../kernel/ids.ts"
import type { Db } from "../../platform/db.ts"
import { type Actor, createHttp } from "../../platform/http/index.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { wizardDoors } from "./door.ts"
import type { ImportKinds } from "./kinds.ts"
import { routes } from "./routes.ts"

export const now = new Date("2026-11-23T04:00:00Z")
export const lead: Actor = {
  kind: "staff",
  staff_id: newId(),
  name: "梁",
  role: "lead",
  can: () => true,
  scope: null,
}
export const headers = { cookie: "siyu_session=x" }
export type Json = Record<string, unknown>

/** The wizard on a database and in a folder of its own, which are gone when the file's tests are done. */
export async function wizardOf(
  kinds: ImportKinds,
  { clock = () => now, who = () => lead }: { clock?: () => Date; who?: () => Actor | null } = {},
) {
  const db: Db = await testDb()
  const folder = await mkdtemp(join(tmpdir(), "siyu-uploads-"))
  afterAll(() => rm(folder, { recursive: true, force: true }))
  const resolveActor = async () => who()
  const app = await createHttp({ db, clock: { now: clock }, routes: routes(kinds), resolveActor })
  await wizardDoors(app, { db, kinds, folder, now: () => now, actorOf: resolveActor })
  const upload = async (kind: string, payload: string | Buffer, name: string) => {
    const answer = await app.inject({
      method: "POST",
      url: `/api/imports/files?kind=${kind}&name=${encodeURIComponent(name)}`,
      headers: { ...headers, "content-type": "application/octet-stream" },
      payload,
    })
    return { status: answer.statusCode, body: answer.json() as Json }
  }
  const read = async (id: unknown) =>
    (await app.inject({ method: "GET", url: `/api/imports/${id}`, headers })).json() as Json
  return { db, folder, app, upload, read }
}
