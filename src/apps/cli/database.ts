import { systemClock } from "../../platform/clock.ts"
import { openDb } from "../../platform/db.ts"
import { migrate } from "../../platform/migrate.ts"
import { type CommandEnv, WrongCall } from "./command.ts"

/** The database that DATABASE_URL names. */
export const withDatabase: CommandEnv["withDatabase"] = async (work, options = {}) => {
  const url = process.env.DATABASE_URL
  if (!url) throw new WrongCall("DATABASE_URL is not set")
  const db = openDb({ url, application_name: "siyu-cli" })
  try {
    if (options.migrate !== false) await migrate(db)
    return await work(db, systemClock)
  } finally {
    await db.end()
  }
}
