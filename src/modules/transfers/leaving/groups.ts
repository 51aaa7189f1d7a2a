import { atTime, dayNumber } from "../../../kernel/day.ts"
import { newId } from "../../../kernel/ids.ts"
import type { Tx } from "../../../platform/db.ts"
import { limitsOn, type NewDeed, orderDeeds } from "../../../spine/outbox/index.ts"
import { accountsById, accountsByRef } from "../../accounts/index.ts"
import { ASK_WITHIN_MS, GROUPS_A_DAY } from "../limits.ts"
import { goneAccounts } from "../plan.ts"
import { spread } from "../rules.ts"
import { insertTransfer } from "../store.ts"
import { insertGroups } from "../store-polls.ts"
import { holdingsOf } from "./holdings.ts"

/** The hour at which groups of a later day pass over. */
const HOUR = 10

/**
 * Groups of somebody who leaves get another owner, as many a day as the platform lets one owner give away. Gives how many are on
 * their way now.
 */
export async function passOwnedGroups(
  t: Tx,
  staff_id: string,
  to_account_id: string,
  by: string,
  now: Date,
): Promise<number> {
  const [to] = await accountsById(t, [to_account_id])
  const groups = (await holdingsOf(t, staff_id)).groups.filter(
    (g) => !g.under_way && g.owner_ref !== to!.channel_ref,
  )
  const owners = await accountsByRef(t, to!.channel, [...new Set(groups.flatMap((g) => g.owner_ref ?? []))])
  const gone = await goneAccounts(t, owners)
  const perDay = await groupsADay(t, to!.channel, now)
  const id = newId(now.getTime())
  const passing = owners.flatMap((owner) => {
    const mine = groups.filter((g) => g.owner_ref === owner.channel_ref && g.channel === to!.channel)
    const days = spread(mine.length, perDay, dayNumber(now))
    return mine.map((g, i) => ({ ...g, from: owner.id, day: days[i]! }))
  })
  if (passing.length === 0) return 0
  await insertTransfer(t, {
    id,
    to_account_id,
    reason: "leaving",
    note: "",
    message: "",
    source: { kind: "groups", staff_id },
    effective_at: now,
    made_at: now,
    made_by: by,
  })
  await insertGroups(
    t,
    passing.map((g) => ({ group_id: g.id, transfer_id: id, from_account_id: g.from, to_account_id })),
    now,
  )
  await orderDeeds(
    t,
    passing.map((g): NewDeed => {
      const due_at = g.day === dayNumber(now) ? now : atTime(g.day, HOUR)
      return {
        key: `group:${id}:${g.id}`,
        kind: "transfer_group",
        account_id: g.from,
        ref: g.channel_ref,
        payload: { to_account_ref: to!.channel_ref, resigned: gone.has(g.from) },
        subject_id: g.id,
        by_hand: { title: `把群「${g.name}」的群主转给「${to!.name}」`, script: "", customer_id: null },
        due_at,
        expires_at: new Date(due_at.getTime() + ASK_WITHIN_MS),
      }
    }),
  )
  return passing.length
}

async function groupsADay(t: Tx, channel: string, now: Date): Promise<number> {
  return (
    (await limitsOn(t, now)).find((l) => l.name === `${channel}.transfer.groups_per_day`)?.value ??
    GROUPS_A_DAY
  )
}
