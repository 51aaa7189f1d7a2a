import { isDeepStrictEqual } from "node:util"
import type { z } from "zod"
import { type Refusal, refuse } from "../../../kernel/result.ts"
import type { Queryable, Tx } from "../../../platform/db.ts"
import { lockSetting, readSetting, saveSetting } from "../../../platform/settings.ts"
import { tagSettings } from "./contract.ts"

const NAME = "tags"

export type TagSettings = z.output<typeof tagSettings>

/** What was set, or the defaults. */
export async function readSettings(q: Queryable): Promise<TagSettings> {
  return tagSettings.parse((await readSetting(q, NAME)) ?? {})
}

/** Puts settings in the place of those that stand; gives what was there. */
export async function saveSettings(
  t: Tx,
  settings: TagSettings,
  based_on?: TagSettings,
): Promise<TagSettings | Refusal<"version_changed">> {
  await lockSetting(t, NAME)
  const before = await readSettings(t)
  if (based_on && !isDeepStrictEqual(based_on, before)) return refuse("version_changed")
  await saveSetting(t, NAME, settings)
  return before
}
