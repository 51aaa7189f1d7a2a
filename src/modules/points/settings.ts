import type { z } from "zod"
import type { Queryable, Tx } from "../../platform/db.ts"
import { pointsSettings } from "./contract.ts"
import { readSetting, saveSetting } from "./store.ts"

export type PointsSettings = z.output<typeof pointsSettings>

/** What was set, or the defaults. */
export async function readSettings(q: Queryable): Promise<PointsSettings> {
  return pointsSettings.parse((await readSetting(q)) ?? {})
}

export async function saveSettings(t: Tx, settings: PointsSettings): Promise<void> {
  await saveSetting(t, settings)
}
