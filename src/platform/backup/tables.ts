import { invariant } from "../../kernel/invariant.ts"
import { type Queryable, rows } from "../db.ts"

/**
 * How a table is carried over where its rows name transactions: transaction ids mean nothing in another cluster, so they are
 * left out or numbered anew. `select` gives `columns` in their order.
 */
export type TableRule = {
  table: string
  columns: readonly string[]
  select: string
  /** Run in the restoring transaction once every table is filled. */
  after?: string
}

export type Column = { name: string; type: string }
export type TableShape = { table: string; columns: Column[]; select: string; after?: string }

/** Made by migrating, not carried over. */
const OWN = new Set(["platform_migrations"])

/** Every table that a backup holds, parents before the children that refer to them. */
export async function tableShapes(q: Queryable, rules: readonly TableRule[]): Promise<TableShape[]> {
  const found = await rows<{ table: string; columns: (Column & { generated: boolean; tx: boolean })[] }>(
    q,
    `select c.relname as table, (
       select json_agg(json_build_object('name', a.attname, 'generated', a.attgenerated <> '', 'tx', a.atttypid in ('xid8'::regtype, 'pg_snapshot'::regtype),
         'type', format_type(a.atttypid, a.atttypmod) || case when o.collname = 'C' then ' collate "C"' else '' end)
         order by a.attnum)
       from pg_attribute a left join pg_collation o on o.oid = a.attcollation
       where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
     from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and c.relpersistence = 'p'
     order by c.relname`,
  )
  const kept = found.filter((t) => !OWN.has(t.table))
  const sorted = parentsFirst(
    kept.map((t) => t.table),
    await references(q),
  )
  return sorted.map((table) => {
    const { columns } = kept.find((t) => t.table === table)!
    const rule = rules.find((r) => r.table === table)
    const plain = columns.filter((c) => !c.generated).map(({ name, type }) => ({ name, type }))
    if (!rule) {
      invariant(!columns.some((c) => c.tx), `${table} names transactions and has no rule for its backup`)
      const list = plain.map((c) => quoted(c.name)).join(", ")
      return { table, columns: plain, select: `select ${list} from ${quoted(table)}` }
    }
    const chosen = rule.columns.map((name) => plain.find((c) => c.name === name)!)
    return { table, columns: chosen, select: rule.select, ...(rule.after ? { after: rule.after } : {}) }
  })
}

async function references(q: Queryable): Promise<[child: string, parent: string][]> {
  const found = await rows<{ child: string; parent: string }>(
    q,
    `select c.relname as child, p.relname as parent from pg_constraint k
     join pg_class c on c.oid = k.conrelid join pg_class p on p.oid = k.confrelid
     where k.contype = 'f' and k.conrelid <> k.confrelid and k.connamespace = 'public'::regnamespace`,
  )
  return found.map((r) => [r.child, r.parent])
}

/** Pure: tables so ordered that each comes after those it refers to; ties by name. */
export function parentsFirst(tables: readonly string[], refs: readonly [string, string][]): string[] {
  const done: string[] = []
  const waiting = new Set(tables)
  while (waiting.size > 0) {
    const free = [...waiting].filter(
      (t) => !refs.some(([child, parent]) => child === t && waiting.has(parent)),
    )
    invariant(free.length > 0, `tables refer to each other in a ring: ${[...waiting].join(", ")}`)
    for (const table of free) waiting.delete(table)
    done.push(...free)
  }
  return done
}

export type Sequence = { name: string; last_value: number | null }

export function sequences(q: Queryable): Promise<Sequence[]> {
  return rows(
    q,
    `select sequencename as name, last_value from pg_sequences where schemaname = 'public' order by sequencename`,
  )
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
