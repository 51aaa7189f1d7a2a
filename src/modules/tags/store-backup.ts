import type { TableRule } from "../../platform/backup/index.ts"

/** A place in the log of changes means nothing in another database: rules go on from the restore, and look at everybody by night. */
export const TAGS_BACKUP: readonly TableRule[] = [
  {
    table: "tags_follow",
    columns: ["one", "position"],
    select: "select one, '1:1:'::pg_snapshot from tags_follow",
    after: "update tags_follow set position = pg_current_snapshot()",
  },
]
