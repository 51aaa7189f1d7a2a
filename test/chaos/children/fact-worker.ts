import { openDb } from "../../../src/platform/db.ts"
import { registerHandlers, startPump } from "../../../src/spine/facts/index.ts"
import { RECORDERS } from "../recorder.ts"

// A worker that hands facts to the recorders until it is stopped or killed.
const db = openDb({ url: process.env.CHAOS_URL ?? "", max: 8, application_name: "chaos worker" })
await registerHandlers(db, RECORDERS)
const pump = startPump({
  db,
  handlers: RECORDERS,
  now: () => new Date(),
  // The database is killed under us; the pump goes on by itself.
  onError: () => undefined,
})
process.stdout.write("ready\n")
process.once("SIGTERM", () => void pump.stop().then(() => process.exit(0)))
