import { z } from "zod"
import { chance } from "../kernel/chance.ts"

const share = z.number().min(0).max(1)

/** Everything that can be made to go wrong. Shares are chances per call or per callback; 0 everywhere is fair weather. */
export const faultsSchema = z.object({
  callback: z
    .object({
      lost: share.default(0),
      late: share.default(0),
      late_ms: z.number().int().min(0).max(600_000).default(5_000),
      doubled: share.default(0),
      reordered: share.default(0),
      tampered: share.default(0),
      wrong_receiver: share.default(0),
      retry_on_non_200: z.boolean().default(true),
    })
    .prefault({}),
  api: z
    .object({
      /** No answer at all: the connection is cut. */
      down: z.boolean().default(false),
      latency_ms: z.number().int().min(0).max(60_000).default(0),
      per_minute: z.number().int().min(1).default(10_000),
      per_hour: z.number().int().min(1).default(150_000),
      /** 0: no bound; else calls in flight to one api beyond it get 45033. */
      max_concurrent: z.number().int().min(0).default(0),
      errors: z
        .array(
          z.object({
            path: z.string().default("*"),
            errcode: z.number().int(),
            share: share.default(1),
            /** How many more times; without it, for ever. */
            times: z.number().int().min(0).optional(),
          }),
        )
        .max(100)
        .default([]),
      not_allowed: z.boolean().default(false),
      ip_not_trusted: z.boolean().default(false),
    })
    .prefault({}),
  shop: z.object({ doubled: share.default(0), paused: z.boolean().default(false) }).prefault({}),
  robot: z
    .object({ doubled: share.default(0), lost: share.default(0), paused: z.boolean().default(false) })
    .prefault({}),
})

export type Faults = z.infer<typeof faultsSchema>

export const noFaults: Faults = faultsSchema.parse({})

export type CallbackFate = {
  lost: boolean
  late_ms: number
  copies: number
  behind_next: boolean
  tampered: boolean
  wrong_receiver: boolean
}

/** What becomes of callback number `n`: the same for the same seed whatever happened before. */
export function callbackFate(faults: Faults, seed: string, n: number): CallbackFate {
  const c = faults.callback
  const roll = (kind: string) => chance(seed, "fault", kind, n)
  return {
    lost: roll("lost") < c.lost,
    late_ms: roll("late") < c.late ? Math.round(c.late_ms * (0.2 + 0.8 * roll("how late"))) : 0,
    copies: roll("doubled") < c.doubled ? 2 : 1,
    behind_next: roll("reordered") < c.reordered,
    tampered: roll("tampered") < c.tampered,
    wrong_receiver: roll("wrong_receiver") < c.wrong_receiver,
  }
}

/** The error injected into API call number `n`, and the rules with their counts after it. */
export function injectedError(
  faults: Faults,
  seed: string,
  path: string,
  n: number,
): { errcode: number; errors: Faults["api"]["errors"] } | null {
  const rules = faults.api.errors
  for (let i = 0; i < rules.length; i++) {
    const rule = rules[i]!
    if (rule.times === 0 || (rule.path !== "*" && rule.path !== path)) continue
    if (chance(seed, "fault", "api", path, rule.errcode, n) >= rule.share) continue
    const errors = rules.map((r, j) => (j === i && r.times !== undefined ? { ...r, times: r.times - 1 } : r))
    return { errcode: rule.errcode, errors }
  }
  return null
}
