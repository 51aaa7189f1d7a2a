import type { TableRule } from "../../platform/backup/index.ts"

/** A place in the log of changes means nothing in another database: plays that follow a rule go on from the restore. */
export const PLAYS_BACKUP: readonly TableRule[] = [
  {
    table: "plays_follows",
    columns: ["play_id", "version", "position", "day", "round"],
    select: "select play_id, version, '1:1:'::pg_snapshot, day, round + 1 from plays_follows",
    after: "update plays_follows set position = pg_current_snapshot()",
  },
]
