import { type Queryable, rows } from "../../../platform/db.ts"
import type { AccountFunction } from "../rules.ts"

/** How many accounts play each function: all, in use, of those without a hazard, and with every item of the first impression good. */
export function countByFunction(
  q: Queryable,
  functions: readonly AccountFunction[],
  items: readonly string[],
) {
  return rows<{
    function: AccountFunction
    accounts: number
    in_use: number
    usable: number
    impression_good: number
  }>(
    q,
    `select f.function, count(a.id)::int as accounts,
       (count(*) filter (where a.state = 'in_use'))::int as in_use,
       (count(*) filter (where a.state = 'in_use' and a.hazard = 'none'))::int as usable,
       (count(*) filter (where a.state = 'in_use' and not exists (
         select 1 from unnest($2::text[]) item where (p.checks -> item ->> 'ok')::boolean is not true)))::int as impression_good
     from unnest($1::text[]) with ordinality f (function, place)
     left join accounts_accounts a on (a.function = f.function or f.function = any(a.also_functions))
       and a.state not in ('retired', 'written_off')
     left join accounts_personas p on p.account_id = a.id
     group by f.function, f.place order by f.place`,
    [functions, items],
  )
}

/** Accounts in use with what they are for. */
export const accountsInUse = (q: Queryable, limit: number) =>
  rows<{ id: string; function: AccountFunction; also_functions: AccountFunction[] }>(
    q,
    "select id, function, also_functions from accounts_accounts where state = 'in_use' order by id limit $1",
    [limit],
  )
