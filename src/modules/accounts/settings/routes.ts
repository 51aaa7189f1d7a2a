import { formSchema } from "../../../kernel/form.ts"
import { isRefused } from "../../../kernel/result.ts"
import { implement, type Route } from "../../../platform/http/index.ts"
import { accountsSettings, readAccountsSettings, saveAccountsSettings } from "./contract.ts"
import { readSettings, saveSettings } from "./settings.ts"

const schema = formSchema(accountsSettings, "output")

export const settingsRoutes: Route[] = [
  implement(readAccountsSettings, async (ctx) => ({ settings: await readSettings(ctx.db), schema })),
  implement(saveAccountsSettings, (ctx, { body }) =>
    ctx.command(async (t, note) => {
      const { based_on, ...settings } = body
      const before = await saveSettings(t, settings, based_on)
      if (isRefused(before)) return before
      note({ target: "accounts.settings", before, after: settings })
      return { settings, schema }
    }),
  ),
]
