import { sharedClock, systemClock } from "../../platform/clock.ts"
import { readConfig } from "../../platform/config.ts"
import { openDb } from "../../platform/db.ts"
import { migrate } from "../../platform/migrate.ts"
import { openCluster } from "../../platform/postgres/index.ts"
import type { CommandEnv } from "./command.ts"

/** Connections of one command; it may run beside a server. */
const COMMAND_CONNECTIONS = 6

/**
 * Runs a command's work on the place's database, with, beside or without a server: the one DATABASE_URL names, or the
 * home's own PostgreSQL, which is adopted where it runs, else started and stopped again afterwards.
 * Throws `StartProblem` when there is no database to be had.
 */
export const withDatabase: CommandEnv["withDatabase"] = async (work, options = {}) => {
  const config = readConfig()
  const cluster = config.database_url
    ? null
    : await openCluster({ home: config.home, log: (line) => process.stderr.write(`${line}\n`) })
  try {
    const url = config.database_url ?? cluster?.url ?? ""
    const db = openDb({ url, max: COMMAND_CONNECTIONS, application_name: "siyu-cli" })
    try {
      // Before the schema is there no clock can be read from it.
      if (options.migrate === false) return await work(db, systemClock)
      await migrate(db)
      const clock = await sharedClock(db)
      try {
        return await work(db, clock)
      } finally {
        clock.stop()
      }
    } finally {
      await db.end()
    }
  } finally {
    await cluster?.leave()
  }
}
