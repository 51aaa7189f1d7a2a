import { type Queryable, rows } from "../../platform/db.ts"
import type { World } from "./world.ts"

type Person = { customer_id: string; account_function: string | null }
export type Nearest = { account_id: string; name: string | null }

/**
 * Through which account each of these is spoken to: one that plays the function that is asked for, in use, the latest contact; who
 * knows none of that function is spoken to through whichever knows them. By place in the list; who is nobody's contact is left out.
 */
export async function nearestContacts(
  q: Queryable,
  world: World,
  people: readonly Person[],
): Promise<Map<number, Nearest>> {
  if (people.length === 0) return new Map()
  const accounts = await world.accounts(q)
  const found = await rows<Nearest & { n: number }>(
    q,
    `select distinct on (k.n) k.n::int, w.account_id, w.name
     from unnest($1::uuid[], $2::text[]) with ordinality k (customer_id, fn, n)
     join (${world.contacts}) w on w.customer_id = k.customer_id
     left join unnest($3::uuid[], $4::text[], $5::boolean[]) a (account_id, functions, usable) on a.account_id = w.account_id
     order by k.n, coalesce(k.fn is null or k.fn = any(string_to_array(a.functions, ' ')), false) desc, coalesce(a.usable, false) desc,
       w.added_at desc`,
    [
      people.map((p) => p.customer_id),
      people.map((p) => p.account_function),
      accounts.map((a) => a.id),
      accounts.map((a) => a.functions.join(" ")),
      accounts.map((a) => a.usable),
    ],
  )
  return new Map(found.map(({ n, ...nearest }) => [n - 1, nearest]))
}

export type Spoken = Person & { text: string; situation: string | null }

/**
 * What each of these is told: the script of the situation for the kind of person they are, where there is one, else the words that
 * came along.
 */
export async function spokenTo(
  q: Queryable,
  world: World,
  asks: readonly Spoken[],
  nearest?: ReadonlyMap<number, Nearest>,
): Promise<string[]> {
  const named = asks.flatMap((ask, n) => (ask.situation === null ? [] : [{ ...ask, n }]))
  const texts = asks.map((a) => a.text)
  if (named.length === 0 || !world.scripts) return texts
  const through = nearest ?? (await nearestContacts(q, world, asks))
  const found = await world.scripts(
    q,
    named.map(({ n, customer_id, situation }) => ({
      customer_id,
      situation: situation!,
      account_id: through.get(n)?.account_id ?? null,
    })),
  )
  for (const [i, { n }] of named.entries()) texts[n] = found[i] ?? texts[n]!
  return texts
}
