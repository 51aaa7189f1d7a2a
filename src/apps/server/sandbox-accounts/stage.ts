import type { FastifyInstance } from "fastify"
import { allows } from "../../../kernel/permissions.ts"
import { fileDoors } from "../../../modules/accounts/index.ts"
import { memberById, ROLE_PERMISSIONS } from "../../../modules/staff/index.ts"
import type { Db } from "../../../platform/db.ts"
import { type Actor, createHttp, type Route } from "../../../platform/http/index.ts"

/** The company's own doors, in this process alone, at moments that have gone by: what is done there is checked and kept as ever. */
export type Stage = {
  /** Somebody does something at a moment; what is refused here is a mistake of whoever wrote the story. */
  does(who: string, at: Date, path: string, body?: object, method?: "POST" | "PUT"): Promise<Answer>
  reads<T>(who: string, path: string): Promise<T>
  brings(who: string, at: Date, path: string, content: Buffer): Promise<Answer>
  close(): Promise<void>
}
/** What was made or done is told by its id. */
type Answer = { id: string }

export async function openStage(db: Db, routes: readonly Route[], now: Date): Promise<Stage> {
  let moment = now
  const clock = { now: () => moment }
  const actorOf = async (staff_id: string | null): Promise<Actor | null> => {
    const member = staff_id ? await memberById(db, staff_id) : undefined
    if (member?.status !== "active") return null
    const granted = ROLE_PERMISSIONS[member.role]
    return {
      kind: "staff",
      staff_id: member.id,
      name: member.name,
      role: member.role,
      can: (permission) => allows(granted, permission),
      scope: member.role === "operator" ? [member.id] : null,
    }
  }
  const app: FastifyInstance = await createHttp({
    db,
    clock,
    routes,
    resolveActor: ({ bearer }) => actorOf(bearer),
  })
  await fileDoors(app, {
    db,
    now: () => moment,
    actorOf: (request) => actorOf(request.headers.authorization?.slice("Bearer ".length) ?? null),
  })
  const ask = async <T>(
    who: string,
    at: Date,
    method: "GET" | "POST" | "PUT",
    path: string,
    payload?: object,
    type?: string,
  ) => {
    moment = at
    const answer = await app.inject({
      method,
      url: `/api${path}`,
      headers: { authorization: `Bearer ${who}`, ...(type ? { "content-type": type } : {}) },
      ...(payload ? { payload } : {}),
    })
    if (answer.statusCode !== 200) throw new Error(`${method} ${path}: ${answer.statusCode} ${answer.body}`)
    return answer.json<T>()
  }
  return {
    does: (who, at, path, body, method = "POST") => ask<Answer>(who, at, method, path, body ?? {}),
    reads: (who, path) => ask(who, now, "GET", path),
    brings: (who, at, path, content) =>
      ask<Answer>(who, at, "POST", path, content, "application/octet-stream"),
    close: () => app.close(),
  }
}
