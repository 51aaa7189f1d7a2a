import { afterAll, inject } from "vitest"
import { type Db, openDb } from "../db.ts"
import { withDatabase } from "./global-setup.ts"

let serial = 0

/**
 * A database of the caller's own, cloned from the run's migrated template; dropped when the test file is done. Call it at the
 * top of a file or in a `beforeAll`.
 */
export async function testDatabase(options: { max?: number } = {}): Promise<{ db: Db; url: string }> {
  const cluster = inject("clusterUrl")
  const name = `t_${process.pid}_${Date.now().toString(36)}_${serial++}`
  const admin = openDb({ url: cluster, max: 1 })
  await createFrom(admin, name, inject("templateName"))
  const url = withDatabase(cluster, name)
  const db = openDb({ url, max: options.max ?? 10 })
  afterAll(async () => {
    const kept = await Promise.race([db.end().then(() => null), wait(POOL_END_MS).then(() => db)])
    await admin.query(`drop database if exists ${name} with (force)`)
    await admin.end()
    if (kept)
      throw new Error(
        `a test left connections taken: ${kept.totalCount} in all, ${kept.idleCount} idle, ${kept.waitingCount} callers waiting`,
      )
  })
  return { db, url }
}

/** A pool ends when every connection was given back; one that was not is a leak, to be told and not to be waited for. */
const POOL_END_MS = 30_000
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

export async function testDb(options: { max?: number } = {}): Promise<Db> {
  return (await testDatabase(options)).db
}

const CLONE_TRIES = 100

/** Two clones of one template at the same moment refuse each other; the one refused simply comes again. */
async function createFrom(admin: Db, name: string, template: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await admin.query(`create database ${name} template ${template}`)
      return
    } catch (error) {
      const busy = (error as { code?: string }).code === "55006"
      if (!busy || attempt === CLONE_TRIES) throw error
      await wait(50)
    }
  }
}

/** Polls until `check` gives something truthy, at most `limit_ms`; gives what it gave. */
export async function until<T>(check: () => Promise<T> | T, limit_ms = 10_000): Promise<NonNullable<T>> {
  const end = Date.now() + limit_ms
  for (;;) {
    const answer = await check()
    if (answer) return answer
    if (Date.now() > end) throw new Error(`not so within ${limit_ms} ms: ${check.toString().slice(0, 200)}`)
    await wait(20)
  }
}
