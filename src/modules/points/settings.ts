import { isDeepStrictEqual } from "node:util"
import type { z } from "zod"
import { type Refusal, refuse } from "../../kernel/result.ts"
import type { Queryable, Tx } from "../../platform/db.ts"
import { lockSetting, readSetting, saveSetting } from "../../platform/settings.ts"
import { pointsSettings } from "./contract.ts"

const NAME = "points"

export type PointsSettings = z.output<typeof pointsSettings>

/** What was set, or the defaults. */
export async function readSettings(q: Queryable): Promise<PointsSettings> {
  return pointsSettings.parse((await readSetting(q, NAME)) ?? {})
}

/**
 * Puts settings in the place of those that stand; gives what was there. Refused (`version_changed`) where others stand than those
 * that the change is based on.
 */
export async function saveSettings(
  t: Tx,
  settings: PointsSettings,
  based_on?: PointsSettings,
): Promise<PointsSettings | Refusal<"version_changed">> {
  await lockSetting(t, NAME)
  const before = await readSettings(t)
  if (based_on && !isDeepStrictEqual(based_on, before)) return refuse("version_changed")
  await saveSetting(t, NAME, settings)
  return before
}
