import { z } from "zod"
import { startOfDay } from "../../kernel/day.ts"
import { totals } from "../../spine/ledger/index.ts"
import { defineAction, defineCondition, type Offers } from "../../spine/offers/index.ts"
import { POINTS } from "./book.ts"
import { movePoints } from "./commands.ts"
import {
  pointsEarned,
  pointsExpired,
  pointsHeld,
  pointsReleased,
  pointsReversed,
  pointsSpent,
} from "./events.ts"
import { POINTS_MAX, VALID_DAYS_MAX } from "./limits.ts"

const points = z.number().int().min(1).max(POINTS_MAX)

export const offers: Offers = {
  module: "points",
  facts: [
    { type: pointsEarned.type, label: { zh: "获得积分", en: "Earned points" } },
    { type: pointsSpent.type, label: { zh: "使用积分", en: "Spent points" } },
    { type: pointsExpired.type, label: { zh: "积分过期", en: "Points expired" } },
    { type: pointsReversed.type, label: { zh: "积分撤回", en: "Points taken back" } },
    { type: pointsHeld.type, label: { zh: "冻结积分", en: "Points set aside" } },
    { type: pointsReleased.type, label: { zh: "解冻积分", en: "Points released" } },
  ],
  traits: [
    {
      name: "points.balance",
      kind: "number",
      unit: "points",
      label: { zh: "积分余额", en: "Points balance" },
      hint: { zh: "可以使用的积分，不含冻结", en: "Points that can be spent, without those set aside" },
      listed: true,
    },
    {
      name: "points.expiring_in_7_days",
      kind: "number",
      unit: "points",
      label: { zh: "7 天内到期积分", en: "Points expiring within 7 days" },
    },
  ],
  conditions: [
    defineCondition({
      name: "points.at_least",
      version: 1,
      label: { zh: "积分不少于", en: "Has at least so many points" },
      args: z.object({ points }),
      compile: ({ points }) => ({ trait: "points.balance", op: "between", min: points }),
      sentence: ({ points }) => `积分不少于 ${points}`,
      sentence_en: ({ points }) => `has at least ${points} points`,
      sentence_not: ({ points }) => `积分少于 ${points}`,
      sentence_not_en: ({ points }) => `has fewer than ${points} points`,
    }),
    defineCondition({
      name: "points.expiring_at_least",
      version: 1,
      label: { zh: "7 天内到期积分不少于", en: "At least so many points expire within 7 days" },
      args: z.object({ points }),
      compile: ({ points }) => ({ trait: "points.expiring_in_7_days", op: "between", min: points }),
      sentence: ({ points }) => `7 天内有不少于 ${points} 积分到期`,
      sentence_en: ({ points }) => `at least ${points} points expire within 7 days`,
    }),
  ],
  actions: [
    defineAction({
      name: "points.give",
      version: 1,
      label: { zh: "赠送积分", en: "Give points" },
      args: z.object({
        points,
        valid_days: z.number().int().min(1).max(VALID_DAYS_MAX).nullable().default(null),
      }),
      sentence: ({ points, valid_days }) =>
        `赠送 ${points} 积分${valid_days ? `(${valid_days} 天有效)` : ""}`,
      sentence_en: ({ points, valid_days }) =>
        `give ${points} points${valid_days ? `, valid ${valid_days} days` : ""}`,
      perform: (t, asks, now) =>
        movePoints(
          t,
          asks.map(({ key, customer_id, args, cause }) => ({
            do: "give",
            key,
            customer_id,
            rule: cause.kind,
            source: `${cause.kind}:${cause.id}`,
            at: now,
            points: args.points,
            valid_days: args.valid_days,
          })),
        ),
    }),
  ],
  measures: [
    {
      name: "points.issued",
      unit: "points",
      label: { zh: "发放积分", en: "Points issued" },
      hint: { zh: "发放减去收回", en: "Given, less what was taken back" },
      read: async (t, range) => -((await totals(t, POINTS, periodOf(range))).issue ?? 0),
    },
    {
      name: "points.redeemed",
      unit: "points",
      label: { zh: "消耗积分", en: "Points redeemed" },
      hint: { zh: "使用减去退还", en: "Spent, less what was given back" },
      read: async (t, range) => (await totals(t, POINTS, periodOf(range))).spent ?? 0,
    },
    {
      name: "points.outstanding",
      unit: "points",
      label: { zh: "未使用积分", en: "Points outstanding" },
      hint: {
        zh: "期末客户手中的积分，含冻结",
        en: "In customers' hands at the end, those set aside included",
      },
      read: async (t, { to_day }) => {
        const { customer = 0, reserved = 0 } = await totals(t, POINTS, { to: startOfDay(to_day + 1) })
        return customer + reserved
      },
    },
  ],
}

function periodOf({ from_day, to_day }: { from_day: number; to_day: number }) {
  return { from: startOfDay(from_day), to: startOfDay(to_day + 1) }
}
