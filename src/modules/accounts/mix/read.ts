import type { Queryable } from "../../../platform/db.ts"
import { readSettings } from "../settings/settings.ts"
import { type Account, accountsById } from "../store.ts"
import { MIX_DAYS, type Mix, sellingPercentOf } from "./rules.ts"
import { saidIn } from "./store.ts"

/** The content mix of accounts over the seven days that end with a day; who said nothing has zeros. */
export async function mixOf(
  q: Queryable,
  account_ids: readonly string[],
  day: number,
): Promise<Map<string, Mix>> {
  return mixOfAccounts(q, await accountsById(q, [...account_ids]), day)
}

export async function mixOfAccounts(
  q: Queryable,
  accounts: readonly Pick<Account, "id" | "function" | "also_functions">[],
  day: number,
): Promise<Map<string, Mix>> {
  const ids = accounts.map((a) => a.id)
  const [settings, said] = await Promise.all([readSettings(q), saidIn(q, ids, day - MIX_DAYS + 1, day)])
  return new Map(
    accounts.map((a) => [
      a.id,
      {
        ...(said.get(a.id) ?? { messages: 0, selling: 0 }),
        selling_percent: sellingPercentOf([a.function, ...a.also_functions], settings),
      },
    ]),
  )
}
