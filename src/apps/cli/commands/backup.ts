import { isRefused } from "../../../kernel/result.ts"
import { SEGMENTS_BACKUP } from "../../../modules/segments/index.ts"
import { TAGS_BACKUP } from "../../../modules/tags/index.ts"
import { backup, restore, type TableRule } from "../../../platform/backup/index.ts"
import { FACTS_BACKUP } from "../../../spine/facts/index.ts"
import { PLAYS_BACKUP } from "../../../spine/plays/index.ts"
import { prepareTraits, TRAITS_BACKUP } from "../../../spine/traits/index.ts"
import { wire } from "../../server/wiring.ts"
import type { Command, ExitCode } from "../command.ts"

const RULES: readonly TableRule[] = [
  ...FACTS_BACKUP,
  ...TRAITS_BACKUP,
  ...PLAYS_BACKUP,
  ...TAGS_BACKUP,
  ...SEGMENTS_BACKUP,
]

const WORDS: Record<string, string> = {
  folder_exists: "这个目录已存在，备份只写入新目录 (the folder exists already; a backup goes into a new one)",
  no_backup: "这里没有备份 (there is no backup here)",
  damaged_backup: "备份已损坏，没有做任何改动 (the backup is damaged; nothing was changed)",
  other_schema: "备份来自另一个版本，没有做任何改动 (the backup is of another version; nothing was changed)",
  other_kind:
    "沙盒与真实企业的备份不能互换 (a sandbox's backup cannot serve a real company, nor the other way round)",
}

export const backupCommand: Command = {
  name: "backup",
  usage: "backup 目录 [--json]",
  summary: "把全部数据备份到一个新目录 / write everything into a new folder, as of one moment",
  positionals: { min: 1, max: 1 },
  run: (env, _values, [folder]) =>
    env.withDatabase<ExitCode>(async (db) => {
      const made = await backup(db, folder!, {
        rules: RULES,
        machine_now: new Date(),
        onTable: (table, rows) => env.say(`${table} ${rows}`),
      })
      if (isRefused(made)) return env.refuse(made, WORDS[made.refused] ?? made.refused)
      env.answer(made, `已备份到 ${made.folder}：${made.tables} 张表，${made.rows} 行 (backed up)`)
      return 0
    }),
}

export const restoreCommand: Command = {
  name: "restore",
  usage: "restore 目录 [--json]",
  summary: "用备份替换现有的全部数据 / replace everything by what a backup holds",
  positionals: { min: 1, max: 1 },
  run: (env, _values, [folder]) =>
    env.withDatabase<ExitCode>(async (db) => {
      // A database that no server has opened yet lacks the columns and indexes of the traits on offer.
      await prepareTraits(db, wire({ sandbox: null, channels: [] }).registry)
      const done = await restore(db, folder!, {
        rules: RULES,
        onTable: (table, rows) => env.say(`${table} ${rows}`),
      })
      if (isRefused(done)) {
        const detail = done.detail ? ` ${JSON.stringify(done.detail)}` : ""
        return env.refuse(done, `${WORDS[done.refused] ?? done.refused}${detail}`)
      }
      env.answer(done, `已恢复到 ${done.made_at}：${done.tables} 张表，${done.rows} 行 (restored)`)
      return 0
    }),
}
