import { minuteOfDay } from "../../kernel/day.ts"

export type Scenario = {
  name: string
  /** One chance for something to happen by itself every so many shop milliseconds; 0: nobody acts unasked. */
  slot_ms: number
  /** Share of slots in which something happens. */
  share: number
  /** People sleep at night and buy in the evening. */
  daily_rhythm: boolean
  /** How long staff take to press send or publish, and people to answer. */
  press_ms: [number, number]
  answer_ms: [number, number]
  buy_ms: [number, number]
}

const second = 1_000
const minute = 60_000

/**
 * lively: for watching in real time; something every few seconds, day and night. calm: a believable day, for a fast clock.
 * quiet: only what is asked for through the control door. busy: many a second, for load.
 */
export const scenarios: Record<string, Scenario> = {
  lively: {
    name: "lively",
    slot_ms: 4 * second,
    share: 0.85,
    daily_rhythm: false,
    press_ms: [15 * second, 3 * minute],
    answer_ms: [4 * second, 90 * second],
    buy_ms: [20 * second, 40 * minute],
  },
  calm: {
    name: "calm",
    slot_ms: 90 * second,
    share: 0.7,
    daily_rhythm: true,
    press_ms: [2 * minute, 90 * minute],
    answer_ms: [20 * second, 60 * minute],
    buy_ms: [2 * minute, 36 * 60 * minute],
  },
  quiet: {
    name: "quiet",
    slot_ms: 0,
    share: 0,
    daily_rhythm: false,
    press_ms: [10 * second, 60 * second],
    answer_ms: [5 * second, 60 * second],
    buy_ms: [10 * second, 10 * minute],
  },
  busy: {
    name: "busy",
    slot_ms: 100,
    share: 1,
    daily_rhythm: false,
    press_ms: [5 * second, 60 * second],
    answer_ms: [1 * second, 60 * second],
    buy_ms: [5 * second, 10 * minute],
  },
}

/** 0.02 at 4 in the morning to 1 at 9 in the evening. */
export function rhythm(at: number): number {
  const hour = minuteOfDay(at) / 60
  if (hour < 6.5) return 0.02
  if (hour < 9) return 0.25
  if (hour < 18) return 0.5
  if (hour < 22.5) return 1
  return 0.2
}

/** A delay in the range, most of them short: `roll` in [0, 1). */
export const delay = ([from, to]: [number, number], roll: number): number =>
  Math.round(from + (to - from) * roll ** 3)
