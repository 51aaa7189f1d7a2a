import { z } from "zod"
import { defineEndpoint } from "../../../kernel/contract.ts"
import { GOAL_MEASURES } from "./rules.ts"

const words = z.object({ zh: z.string(), en: z.string() })
const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/)
const measure = z.enum(GOAL_MEASURES)
export const GOAL_MAX = 1_000_000_000_000
const targets = z.partialRecord(measure, z.number().int().min(1).max(GOAL_MAX).nullable())

export const readGoals = defineEndpoint({
  id: "analytics.goals",
  method: "GET",
  path: "/api/goals",
  permission: "analytics.read",
  summary: {
    zh: "一个月的目标：做到多少、时间过了多少、照这样月底会到多少",
    en: "A month's goals: how far, how much of the time is over, and what the month comes to at this pace",
  },
  query: z.object({
    /** `2026-11`, Shanghai; the present month where none is named. */
    month: month.optional(),
  }),
  answer: z.object({
    month: z.string(),
    /** The part of the month that is over, 0 to 1. */
    elapsed: z.number(),
    as_of: z.date(),
    goals: z.array(
      z.object({
        measure,
        label: words,
        definition: words,
        unit: z.enum(["fen", "people", "times"]),
        target: z.number().int().nullable(),
        so_far: z.number().int(),
        forecast: z.number().int().nullable(),
      }),
    ),
  }),
})

export const setGoals = defineEndpoint({
  id: "analytics.set_goals",
  method: "PUT",
  path: "/api/goals",
  permission: "analytics.write",
  summary: { zh: "设定一个月的目标", en: "Set a month's goals" },
  body: z.object({
    month,
    /** By measure: fen, orders or people; null takes the goal away, what is not named stays. */
    targets,
    /** The goals as they were read; where they are named, others than those that stand refuse the change. */
    based_on: targets.optional(),
  }),
  answer: z.object({ month: z.string() }),
  refusals: {
    version_changed: {
      status: 409,
      zh: "别人刚改过这个月的目标，请先看看对方改了什么。",
      en: "Somebody has just changed this month's goals; look at what they changed first.",
    },
  },
})
