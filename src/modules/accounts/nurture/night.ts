import { DAY_MS, dayNumber } from "../../../kernel/day.ts"
import { type Db, tx } from "../../../platform/db.ts"
import { openMissingAgreements } from "../findings/commands.ts"
import { ACCOUNTS_MAX } from "../limits.ts"
import { openChecklists } from "./open.ts"
import { INCIDENT_DAYS, LEVEL_DAYS, nurtureLevel } from "./rules.ts"
import { adoptLevels, grownAccounts, lockNight, nightDone, saveLevels, saveNight } from "./store.ts"

/** What is done once a day for all accounts: their levels, today's lists, agreements that nobody has shown. */
export async function night(db: Db, now: Date): Promise<number> {
  const today = dayNumber(now)
  if ((await nightDone(db)) >= today) return 0
  return tx(db, async (t) => {
    const stood = await lockNight(t)
    if (!stood || stood.done_day >= today) return 0
    await adoptLevels(t, LEVEL_DAYS)
    const accounts = await grownAccounts(t, new Date(now.getTime() - INCIDENT_DAYS * DAY_MS), ACCOUNTS_MAX)
    const levels = accounts.map((a) => ({ ...a, level: nurtureLevel(a.active_days, a.incidents) }))
    const changed = levels.filter((a) => a.level !== a.nurture_level)
    await saveLevels(t, changed)
    await openMissingAgreements(t, now)
    const opened = await openChecklists(t, now)
    await saveNight(t, today)
    return changed.length + opened
  })
}
