import { dayNumber } from "../../../kernel/day.ts"
import { isRefused, refuse } from "../../../kernel/result.ts"
import { implement, type Route } from "../../../platform/http/index.ts"
import { readAudience } from "../../../spine/audiences/index.ts"
import type { Registry } from "../../../spine/offers/index.ts"
import { accountsById } from "../../accounts/index.ts"
import { customerNames } from "../../customers/index.ts"
import { TAKEOVER_TAGS, VALUABLE_SHOWN } from "../limits.ts"
import { readTakeover } from "./contract.ts"
import { mostValuable, peopleOf, tagsAmong } from "./store.ts"

/** The trait by which customers are valuable; where nobody offers it there are none. */
const MONEY = "orders.gmv_fen"

export const takeoverRoutes = (deps: { registry(): Registry }): Route[] => [
  implement(readTakeover, async (ctx, { params }) => {
    const [account] = await accountsById(ctx.db, [params.id])
    if (!account) return refuse("not_found")
    const rule = { offer: "customers.friend_of", version: 1, args: { account_ids: [params.id] } }
    const audience = await readAudience(ctx.db, deps.registry(), rule, { day: dayNumber(ctx.now) })
    if (isRefused(audience)) return refuse("not_found")
    const asked = { audience, scope: ctx.actor.scope }
    const valuable = deps.registry().traits.has(MONEY)
      ? await mostValuable(ctx.db, asked, MONEY, VALUABLE_SHOWN)
      : []
    const names = await customerNames(
      ctx.db,
      valuable.map((v) => v.customer_id),
    )
    return {
      account: account.name,
      ...(await peopleOf(ctx.db, asked)),
      tags: await tagsAmong(ctx.db, asked, TAKEOVER_TAGS),
      valuable: valuable.map((v) => ({ ...v, name: names.get(v.customer_id) ?? "" })),
    }
  }),
]
