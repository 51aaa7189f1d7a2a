import { isDeepStrictEqual } from "node:util"
import { type Refusal, refuse } from "../../../kernel/result.ts"
import type { Queryable, Tx } from "../../../platform/db.ts"
import { lockSetting, readSetting, saveSetting } from "../../../platform/settings.ts"
import { type AccountsSettings, accountsSettings } from "./contract.ts"

const NAME = "accounts"

/** What was set, or the defaults. */
export async function readSettings(q: Queryable): Promise<AccountsSettings> {
  return accountsSettings.parse((await readSetting(q, NAME)) ?? {})
}

/** Puts settings in the place of those that stand; gives what was there. Refused where others stand than those they are based on. */
export async function saveSettings(
  t: Tx,
  settings: AccountsSettings,
  based_on?: AccountsSettings,
): Promise<AccountsSettings | Refusal<"version_changed">> {
  await lockSetting(t, NAME)
  const before = await readSettings(t)
  if (based_on && !isDeepStrictEqual(based_on, before)) return refuse("version_changed")
  await saveSetting(t, NAME, settings)
  return before
}
