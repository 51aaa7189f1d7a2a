import { migrate } from "../../../platform/migrate.ts"
import type { Command, ExitCode } from "../command.ts"

export const migrateCommand: Command = {
  name: "migrate",
  usage: "migrate [--json]",
  summary: "把数据库升级到这个版本 / bring the database's schema up to this version",
  run: (env) =>
    env.withDatabase<ExitCode>(
      async (db) => {
        const applied = await migrate(db)
        env.answer(
          { applied },
          applied.length > 0 ? applied.join("\n") : "已是最新 (the schema is up to date)",
        )
        return 0
      },
      { migrate: false },
    ),
}
