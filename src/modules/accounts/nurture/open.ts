import { atTime, dayNumber, dayString } from "../../../kernel/day.ts"
import type { Tx } from "../../../platform/db.ts"
import { openAssignments } from "../../../spine/outbox/index.ts"
import { ACCOUNTS_MAX, NURTURE_DUE_HOUR } from "../limits.ts"
import { nurturing } from "./store.ts"

export const NURTURE_KIND = "nurture"
export const nurtureKey = (account_id: string, day: number) => `nurture:${account_id}:${day}`

/**
 * Opens today's list of every account that is being nurtured, or of one that just came to be, as an assignment of whoever tends
 * it. Plays enrol customers and nothing else, so the list of an account is an assignment a day, once by its key.
 */
export async function openChecklists(t: Tx, now: Date, only: string | null = null): Promise<number> {
  const day = dayNumber(now)
  const evening = atTime(day, NURTURE_DUE_HOUR)
  const list = await nurturing(t, only, ACCOUNTS_MAX)
  const opened = await openAssignments(
    t,
    list.map((a) => ({
      cause_key: nurtureKey(a.id, day),
      kind: NURTURE_KIND,
      title: `养号「${a.name}」 ${dayString(day)}`,
      script: "加好友、聊天、群里互动、步数、支付、发圈、刷圈、点赞：像平常人一样用号，做完附上截图说明。",
      account_id: a.id,
      assignee_staff_id: a.tended_by,
      target: { account_id: a.id, day },
      due_at: evening > now ? evening : atTime(day, 23, 59),
      evidence: "text" as const,
    })),
    now,
  )
  return opened.length
}
