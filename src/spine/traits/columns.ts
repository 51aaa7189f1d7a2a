import { invariant } from "../../kernel/invariant.ts"
import { type Db, isPool, type Queryable, rows, run, tx } from "../../platform/db.ts"
import type { Registry, TraitKind, TraitOffer } from "../offers/index.ts"

export type Column = { trait: string; kind: TraitKind; classed: boolean }

/** How each kind stands in the projection. */
export const SQL_TYPE: Record<TraitKind, string> = {
  text: 'text collate "C"',
  number: "bigint",
  day: "int",
  boolean: "boolean",
  tags: "int[]",
}
/** The same without a collation, for casts of arrays. */
export const CAST_TYPE: Record<TraitKind, string> = { ...SQL_TYPE, text: "text" }

const NAME = /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$/
const PREPARE_LOCK = 7_318_120

/** The quoted column of a trait: its own name, checked, so that it can stand in SQL. */
export function columnOf(trait: string): string {
  invariant(NAME.test(trait) && trait.length <= 60, `${trait} is no name of a trait`)
  return `"${trait}"`
}

/**
 * Adds the columns of traits that this database has not met. At each start, before anything publishes; twice changes nothing,
 * and an older version beside this one does not notice. A trait never changes its kind. No column is indexed: with an index on
 * days and one on sets, an order's update of one customer wrote nine indexes and their pages, and 10,000 of them took seconds;
 * without, the update stays in its page, and an audience is one scan.
 */
export async function prepareTraits(db: Db, registry: Pick<Registry, "traits">): Promise<void> {
  const offers = [...registry.traits.values()]
  remembered.delete(db)
  await tx(db, async (t) => {
    await t.query("select pg_advisory_xact_lock($1)", [PREPARE_LOCK])
    const have = new Map((await columnsNow(t)).map((c) => [c.trait, c]))
    for (const offer of offers) {
      const known = have.get(offer.name)
      invariant(!known || known.kind === offer.kind, `${offer.name} was ${known?.kind}, now ${offer.kind}`)
      if (known) continue
      const column = columnOf(offer.name)
      await run(t, `alter table traits_customers add column ${column} ${SQL_TYPE[offer.kind]}`)
    }
    await run(
      t,
      `insert into traits_columns (trait, kind, classed) select * from unnest($1::text[], $2::text[], $3::boolean[])
       on conflict (trait) do update set classed = excluded.classed where traits_columns.classed <> excluded.classed`,
      [offers.map((o) => o.name), offers.map((o) => o.kind), offers.map((o) => isClassed(o))],
    )
  })
}

/** Classes are texts of a closed list, whose changes are facts. */
export function isClassed(offer: TraitOffer): boolean {
  return offer.kind === "text" && offer.values !== undefined && !offer.quiet
}

/** All columns of the projection, as they stand in a transaction. */
function columnsNow(q: Queryable): Promise<Column[]> {
  return rows(q, "select trait, kind, classed from traits_columns")
}

const remembered = new WeakMap<Db, Promise<Column[]>>()

/**
 * All columns of the projection. They are made at a start and never change their kind, so a pool asks once; one that a newer
 * version beside this one adds is of a trait that nobody here offers.
 */
export function columns(q: Queryable): Promise<Column[]> {
  if (!isPool(q)) return columnsNow(q)
  const known = remembered.get(q) ?? columnsNow(q)
  remembered.set(q, known)
  known.catch(() => remembered.delete(q))
  return known
}

/** Who reads the projection in SQL names it by this; the columns are columnOf(trait). */
export const TRAITS_TABLE = "traits_customers"
/** What the log calls the coming and going of rows, and a change of who looks after them. */
export const ROW = "@row"
export const SCOPE = "@scope"
