import { invariant } from "../../kernel/invariant.ts"
import { type Db, isPool, type Queryable, rows } from "../../platform/db.ts"
import type { TraitKind, TraitOffer } from "../offers/index.ts"

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

/** The quoted column of a trait: its own name, checked, so that it can stand in SQL. */
export function columnOf(trait: string): string {
  invariant(NAME.test(trait) && trait.length <= 60, `${trait} is no name of a trait`)
  return `"${trait}"`
}

/** Classes are texts of a closed list, whose changes are facts. */
export function isClassed(offer: TraitOffer): boolean {
  return offer.kind === "text" && offer.values !== undefined && !offer.quiet
}

/** All columns of the projection, as they stand in a transaction. */
export function columnsNow(q: Queryable): Promise<Column[]> {
  return rows(q, "select trait, kind, classed from traits_columns")
}

const remembered = new WeakMap<Db, Promise<Column[]>>()

/** After columns were added. */
export const forgetColumns = (db: Db) => remembered.delete(db)

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
