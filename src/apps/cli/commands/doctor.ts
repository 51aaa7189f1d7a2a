import { readConfig } from "../../../platform/config.ts"
import { maybeRow, oneRow, rows } from "../../../platform/db.ts"
import { readMigrations } from "../../../platform/migrate.ts"
import { deadLetters, lag } from "../../../spine/facts/index.ts"
import type { Command, ExitCode } from "../command.ts"

const OPEN_TOO_LONG_S = 30
const BEHIND_TOO_FAR = 50_000
const DEAD_SHOWN = 20

type Finding = { check: string; ok: boolean; detail: string }

export const doctorCommand: Command = {
  name: "doctor",
  usage: "doctor [--json]",
  summary: "检查这套系统是否健康 / look whether all is well, and name what is not",
  run: (env) =>
    env.withDatabase<ExitCode>(
      async (db) => {
        const config = readConfig()
        const findings: Finding[] = []
        const add = (check: string, ok: boolean, detail: string) => findings.push({ check, ok, detail })
        const { version } = await oneRow<{ version: number }>(
          db,
          "select current_setting('server_version_num')::int as version",
        )
        add("postgres", version >= 150_000, `PostgreSQL ${Math.floor(version / 10_000)}.${version % 10_000}`)
        add("node", Number(process.versions.node.split(".")[0]) >= 20, `Node ${process.versions.node}`)
        const have = await maybeRow(
          db,
          "select to_regclass('platform_migrations') as t where to_regclass('platform_migrations') is not null",
        )
        const done = new Map(
          have
            ? (
                await rows<{ name: string; checksum: string }>(
                  db,
                  "select name, checksum from platform_migrations",
                )
              ).map((r) => [r.name, r.checksum])
            : [],
        )
        const waiting = readMigrations().filter((m) => !done.has(m.name))
        const changed = readMigrations().filter((m) => done.has(m.name) && done.get(m.name) !== m.checksum)
        add(
          "schema",
          waiting.length === 0,
          waiting.length === 0
            ? `${done.size} migrations`
            : `waiting: ${waiting.map((m) => m.name).join(", ")}`,
        )
        if (changed.length > 0)
          add("migrations", false, `edited after they ran here: ${changed.map((m) => m.name).join(", ")}`)
        if (waiting.length === 0) {
          const holders = await rows<{ pid: number; name: string; seconds: number; query: string }>(
            db,
            `select pid, application_name as name, extract(epoch from clock_timestamp() - xact_start)::int as seconds, left(query, 80) as query
             from pg_stat_activity where datname = current_database() and backend_xid is not null and pid <> pg_backend_pid()
               and xact_start < clock_timestamp() - make_interval(secs => $1) order by xact_start`,
            [OPEN_TOO_LONG_S],
          )
          add(
            "open transactions",
            holders.length === 0,
            holders.length === 0
              ? "none holds readers of facts back"
              : holders.map((h) => `pid ${h.pid} (${h.name}) open ${h.seconds} s: ${h.query}`).join("; "),
          )
          for (const reader of await lag(db))
            add(
              `facts: ${reader.handler}`,
              reader.behind < BEHIND_TOO_FAR && reader.dead === 0,
              `${reader.behind} behind, ${reader.parked} parked, ${reader.dead} dead`,
            )
          for (const dead of await deadLetters(db, DEAD_SHOWN))
            add(`dead letter: ${dead.handler}`, false, `${dead.type} of ${dead.subject}: ${dead.error}`)
          const stamp = await maybeRow<{ kind: string }>(db, "select kind from platform_stamp")
          add("company", true, stamp ? stamp.kind : "not started yet")
        }
        add("home", true, config.database_url ? "DATABASE_URL" : config.home)
        const well = findings.every((f) => f.ok)
        env.answer(
          { well, findings },
          findings.map((f) => `${f.ok ? "✓" : "✗"} ${f.check}: ${f.detail}`).join("\n"),
        )
        return well ? 0 : 1
      },
      { migrate: false },
    ),
}
