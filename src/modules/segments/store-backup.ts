import type { TableRule } from "../../platform/backup/index.ts"

/** A place in the log of changes means nothing in another database: why somebody moved just then is not told, that they did is. */
export const SEGMENTS_BACKUP: readonly TableRule[] = [
  {
    table: "segments_followed",
    columns: ["segment_id", "version", "day", "taken_at", "position", "broken"],
    select: "select segment_id, version, day, taken_at, null::pg_snapshot, broken from segments_followed",
  },
]
