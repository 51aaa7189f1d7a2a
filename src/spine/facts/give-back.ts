import { rows, run, type Tx } from "../../platform/db.ts"
import { type Place, rowKey } from "./carried.ts"
import type { Merged } from "./merged.ts"

/**
 * Gives back the rows that a merge moved, dropped or changed, table by table:
 * - a row that was moved goes back as it is today; of what the merge itself changed in it, that which nobody changed since is as before;
 * - a row that the merge dropped, or that is gone since, is written again as it was;
 * - of a row that both had in one, the one who goes gets theirs back, and the one who stays what the merge had not put there.
 * Whatever else came to the one who stays since is not touched; what hangs on a row (`follows`) goes with it.
 */
export async function giveBackRows(t: Tx, pair: Merged, places: readonly Place[]): Promise<void> {
  const touched = new Set(
    (
      await rows<{ place: string }>(t, "select distinct place from facts_carried where from_id = $1", [
        pair.from,
      ])
    ).map((r) => r.place),
  )
  const back = places.filter((p) => !p.told)
  for (const place of back.filter((p) => touched.has(p.place))) {
    const params = [pair.from, pair.into, place.place]
    await run(t, moveBack(place), params)
    await run(t, writeAgain(place, "goes"), params)
    await run(t, asBefore(place), params)
    await run(t, writeAgain(place, "stays"), params)
  }
  for (const { table, column, follows } of back)
    if (follows)
      await run(
        t,
        `update ${table} set "${column}" = $1 where "${column}" = $2
           and "${follows.by}" in (select "${follows.key}" from ${follows.table} where customer_id = $1)`,
        [pair.from, pair.into],
      )
}

/** SQL: of the two rows that became one, that of the one who goes was kept. */
const survived = (
  p: Place,
  k: string,
) => `${k}.had and ${k}.before - '${p.column}' = ${k}.after - '${p.column}'
  and exists (select from facts_carried s where (s.from_id, s.place, s.side, s.key) = (${k}.from_id, ${k}.place, 'stays', ${k}.key))`

const kept = (p: Place, after: boolean) =>
  `facts_carried k cross join lateral jsonb_populate_record(null::${p.table}, k.before) b${
    after ? ` cross join lateral jsonb_populate_record(null::${p.table}, k.after) a` : ""
  }`

const sameRow = (p: Place, one: string, other: string) =>
  p.by.length === 0 ? "true" : `(${rowKey(one, p)}) = (${rowKey(other, p)})`

function restored(p: Place): string[] {
  const left = new Set([p.column, ...p.by, ...(p.stands ?? [])])
  return p.columns
    .filter((column) => !left.has(column))
    .map((column) => {
      const c = `"${column}"`
      return p.sums?.includes(column)
        ? `${c} = x.${c} + (b.${c} - a.${c})`
        : `${c} = case when b.${c} is distinct from a.${c} and x.${c} is not distinct from a.${c} then b.${c} else x.${c} end`
    })
}

const moveBack = (p: Place) => `update ${p.table} x set ${[`"${p.column}" = $1`, ...restored(p)].join(", ")}
  from ${kept(p, true)}
  where k.from_id = $1 and k.place = $3 and k.side = 'goes' and k.after is not null and (not k.had or ${survived(p, "k")})
    and x."${p.column}" = $2 and ${sameRow(p, "x", "a")}`

function asBefore(p: Place): string {
  const changes = restored(p)
  return changes.length === 0
    ? "select $1::uuid, $2::uuid, $3::text"
    : `update ${p.table} x set ${changes.join(", ")} from ${kept(p, true)}
       where k.from_id = $1 and k.place = $3 and k.side = 'stays' and k.after is not null and x."${p.column}" = $2
         and ${sameRow(p, "x", "a")}`
}

/** Rows that are not there: all of the one who goes, of the one who stays those that the merge took. */
function writeAgain(p: Place, side: "goes" | "stays"): string {
  const columns = p.columns.map((c) => `"${c}"`)
  const taken = `(k.after is null or exists (select from facts_carried g
    where (g.from_id, g.place, g.side, g.key) = (k.from_id, k.place, 'goes', k.key) and ${survived(p, "g")}))`
  return `insert into ${p.table} (${columns.join(", ")}) overriding system value
    select ${columns.map((c) => `b.${c}`).join(", ")} from ${kept(p, false)}
    where k.from_id = $1 and k.place = $3 and k.side = '${side}' ${side === "stays" ? `and ${taken}` : ""} and $2::uuid is not null
      and not exists (select from ${p.table} x where x."${p.column}" = ${side === "goes" ? "$1" : "$2"} and ${sameRow(p, "x", "b")})
    on conflict do nothing`
}
