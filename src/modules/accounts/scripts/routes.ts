import { newId } from "../../../kernel/ids.ts"
import { type Refusal, refuse } from "../../../kernel/result.ts"
import type { Queryable } from "../../../platform/db.ts"
import { type AnswerOf, implement, type Route } from "../../../platform/http/index.ts"
import { unknownVariables } from "../../../spine/outbox/index.ts"
import { namesOf } from "../life/names.ts"
import { SCRIPTS_MAX } from "../limits.ts"
import { accountForUpdate, accountsById } from "../store.ts"
import * as c from "./contract.ts"
import { countScripts, retireScript, saveScripts, scriptsOf } from "./store.ts"

async function shown(
  q: Queryable,
  id: string,
): Promise<AnswerOf<typeof c.listScripts> | Refusal<"not_found">> {
  const [account] = await accountsById(q, [id])
  if (!account) return refuse("not_found")
  const found = await scriptsOf(q, account)
  const name = await namesOf(
    q,
    found.map((s) => s.made_by),
  )
  return { rows: found.map(({ made_by, ...s }) => ({ ...s, made_by_name: name(made_by) })) }
}

export const scriptRoutes: Route[] = [
  implement(c.listScripts, (ctx, { params }) => shown(ctx.db, params.id)),
  implement(c.addScript, (ctx, { params, body }) =>
    ctx.command(async (t, note) => {
      const account = await accountForUpdate(t, params.id)
      if (!account) return refuse("not_found")
      const [unknown] = unknownVariables(body.text)
      if (unknown !== undefined) return refuse("unknown_variable", { field: "text", detail: { unknown } })
      const old = body.replaces ? await retireScript(t, account, body.replaces, ctx.now) : undefined
      if (body.replaces && !old) return refuse("not_found", { field: "replaces" })
      if ((await countScripts(t, account)) >= SCRIPTS_MAX) return refuse("too_many_scripts")
      const made = {
        id: newId(ctx.now.getTime()),
        // What all functions shared is shared by all in its new words too.
        function: body.shared && old?.function === null ? null : account.function,
        account_id: body.shared ? null : account.id,
        persona_tag_id: body.persona_tag_id,
        situation: body.situation,
        text: body.text,
        made_by: ctx.actor.staff_id,
      }
      await saveScripts(t, [made], ctx.now)
      note({ target: `account:${account.id}`, after: body })
      return shown(t, account.id)
    }),
  ),
  implement(c.dropScript, (ctx, { params }) =>
    ctx.command(async (t, note) => {
      const account = await accountForUpdate(t, params.id)
      if (!account || !(await retireScript(t, account, params.script_id, ctx.now))) return refuse("not_found")
      note({ target: `account:${account.id}`, before: { script: params.script_id } })
      return shown(t, account.id)
    }),
  ),
]
