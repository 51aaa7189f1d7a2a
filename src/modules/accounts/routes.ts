import type { Queryable } from "../../platform/db.ts"
import { implement, type Route } from "../../platform/http/index.ts"
import { staffNames } from "../staff/index.ts"
import { save } from "./commands.ts"
import { listAccounts, saveAccount } from "./contract.ts"
import { ACCOUNTS_MAX } from "./limits.ts"
import { quotasOf } from "./rules.ts"
import { allAccounts } from "./store.ts"

/** Contacts are the customers module's; it lends the count so that this module need not look into its tables. */
export function routes(
  contactCounts: (q: Queryable, ids: string[]) => Promise<Map<string, number>>,
): Route[] {
  return [
    implement(listAccounts, async (ctx) => {
      const accounts = await allAccounts(ctx.db, ACCOUNTS_MAX)
      const names = await staffNames(
        ctx.db,
        accounts.flatMap((a) => (a.custodian_staff_id ? [a.custodian_staff_id] : [])),
      )
      const counts = await contactCounts(
        ctx.db,
        accounts.map((a) => a.id),
      )
      return {
        rows: accounts.map((a) => ({
          ...a,
          custodian_name: a.custodian_staff_id ? (names.get(a.custodian_staff_id) ?? null) : null,
          contacts: counts.get(a.id) ?? 0,
          quotas: quotasOf(a.nurture_level),
        })),
      }
    }),
    implement(saveAccount, (ctx, { params, body }) =>
      ctx.command((t, note) => save(t, params.id, body, ctx.now, note)),
    ),
  ]
}
