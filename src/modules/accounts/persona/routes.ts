import { type Refusal, refuse } from "../../../kernel/result.ts"
import type { Queryable } from "../../../platform/db.ts"
import { type AnswerOf, implement, type Route } from "../../../platform/http/index.ts"
import { namesOf } from "../life/names.ts"
import { sellingPercentOf } from "../mix/rules.ts"
import { readSettings } from "../settings/settings.ts"
import { accountForUpdate, accountsById } from "../store.ts"
import * as c from "./contract.ts"
import { keepCheck, keepPersona, keptPersona } from "./store.ts"

async function shown(
  q: Queryable,
  id: string,
): Promise<AnswerOf<typeof c.readPersona> | Refusal<"not_found">> {
  const [account] = await accountsById(q, [id])
  if (!account) return refuse("not_found")
  const [kept, settings] = await Promise.all([keptPersona(q, id), readSettings(q)])
  const checks = c.IMPRESSION_ITEMS.map((item) => ({
    item,
    read: c.check.safeParse(kept?.checks[item]).data,
  }))
  const name = await namesOf(
    q,
    checks.map((one) => one.read?.by),
  )
  return {
    persona: c.persona.parse(kept?.persona ?? {}),
    checks: checks.map(({ item, read }) => ({
      item,
      ok: read?.ok ?? null,
      note: read?.note ?? "",
      by_name: name(read?.by),
      at: read ? new Date(read.at) : null,
    })),
    selling_percent: sellingPercentOf([account.function, ...account.also_functions], settings),
  }
}

export const personaRoutes: Route[] = [
  implement(c.readPersona, (ctx, { params }) => shown(ctx.db, params.id)),
  implement(c.savePersona, (ctx, { params, body }) =>
    ctx.command(async (t, note) => {
      if (!(await accountForUpdate(t, params.id))) return refuse("not_found")
      const before = (await keptPersona(t, params.id))?.persona
      await keepPersona(t, params.id, body, ctx.now)
      note({ target: `account:${params.id}`, before, after: body })
      return shown(t, params.id)
    }),
  ),
  implement(c.checkImpression, (ctx, { params, body }) =>
    ctx.command(async (t, note) => {
      if (!(await accountForUpdate(t, params.id))) return refuse("not_found")
      const { item, ...found } = body
      await keepCheck(
        t,
        params.id,
        item,
        { ...found, by: ctx.actor.staff_id, at: ctx.now.toISOString() },
        ctx.now,
      )
      note({ target: `account:${params.id}`, after: body })
      return shown(t, params.id)
    }),
  ),
]
