import type { TableRule } from "../../platform/backup/index.ts"

/** The log of changes stays behind: whoever reads it is told by the floor to look at everything again. */
export const TRAITS_BACKUP: readonly TableRule[] = [
  {
    table: "traits_changes",
    columns: [],
    select: "select from traits_changes where false",
  },
  {
    table: "traits_floor",
    columns: ["tx"],
    select: "select '0'::xid8",
    after: "update traits_floor set tx = pg_current_xact_id()",
  },
]
