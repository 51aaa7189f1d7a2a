import { ensureOwner } from "../../modules/staff/index.ts"
import { sharedClock } from "../../platform/clock.ts"
import { openDb } from "../../platform/db.ts"
import { createServer } from "./create-server.ts"
import type { Serve } from "./supervise.ts"

/** Connections of one server process; the embedded PostgreSQL allows 100 for all of them and the commands. */
const SERVER_CONNECTIONS = 20

/** Opens the door of one process on a database that is ready. */
export const serve: Serve = async ({ config, database_url, host, port, log }) => {
  const db = openDb({ url: database_url, max: SERVER_CONNECTIONS, application_name: `siyu ${config.role}` })
  const clock = await sharedClock(db)
  const one_time_password = await ensureOwner(db, config.owner_password ?? undefined, new Date())
  const app = config.role === "worker" ? null : await createServer({ db, clock, log })
  await app?.listen({ host, port })
  return {
    one_time_password,
    async stop() {
      await app?.close()
      clock.stop()
      await db.end()
    },
  }
}
