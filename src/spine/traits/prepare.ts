import { invariant } from "../../kernel/invariant.ts"
import { type Db, run, tx } from "../../platform/db.ts"
import type { Registry } from "../offers/index.ts"
import { columnOf, columnsNow, forgetColumns, isClassed, SQL_TYPE } from "./columns.ts"
import { indexListed } from "./listed.ts"

const PREPARE_LOCK = 7_318_120

/**
 * Adds the columns of traits that this database has not met. At each start, before anything publishes; twice changes nothing,
 * and an older version beside this one does not notice. A trait never changes its kind. No column is indexed but the few by
 * which lists are ordered: with an index on days and one on sets, an order's update of one customer wrote nine indexes and
 * their pages, and 10,000 of them took seconds; without, the update stays in its page, and an audience is one scan.
 */
export async function prepareTraits(db: Db, registry: Pick<Registry, "traits">): Promise<void> {
  const offers = [...registry.traits.values()]
  forgetColumns(db)
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
  await indexListed(db, registry)
}
