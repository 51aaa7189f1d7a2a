import type { TableRule } from "../../platform/backup/index.ts"

const RANK = (tx: string, id: string) =>
  `(select count(*) from facts) - (select count(*) from facts f where (f.tx, f.id) > (${tx}, ${id}))`

/**
 * Facts leave as a plain sequence in their order, and come back as the facts of the one transaction that restores them, numbered
 * by that sequence; cursors and parked facts carry the number of the fact they stand at. (Counting from the end is short: those
 * who read are near it.)
 */
export const FACTS_BACKUP: readonly TableRule[] = [
  {
    table: "facts",
    columns: ["id", "bucket", "type", "subject", "origin", "occurred_at", "recorded_at", "payload"],
    select: `select row_number() over (order by tx, id), bucket, type, subject, origin, occurred_at, recorded_at, payload
             from facts order by tx, id`,
    after:
      "select setval('facts_id', greatest((select max(id) from facts), (select last_value from facts_id)))",
  },
  {
    table: "facts_cursors",
    columns: ["handler", "lane", "tx", "id", "advanced_at", "types", "origins"],
    select: `select handler, lane, '0'::xid8, ${RANK("c.tx", "c.id")}, advanced_at, types, origins from facts_cursors c`,
    after: "update facts_cursors set tx = pg_current_xact_id()",
  },
  {
    table: "facts_parked",
    columns: ["handler", "subject", "tx", "id", "attempts", "error", "next_try_at", "dead"],
    select: `select handler, subject, '0'::xid8, ${RANK("p.tx", "p.id")}, attempts, error, next_try_at, dead from facts_parked p`,
    after: "update facts_parked set tx = pg_current_xact_id()",
  },
]
